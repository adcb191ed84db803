/*
 *	Functions of libm that few programs call, questions about the kind of a number, and complex numbers: the argument and the result of
 *	each.
 */
#define _GNU_SOURCE
#include <complex.h>
#include <math.h>
#include <stdio.h>
#include <uxhw.h>

#ifdef __GLIBC__
#define EVEN(x) roundeven(x)
#else
#define EVEN(x) rint(x)
#endif

#ifndef CMPLX
#define CMPLX(real, imaginary) __builtin_complex((double)(real), (double)(imaginary))
#define CMPLXF(real, imaginary) __builtin_complex((float)(real), (float)(imaginary))
#endif

#define SHOW(name, result) printf(name " <%.17g> <%.17g>\n", x, (double)(result));
#define SHOW_FLOAT(name, result) printf(name " float <%.17g> <%.17g>\n", u, (double)(result));

int
main(void)
{
	double	x = UxHwDoubleUniformDist(0.25, 0.75);
	float	u = UxHwFloatUniformDist(0.25f, 0.75f);
	int	sign, quotient, quotientFloat;
	long	class;
	double	moved;
	int	answer;

	SHOW("lgamma", lgamma_r(x, &sign));
	SHOW_FLOAT("lgamma", lgammaf_r(u, &sign));
	SHOW("exp10", exp10(x));
	SHOW_FLOAT("exp10", exp10f(u));
	SHOW("remainder$", remquo(x, 0.75, &quotient));
	SHOW("quotient", quotient);
	SHOW_FLOAT("remainder$", remquof(u, 0.75f, &quotientFloat));
	SHOW_FLOAT("quotient", quotientFloat);
	SHOW("rint", EVEN(x));
	SHOW("nextafter$", nexttoward(x, 0.75L));

	/*
	 *	A value is equal to itself.
	 */
	SHOW("zero", isnan(x));
	SHOW_FLOAT("zero", isnan(u));
	SHOW("one", x == x);
	SHOW("zero", x != x);
	SHOW("zero", x < x);
	SHOW("zero", isunordered(x, x));
	answer = isfinite(x) != 0;
	SHOW("one", answer);
	answer = isinf(x) != 0;
	SHOW("zero", answer);

	moved = x - 0.5;
	answer = signbit(moved) != 0;
	SHOW("below half", answer);
	answer = signbit(u - 0.5f) != 0;
	SHOW_FLOAT("below half", answer);
	__asm__("fclass.d %0, %1" : "=r"(class) : "f"(moved));
	SHOW("class", class);
	__asm__("fclass.s %0, %1" : "=r"(class) : "f"(u - 0.5f));
	SHOW_FLOAT("class", class);

	SHOW("log of x + i/2", creal(clog(CMPLX(x, 0.5))));
	SHOW("angle of x + i/2", cimag(clog(CMPLX(x, 0.5))));
	SHOW("magnitude of x + i/2", cabs(CMPLX(x, 0.5)));
	SHOW_FLOAT("log of x + i/2", crealf(clogf(CMPLXF(u, 0.5f))));
	SHOW("angle of x + i/2", carg(CMPLX(x, 0.5)));
	return 0;
}
