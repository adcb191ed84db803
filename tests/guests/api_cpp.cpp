/*
 *	The forms of the UxHw API that are overloads in C++: a name and a value in each line.
 */
#include <algorithm>
#include <cstdio>
#include <uxhw.h>

static double
coin(double heads)
{
	return UxHwDoubleMixture(1, 0, heads);
}

static float
coinFloat(float heads)
{
	return UxHwFloatMixture(1, 0, heads);
}

static double
bentCoin(void *factor, double heads)
{
	return UxHwDoubleMixture(1, 0, heads * *static_cast<double *>(factor));
}

static float
bentCoinFloat(void *factor, float heads)
{
	return UxHwFloatMixture(1, 0, heads * *static_cast<float *>(factor));
}

int
main()
{
	WeightedDoubleSample	weighted[] = {{1, 1}, {2, 3}};
	WeightedFloatSample	weightedFloat[] = {{1, 1}, {2, 3}};
	double			coins[] = {0.5, 0.75};
	float			coinsFloat[] = {0.5f, 0.75f};
	double			one = 1;
	float			oneFloat = 1;
	double			prior = UxHwDoubleDistFromSamples(coins, 2);
	float			priorFloat = UxHwFloatDistFromSamples(coinsFloat, 2);

	std::printf("weighted-2 %f\n", UxHwDoubleDistFromWeightedSamples(weighted, 2));
	std::printf("weighted-3 %f\n", UxHwDoubleDistFromWeightedSamples(weighted, 2, 100));
	std::printf("float-weighted-2 %f\n", UxHwFloatDistFromWeightedSamples(weightedFloat, 2));
	std::printf("float-weighted-3 %f\n", UxHwFloatDistFromWeightedSamples(weightedFloat, 2, 100));
	std::printf("posterior-3 %f\n", UxHwDoubleBayesLaplace(coin, prior, 1));
	std::printf("posterior-5 %f\n", UxHwDoubleBayesLaplace(bentCoin, &one, prior, 1, 1));
	std::printf("float-posterior-3 %f\n", UxHwFloatBayesLaplace(coinFloat, priorFloat, 1));
	std::printf("float-posterior-5 %f\n", UxHwFloatBayesLaplace(bentCoinFloat, &oneFloat, priorFloat, 1, 1));
	/* The header's macros min and max are for C. */
	std::printf("least %f\n", std::min(1.0, std::max(0.5, 0.25)));
	return 0;
}
