/*
 *	The functions of the UxHw API that constructors.c leaves out, in both widths, by today's names and the old ones, in every form that
 *	programs use: a name and a value in each line.
 */
#include <stdio.h>
#include <stdlib.h>
#ifdef OLD_NAMES
#include <uncertain.h>
#define DOUBLE(name) libUncertainDouble##name
#define FLOAT(name) libUncertainFloat##name
#else
#include <uxhw.h>
#define DOUBLE(name) UxHwDouble##name
#define FLOAT(name) UxHwFloat##name
#endif

#define SHOW(name, value) printf(name " %.17g\n", (double)(value))

static double	noise;
static int	calls;

static double
likelihood(double theta)
{
	calls++;
	return theta + noise;
}

static double
likelihoodWithParameters(void *parameters, double theta)
{
	return *(double *)parameters * theta + noise;
}

static float
likelihoodFloat(float theta)
{
	/* A coin that shows 1 with probability theta. */
	return UxHwFloatMixture(1, 0, theta);
}

static float
likelihoodFloatWithParameters(void *parameters, float theta)
{
	return UxHwFloatMixture(1, 0, theta * *(float *)parameters);
}

int
main(void)
{
	double	flat[4][2] = {{1, 10}, {2, 20}, {3, 30}, {4, 40}};
	double	**rows = malloc(4 * sizeof(double *));
	float	flatFloat[4][2] = {{1, 10}, {2, 20}, {3, 30}, {4, 40}};
	float	*rowsFloat[4];
	double	two[2];
	float	twoFloat[2];
	double	batch[5];
	float	batchFloat[5];
	double	factor = 2;
	float	one = 1;
	uint8_t	bytes[20000];
	ssize_t	length;
	WeightedDoubleSample	weighted[] = {{1, 1}, {2, 3}};
	WeightedFloatSample	weightedFloat[] = {{1, 1}, {2, 3}};
	float	coins[2] = {0.5f, 0.75f};
	double	die = DOUBLE(DistFromSamples)((double[]){1, 2, 3, 4, 5, 6}, 6);
	float	dieFloat = FLOAT(DistFromSamples)((float[]){1, 2, 3, 4, 5, 6}, 6);
	int	i, inside = 1;

	for (i = 0; i < 4; i++)
	{
		rows[i] = flat[i];
		rowsFloat[i] = flatFloat[i];
	}
	DOUBLE(DistFromMultidimensionalSamples)(two, flat, 4, 2);
	SHOW("flat-0", two[0]);
	SHOW("flat-1", two[1]);
	DOUBLE(DistFromMultidimensionalSamples)(two, rows, 4, 2);
	SHOW("rows-0", two[0]);
	SHOW("rows-1", two[1]);
	FLOAT(DistFromMultidimensionalSamples)(twoFloat, flatFloat, 4, 2);
	SHOW("float-flat-0", twoFloat[0]);
	SHOW("float-flat-1", twoFloat[1]);
	FLOAT(DistFromMultidimensionalSamples)(twoFloat, rowsFloat, 4, 2);
	SHOW("float-rows-0", twoFloat[0]);
	SHOW("float-rows-1", twoFloat[1]);

	SHOW("limited", DOUBLE(LimitDistributionSupport)(die, 1.5, 4));
	SHOW("limited-to-nothing", DOUBLE(LimitDistributionSupport)(die, 7, 8));
	SHOW("limited-inside", DOUBLE(LimitDistributionSupport)(2.5, 2, 3));
	SHOW("limited-outside", DOUBLE(LimitDistributionSupport)(3.5, 2, 3));
	SHOW("float-limited", FLOAT(LimitDistributionSupport)(dieFloat, 1.5f, 4));
	SHOW("float-limited-outside", FLOAT(LimitDistributionSupport)(3.5f, 2, 3));

	SHOW("weighted-2", DOUBLE(DistFromWeightedSamples)(weighted, 2));
	SHOW("weighted-3", DOUBLE(DistFromWeightedSamples)(weighted, 2, 100));
	SHOW("float-weighted-2", FLOAT(DistFromWeightedSamples)(weightedFloat, 2));
	SHOW("float-weighted-3", FLOAT(DistFromWeightedSamples)(weightedFloat, 2, 100));

	noise = DOUBLE(GaussDist)(0, 0.5);
	SHOW("posterior", DOUBLE(BayesLaplace)(likelihood, DOUBLE(GaussDist)(1, 1), 2));
	printf("calls %d\n", calls);
	SHOW("posterior-5", DOUBLE(BayesLaplace)(likelihoodWithParameters, &factor, DOUBLE(GaussDist)(1, 1), 4, 1));
	SHOW("posterior-plain", DOUBLE(BayesLaplace)(likelihood, 1.25, 2));
	SHOW("float-posterior", FLOAT(BayesLaplace)(likelihoodFloat, FLOAT(DistFromSamples)(coins, 2), 1));
	SHOW("float-posterior-5",
		FLOAT(BayesLaplace)(likelihoodFloatWithParameters, &one, FLOAT(DistFromSamples)(coins, 2), 1, 1));

	DOUBLE(SampleBatch)(die, batch, 5);
	FLOAT(SampleBatch)(dieFloat, batchFloat, 5);
	for (i = 0; i < 5; i++)
	{
		inside &= batch[i] >= 1 && batch[i] <= 6 && batch[i] == (int)batch[i];
		inside &= batchFloat[i] >= 1 && batchFloat[i] <= 6 && batchFloat[i] == (int)batchFloat[i];
	}
	printf("batches %d\n", inside);

	length = DOUBLE(DistributionToByteArray)(die, bytes, sizeof(bytes));
	printf("long-enough %d too-short %d\n", length > 0, DOUBLE(DistributionToByteArray)(die, bytes, 10) < 0);
	length = DOUBLE(DistributionToByteArray)(die, bytes, sizeof(bytes));
	SHOW("bytes", DOUBLE(ByteArrayToDistribution)(bytes, length));
	length = FLOAT(DistributionToByteArray)(dieFloat, bytes, sizeof(bytes));
	SHOW("float-bytes", FLOAT(ByteArrayToDistribution)(bytes, length));

	SHOW("mode", DOUBLE(NthMode)(DOUBLE(DistFromWeightedSamples)(weighted, 2), 1));
	SHOW("float-mode", FLOAT(NthMode)(FLOAT(DistFromWeightedSamples)(weightedFloat, 2), 2));
	SHOW("exponential", DOUBLE(ExponentialDist)(2));
	SHOW("gumbel", DOUBLE(Gumbel1Dist)(1, 2));
	SHOW("logistic", DOUBLE(LogisticDist)(1, 2));
	SHOW("laplace", DOUBLE(LaplaceDist)(1, 2));
	SHOW("weibull", DOUBLE(WeibullDist)(2, 3));
	SHOW("lognormal", DOUBLE(LognormalDist)(0, 0.5));
	SHOW("pareto", DOUBLE(BoundedparetoDist)(2, 1, 4));
	SHOW("float-exponential", FLOAT(ExponentialDist)(2));
	SHOW("float-gumbel", FLOAT(Gumbel1Dist)(1, 2));
	SHOW("float-logistic", FLOAT(LogisticDist)(1, 2));
	SHOW("float-laplace", FLOAT(LaplaceDist)(1, 2));
	SHOW("float-weibull", FLOAT(WeibullDist)(2, 3));
	SHOW("float-lognormal", FLOAT(LognormalDist)(0, 0.5f));
	SHOW("float-pareto", FLOAT(BoundedparetoDist)(2, 1, 4));
	printf("print ");
	DOUBLE(Print)(die);
	fflush(stdout);
	return 0;
}
