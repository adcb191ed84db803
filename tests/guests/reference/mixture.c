// A float that is uniform on [0, 1] with probability 0.3 and Laplace around 5 with b = 2 else.
#include <stdio.h>
#include <uxhw.h>

int main(void)
{
	float low = UxHwFloatUniformDist(0.0f, 1.0f);
	float high = UxHwFloatLaplaceDist(5.0f, 2.0f);
	printf("mixture %f\n", UxHwFloatMixture(low, high, 0.3f));
	return 0;
}
