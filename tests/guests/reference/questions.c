// What questions about a value answer on a Reference core. Exit status 0 if that is as documented.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <uxhw.h>

static double likelihood(double theta)
{
	return UxHwDoubleGaussDist(theta, 1.0);
}

static void check(int condition, int line)
{
	if (!condition)
	{
		printf("line %d\n", line);
		exit(1);
	}
}
#define CHECK(condition) check(condition, __LINE__)

int main(void)
{
	double x = UxHwDoubleGaussDist(5.0, 2.0);
	double samples[3];
	double rows[2][2] = {{1.0, 10.0}, {2.0, 20.0}};
	double joint[2];
	CHECK(UxHwDoubleNthMoment(x, 1) == x && UxHwDoubleNthMoment(x, 2) == 0.0 && UxHwDoubleNthMode(x, 1) == x);
	CHECK(UxHwDoubleQuantile(x, 0.1) == x && UxHwDoubleProbabilityGT(x, 5.0) == (x > 5.0));
	CHECK(UxHwDoubleSupportMin(x) == x && UxHwDoubleSupportMax(x) == x && UxHwDoubleSample(x) == x);
	UxHwDoubleSampleBatch(x, samples, 3);
	CHECK(samples[0] == x && samples[2] == x);
	CHECK(UxHwDoubleGetIndependentCopy(x) == x && x - x == 0.0);
	CHECK(UxHwDoubleBayesLaplace(likelihood, x, 4.0) == x);
	double limited = UxHwDoubleLimitDistributionSupport(x, 0.0, 5.0);
	CHECK(x > 0.0 && x <= 5.0 ? limited == x : isnan(limited));
	UxHwDoubleDistFromMultidimensionalSamples(joint, rows, 2, 2);
	CHECK(joint[1] == 10.0 * joint[0]);

	printf("probability %f moment %f constant %f certain %f\n", UxHwDoubleProbabilityGT(x, 5.0), UxHwDoubleNthMoment(x, 1),
	       UxHwDoubleNthMoment(x, 2), 0.5);
	printf("batch %f joint %f\n", samples[1], joint[0]);
	return 0;
}
