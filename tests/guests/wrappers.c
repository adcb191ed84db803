/*
 *	Four calls of libm, each of which glibc carries out with a function inside.
 */
#include <math.h>
#include <uxhw.h>

int
main(void)
{
	volatile double	x = UxHwDoubleUniformDist(0.25, 0.75);
	volatile double	y;

	y = acos(x);
	y = exp(x);
	y = pow(x, 3.0);
	y = sinh(x);
	(void)y;
	return 0;
}
