/*
 *	Values that are used more than once: `NAME VALUE` lines of which the test knows what they must be. With an argument the
 *	program also asks about everything on its way, and must print the same.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <uxhw.h>

static int	asks;

static double
asked(double x)
{
	if (asks)
	{
		char	text[100000];

		UxHwDoubleNthMoment(x, 2);
		UxHwDoubleQuantile(x, 0.5);
		snprintf(text, sizeof text, "%f", x);
	}
	return x;
}

/* Through bytes, one by one. */
static double
moved(double x)
{
	volatile unsigned char	bytes[sizeof x];
	unsigned char		original[sizeof x];

	memcpy(original, &x, sizeof x);
	for (size_t i = 0; i < sizeof x; i++)
	{
		bytes[i] = original[i];
	}
	for (size_t i = 0; i < sizeof x; i++)
	{
		original[i] = bytes[i];
	}
	memcpy(&x, original, sizeof x);
	return x;
}

int
main(int argc, char **argv)
{
	const double	rows[4][2] = {{1, 2}, {3, 6}, {4, 8}, {9, 18}};

	(void)argv;
	asks = argc > 1;

	double		a = asked(UxHwDoubleGaussDist(1, 1));
	double		b = asked(UxHwDoubleUniformDist(2, 4));
	double		c = asked(a * b);
	double		joint[2];
	volatile int	n = (int)asked(8 * b);
	volatile float	f = (float)b;
	double		mixed = asked(UxHwDoubleMixture(a, b, 0.25));

	UxHwDoubleDistFromMultidimensionalSamples(joint, rows, 4, 2);

	/* Exactly 0. */
	printf("zero %f\n", asked(a - a));
	printf("zero %f\n", c - b * a);
	printf("zero %f\n", c - moved(c));
	printf("zero %f\n", (double)(n - n));
	printf("zero %f\n", (double)f - (double)f);
	printf("zero %f\n", mixed - mixed);
	printf("zero %f\n", asked(joint[1] - 2 * joint[0]));
	printf("zero %f\n", fabs(a) - sqrt(a * a));
	printf("zero %f\n", fmax(a, b) - (a > b ? fmax(b, a) : fmax(b, a)));
	/* Exactly 1. */
	printf("one %f\n", asked(b / b));
	printf("one %f\n", c / (a * b));
	printf("one %f\n", (double)((a < b) + (a >= b)));
	/* 1 but for rounding: of two functions to an ulp, two products and a sum. */
	printf("unity %.17g\n", sin(a) * sin(a) + cos(a) * cos(a));
	printf("unity %.17g\n", exp(log(b)) / b);
	/* Pairs of equals. */
	printf("same %.17g\nsame %.17g\n", b, asked(a + b) - a);
	printf("same %.17g\nsame %.17g\n", asked(a * a - b * b), (a + b) * (a - b));
	printf("same %.17g\nsame %.17g\n", (double)n, (double)(2 * n - n));
	/* A copy has the same spread and nothing else in common. */
	printf("copy %.17g\n", a - UxHwDoubleGetIndependentCopy(a));
	return 0;
}
