/*
 *	Every function of libm that is one operation on distributions: the argument and the result of each.
 */
#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>
#include <uxhw.h>

static volatile double	x, y, z;
static volatile float	u, v, w;

#define UNARY(name) \
	printf(#name " <%.17g> <%.17g>\n", x, name(x)); \
	printf(#name " float <%.17g> <%.17g>\n", u, name##f(u));
#define BINARY(name) \
	printf(#name "$ <%.17g> <%.17g>\n", x, name(x, 0.75)); \
	printf(#name "$ float <%.17g> <%.17g>\n", u, name##f(u, 0.75f));

int
main(void)
{
	int	exponent = 0;
	double	s, c;
	float	sf, cf;

	x = UxHwDoubleUniformDist(0.25, 0.75);
	u = UxHwFloatUniformDist(0.25f, 0.75f);
	UNARY(acos) UNARY(asin) UNARY(asinh) UNARY(atan) UNARY(atanh) UNARY(cbrt) UNARY(ceil) UNARY(cos) UNARY(cosh) UNARY(erf) UNARY(erfc)
	UNARY(exp) UNARY(exp2) UNARY(expm1) UNARY(fabs) UNARY(floor) UNARY(j0) UNARY(j1) UNARY(lgamma) UNARY(log) UNARY(log10) UNARY(log1p)
	UNARY(log2) UNARY(logb) UNARY(nearbyint) UNARY(rint) UNARY(round) UNARY(sin) UNARY(sinh) UNARY(sqrt) UNARY(tan) UNARY(tanh) UNARY(tgamma)
	UNARY(trunc) UNARY(y0) UNARY(y1)
	BINARY(atan2) BINARY(copysign) BINARY(fdim) BINARY(fmax) BINARY(fmin) BINARY(fmod) BINARY(hypot) BINARY(nextafter) BINARY(pow) BINARY(remainder)
	x = x + 1;
	u = u + 1;
	UNARY(acosh)
	sincos(x, &s, &c);
	sincosf(u, &sf, &cf);
	printf("sin <%.17g> <%.17g>\n", x, s);
	printf("cos <%.17g> <%.17g>\n", x, c);
	printf("sin float <%.17g> <%.17g>\n", u, sf);
	printf("cos float <%.17g> <%.17g>\n", u, cf);
	printf("ldexp <%.17g> <%.17g>\n", x, ldexp(x, 3));
	printf("ldexp float <%.17g> <%.17g>\n", u, ldexpf(u, 3));
	printf("ldexp <%.17g> <%.17g>\n", x, scalbn(x, 3));
	printf("jn <%.17g> <%.17g>\n", x, jn(2, x));
	printf("yn <%.17g> <%.17g>\n", x, yn(2, x));
	printf("fma <%.17g> <%.17g>\n", x, fma(x, 2.0, 0.5));
	printf("fma float <%.17g> <%.17g>\n", u, fmaf(u, 2.0f, 0.5f));
	x = x * 4;
	u = u * 4;
	c = modf(x, &s);
	printf("modf <%.17g> <%.17g>\n", x, c);
	printf("trunc <%.17g> <%.17g>\n", x, s);
	c = frexp(x, &exponent);
	printf("frexp <%.17g> <%.17g>\n", x, c);
	printf("exponent <%.17g> <%.17g>\n", x, (double)exponent);
	printf("ilogb <%.17g> <%.17g>\n", x, (double)ilogb(x));
	printf("lrint <%.17g> <%.17g>\n", x, (double)lrint(x));
	printf("lround <%.17g> <%.17g>\n", x, (double)llround(x));
	return 0;
}
