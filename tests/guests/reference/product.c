// The product of two uniform numbers on [0, 1].
#include <stdio.h>
#include <uxhw.h>

int main(void)
{
	double factors[2];
	for (int i = 0; i < 2; i++)
	{
		factors[i] = UxHwDoubleUniformDist(0.0, 1.0);
	}
	printf("product %f\n", factors[0] * factors[1]);
	return 0;
}
