/*
 *	What compilers make of libm's small functions and of casts: instructions instead of calls.
 */
#include <math.h>
#include <stdio.h>
#include <uxhw.h>

int
main(void)
{
	double	x = UxHwDoubleUniformDist(1, 9);
	float	u = UxHwFloatUniformDist(1, 9);

	printf("floor <%.17g> <%.17g>\n", x, __builtin_floor(x));
	printf("ceil <%.17g> <%.17g>\n", x, __builtin_ceil(x));
	printf("trunc <%.17g> <%.17g>\n", x, __builtin_trunc(x));
	printf("round <%.17g> <%.17g>\n", x, __builtin_round(x));
	printf("rint <%.17g> <%.17g>\n", x, __builtin_rint(x));
	printf("floor float <%.17g> <%.17g>\n", u, __builtin_floorf(u));
	printf("ceil float <%.17g> <%.17g>\n", u, __builtin_ceilf(u));
	printf("trunc float <%.17g> <%.17g>\n", u, __builtin_truncf(u));
	printf("round float <%.17g> <%.17g>\n", u, __builtin_roundf(u));
	printf("sqrt <%.17g> <%.17g>\n", x, __builtin_sqrt(x));
	printf("sqrt float <%.17g> <%.17g>\n", u, __builtin_sqrtf(u));
	printf("fabs <%.17g> <%.17g>\n", x, __builtin_fabs(-x));
	printf("copysign$ <%.17g> <%.17g>\n", x, __builtin_copysign(x, 0.75));
	printf("fma <%.17g> <%.17g>\n", x, __builtin_fma(x, 2.0, 0.5));
	printf("fmax$ <%.17g> <%.17g>\n", x, __builtin_fmax(x, 0.75));
	printf("fmin$ <%.17g> <%.17g>\n", x, __builtin_fmin(x, 0.75));
	printf("negative <%.17g> <%.17g>\n", x, -x);
	printf("trunc <%.17g> <%.17g>\n", x, (double)(int)x);
	printf("trunc <%.17g> <%.17g>\n", x, (double)(long)x);
	printf("trunc <%.17g> <%.17g>\n", x, (double)(unsigned)x);
	printf("narrowed <%.17g> <%.17g>\n", x, (float)x);
	return 0;
}
