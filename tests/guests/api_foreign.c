/*
 *	A library of somebody else that defines the UxHw names for an ordinary processor, linked in place of ours.
 */
#include <stddef.h>
#include <stdio.h>

#define FOREIGN __attribute__((noinline, noipa))

FOREIGN double UxHwDoubleGaussDist(double mean, double stddev) { (void)stddev; return mean; }
FOREIGN double UxHwDoubleNthMoment(double value, size_t n) { return n == 1 ? value : -1; }
FOREIGN double libUncertainDoubleUniformDist(double min, double max) { return (min + max) / 2; }
FOREIGN double UxHwDoubleBayesLaplace(double (*likelihood)(void *, double), void *parameters, double prior, double evidence, size_t count)
{
	(void)likelihood, (void)parameters, (void)evidence, (void)count;
	return prior;
}

static double
expected(void *parameters, double theta)
{
	return theta + *(double *)parameters;
}

int
main(void)
{
	double	noise = UxHwDoubleGaussDist(0, 0.5);

	printf("variance %.17g\n", UxHwDoubleNthMoment(UxHwDoubleGaussDist(5, 2), 2));
	printf("uniform %.17g\n", libUncertainDoubleUniformDist(0, 1));
	printf("posterior %.17g\n", UxHwDoubleBayesLaplace(expected, &noise, UxHwDoubleGaussDist(1, 1), 2, 1));
	return 0;
}
