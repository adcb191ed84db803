/*
 *	Each libm function of one argument on a distribution: its name and its value in each line, first the argument itself.
 */
#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>
#include <uxhw.h>

#define DOUBLE(function) printf(#function " %.17g\n", function(x))
#define FLOAT(function) printf(#function "f %.9g\n", (double)function##f(f))
#define BOTH(function) DOUBLE(function); FLOAT(function)

int
main(void)
{
	double	x = UxHwDoubleUniformDist(0.125, 0.875);
	float	f = UxHwFloatUniformDist(0.125f, 0.875f);
	double	sine;
	double	cosine;
	double	whole;

	printf("x %.17g\n", x);
	printf("xf %.9g\n", (double)f);
	BOTH(acos);
	BOTH(asin);
	BOTH(asinh);
	BOTH(atan);
	BOTH(atanh);
	BOTH(cbrt);
	BOTH(cos);
	BOTH(cosh);
	BOTH(erf);
	BOTH(erfc);
	BOTH(exp);
	BOTH(exp2);
	BOTH(expm1);
	BOTH(fabs);
	BOTH(floor);
	BOTH(ceil);
	BOTH(lgamma);
	BOTH(log);
	BOTH(log10);
	BOTH(log1p);
	BOTH(log2);
	BOTH(rint);
	BOTH(round);
	BOTH(sin);
	BOTH(sinh);
	BOTH(sqrt);
	BOTH(tan);
	BOTH(tanh);
	BOTH(tgamma);
	BOTH(trunc);
	DOUBLE(j0);
	DOUBLE(j1);
	DOUBLE(y0);
	DOUBLE(y1);
	printf("acosh %.17g\n", acosh(x + 1));
	printf("pow2 %.17g\n", pow(x, 2));
	printf("pow-half %.17g\n", pow(0.5, x));
	printf("fmax-half %.17g\n", fmax(x, 0.5));
	printf("fmin-half %.17g\n", fmin(x, 0.5));
	printf("fmod-quarter %.17g\n", fmod(x, 0.25));
	printf("hypot-one %.17g\n", hypot(x, 1));
	printf("atan2-one %.17g\n", atan2(x, 1));
	printf("fdim-half %.17g\n", fdim(x, 0.5));
	sincos(x, &sine, &cosine);
	printf("sin %.17g\n", sine);
	printf("cos %.17g\n", cosine);
	whole = 0;
	printf("modf %.17g\n", modf(x + 3, &whole));
	printf("modf-whole %.17g\n", whole);

	return 0;
}
