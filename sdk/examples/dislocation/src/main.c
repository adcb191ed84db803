/*
 *	How much precipitates strengthen an alloy: the stress at which dislocations cut through them (Brown and Ham, 1971).
 *
 *	stress = M g / (2 b) (sqrt(8 g f R / (pi G b^2)) - f), g the antiphase boundary energy, f the precipitates' volume
 *	fraction, R their mean radius, G the shear modulus, b the Burgers vector, M the Taylor factor.
 */
#include <math.h>
#include <stdio.h>
#include <uxhw.h>

int
main(void)
{
	double	boundary = UxHwDoubleUniformDist(0.15, 0.25);
	double	fraction = UxHwDoubleUniformDist(0.30, 0.45);
	double	radius = UxHwDoubleGaussDist(1e-8, 5e-10);
	double	shear = UxHwDoubleUniformDist(6e10, 8e10);
	double	taylor = UxHwDoubleGaussDist(3.06, 0.05);
	double	burgers = 2.54e-10;
	double	root = sqrt(8 * boundary * fraction * radius / (M_PI * shear * burgers * burgers));
	double	stress = taylor * boundary / (2 * burgers) * (root - fraction);

	printf("stress = %lf MPa\n", stress / 1e6);

	return 0;
}
