// The length of a vector of two normal numbers, by libm: Rayleigh.
#include <math.h>
#include <stdio.h>
#include <uxhw.h>

int main(void)
{
	double x = UxHwDoubleGaussDist(0.0, 1.0);
	double y = UxHwDoubleGaussDist(0.0, 1.0);
	printf("radius %f\n", hypot(x, y));
	return 0;
}
