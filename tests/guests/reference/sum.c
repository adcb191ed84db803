// The sum of two uniform numbers: triangular on [0, 2].
#include <stdio.h>
#include <uxhw.h>

int main(void)
{
	double x = UxHwDoubleUniformDist(0.0, 1.0);
	double y = UxHwDoubleUniformDist(0.0, 1.0);
	printf("sum %f\n", x + y);
	return 0;
}
