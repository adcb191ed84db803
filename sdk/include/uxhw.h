/*
 *	uxhw.h: ask the processor for distributions, and about them.
 *
 *	Every value of a program may carry a probability distribution. The functions below make such values and answer questions
 *	about them; between, ordinary arithmetic does the work. On a core without tracking (Bypass) the functions treat every value as
 *	the plain number that it is.
 *
 *	On a core without correlation tracking (one without `+`) the operands of an operation count as independent, always. That includes
 *	operands that the compiler makes: it may turn 2*x into x + x, whose spread is then 1.41 instead of 2 times that of x. Use a core
 *	with `+`, such as C0-S+, where that matters.
 *
 *	Each UxHwDouble... function has a UxHwFloat... twin. Programs from before the API was renamed include <uncertain.h>.
 */
#ifndef UXHW_H
#define UXHW_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 *	SignaloidParticleModifier, inside a printf conversion, prints the plain number without its distribution:
 *
 *		printf("%" SignaloidParticleModifier ".1f and %.2" SignaloidParticleModifier "lf\n", x, y);
 *
 *	`sigemu build` defines SIGEMU_CORE; other builds for these cores pass -DSIGEMU_CORE. Elsewhere it is empty. Compilers do not know
 *	the character and would warn about every format that has it, so that format warnings are off in builds for these cores.
 */
#ifdef SIGEMU_CORE
#define SignaloidParticleModifier "!"
#if defined(__clang__)
#pragma clang diagnostic ignored "-Wformat-invalid-specifier"
#pragma clang diagnostic ignored "-Wformat-extra-args"
#elif defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
#endif
#else
#define SignaloidParticleModifier ""
#endif

#ifdef __cplusplus
extern "C" {
#else
/*
 *	Public programs expect these two. In C++ they would break the standard headers.
 */
#ifndef min
#define min(a, b) ((a) < (b) ? (a) : (b))
#endif
#ifndef max
#define max(a, b) ((a) > (b) ? (a) : (b))
#endif
#endif

typedef struct
{
	double	sample;
	double	sampleWeight;
} WeightedDoubleSample;

typedef struct
{
	float	sample;
	float	sampleWeight;
} WeightedFloatSample;

/*
 *	Laws. The plain number of the result is the mean of the law.
 */
double	UxHwDoubleUniformDist(double min, double max);
double	UxHwDoubleGaussDist(double mean, double stddev);
double	UxHwDoubleExponentialDist(double mu);				/* mu: the mean */
double	UxHwDoubleGumbel1Dist(double mu, double beta);			/* location and scale, maximum type */
double	UxHwDoubleLogisticDist(double location, double scale);
double	UxHwDoubleLaplaceDist(double mu, double b);			/* location and scale */
double	UxHwDoubleWeibullDist(double k, double lambda);			/* shape and scale */
double	UxHwDoubleLognormalDist(double mu, double sigma);		/* of the normal law of the logarithm */
double	UxHwDoubleBoundedparetoDist(double alpha, double min, double max);

/*
 *	Data. The plain number of the result is the mean of the samples.
 */
double	UxHwDoubleDistFromSamples(const double *samples, size_t sampleCount);

/*
 *	Weights are normalised. The third argument, the number of unweighted samples behind the weights, may be left out.
 */
double	UxHwDoubleDistFromWeightedSamples(const WeightedDoubleSample *samples, size_t sampleCount, size_t unweightedSampleCount);

/*
 *	`samples` has `sampleCount` rows of `sampleCardinality` numbers; writes `sampleCardinality` values that depend on each other as the
 *	columns do.
 */
void	UxHwDoubleDistFromMultidimensionalSamples(double *destination, const void *samples, size_t sampleCount, size_t sampleCardinality);

/*
 *	dist1 with probability p, else dist2. Each may be a plain number, and p may itself have a distribution.
 */
double	UxHwDoubleMixture(double dist1, double dist2, double p);

/*
 *	Questions.
 */
double	UxHwDoubleNthMoment(double value, size_t n);			/* n = 1: the mean; above: the n-th central moment */
double	UxHwDoubleNthMode(double value, size_t n);			/* the n-th most likely position, from 1 */
double	UxHwDoubleQuantile(double value, double p);			/* x with P(value <= x) = p */
double	UxHwDoubleProbabilityGT(double value, double cutoff);		/* P(value > cutoff) */
double	UxHwDoubleSupportMin(double value);
double	UxHwDoubleSupportMax(double value);
double	UxHwDoubleSample(double value);					/* one random draw, a plain number */
void	UxHwDoubleSampleBatch(double value, double *destination, size_t n);

/*
 *	Changes.
 */
double	UxHwDoubleGetIndependentCopy(double value);			/* the same distribution, independent of the original */
double	UxHwDoubleLimitDistributionSupport(double value, double min, double max);	/* truncated, renormalised */

/*
 *	The posterior of `prior` given `evidence`. likelihood(theta) is the value, with its distribution, that is expected to be observed if
 *	the truth is the plain number theta. The form with five arguments, (likelihood, parameters, prior, evidence, observationCount), gives
 *	`parameters` to each call of likelihood(parameters, theta).
 */
double	UxHwDoubleBayesLaplace(double (*likelihood)(double), double prior, double evidence);
double	UxHwDoubleBayesLaplaceWithParameters(double (*likelihood)(void *, double), void *parameters, double prior, double evidence, size_t observationCount);

/*
 *	Text and bytes. The length of the binary form, or a negative number if the buffer is too small.
 */
void	UxHwDoublePrint(double value);
ssize_t	UxHwDoubleDistributionToByteArray(double value, uint8_t *buffer, size_t bytes);
double	UxHwDoubleByteArrayToDistribution(const uint8_t *buffer, size_t bytes);

/*
 *	The same for float.
 */
float	UxHwFloatUniformDist(float min, float max);
float	UxHwFloatGaussDist(float mean, float stddev);
float	UxHwFloatExponentialDist(float mu);
float	UxHwFloatGumbel1Dist(float mu, float beta);
float	UxHwFloatLogisticDist(float location, float scale);
float	UxHwFloatLaplaceDist(float mu, float b);
float	UxHwFloatWeibullDist(float k, float lambda);
float	UxHwFloatLognormalDist(float mu, float sigma);
float	UxHwFloatBoundedparetoDist(float alpha, float min, float max);
float	UxHwFloatDistFromSamples(const float *samples, size_t sampleCount);
float	UxHwFloatDistFromWeightedSamples(const WeightedFloatSample *samples, size_t sampleCount, size_t unweightedSampleCount);
void	UxHwFloatDistFromMultidimensionalSamples(float *destination, const void *samples, size_t sampleCount, size_t sampleCardinality);
float	UxHwFloatMixture(float dist1, float dist2, float p);
float	UxHwFloatNthMoment(float value, size_t n);
float	UxHwFloatNthMode(float value, size_t n);
float	UxHwFloatQuantile(float value, float p);
float	UxHwFloatProbabilityGT(float value, float cutoff);
float	UxHwFloatSupportMin(float value);
float	UxHwFloatSupportMax(float value);
float	UxHwFloatSample(float value);
void	UxHwFloatSampleBatch(float value, float *destination, size_t n);
float	UxHwFloatGetIndependentCopy(float value);
float	UxHwFloatLimitDistributionSupport(float value, float min, float max);
float	UxHwFloatBayesLaplace(float (*likelihood)(float), float prior, float evidence);
float	UxHwFloatBayesLaplaceWithParameters(float (*likelihood)(void *, float), void *parameters, float prior, float evidence, size_t observationCount);
void	UxHwFloatPrint(float value);
ssize_t	UxHwFloatDistributionToByteArray(float value, uint8_t *buffer, size_t bytes);
float	UxHwFloatByteArrayToDistribution(const uint8_t *buffer, size_t bytes);

#ifdef __cplusplus
}

/*
 *	The forms of other versions of the API: overloads in C++, macros that count their arguments in C.
 */
inline double
UxHwDoubleDistFromWeightedSamples(const WeightedDoubleSample *samples, size_t sampleCount)
{
	return UxHwDoubleDistFromWeightedSamples(samples, sampleCount, sampleCount);
}

inline float
UxHwFloatDistFromWeightedSamples(const WeightedFloatSample *samples, size_t sampleCount)
{
	return UxHwFloatDistFromWeightedSamples(samples, sampleCount, sampleCount);
}

inline double
UxHwDoubleBayesLaplace(double (*likelihood)(void *, double), void *parameters, double prior, double evidence, size_t observationCount)
{
	return UxHwDoubleBayesLaplaceWithParameters(likelihood, parameters, prior, evidence, observationCount);
}

inline float
UxHwFloatBayesLaplace(float (*likelihood)(void *, float), void *parameters, float prior, float evidence, size_t observationCount)
{
	return UxHwFloatBayesLaplaceWithParameters(likelihood, parameters, prior, evidence, observationCount);
}
#else
#define UXHW_BY_COUNT(a1, a2, a3, a4, a5, name, ...) name
#define UXHW_WEIGHTED2(function, samples, count) (function)((samples), (count), (count))
#define UXHW_WEIGHTED3(function, samples, count, unweighted) (function)((samples), (count), (unweighted))
#define UxHwDoubleDistFromWeightedSamples(...) \
	UXHW_BY_COUNT(__VA_ARGS__, ~, ~, UXHW_WEIGHTED3, UXHW_WEIGHTED2, ~, ~)(UxHwDoubleDistFromWeightedSamples, __VA_ARGS__)
#define UxHwFloatDistFromWeightedSamples(...) \
	UXHW_BY_COUNT(__VA_ARGS__, ~, ~, UXHW_WEIGHTED3, UXHW_WEIGHTED2, ~, ~)(UxHwFloatDistFromWeightedSamples, __VA_ARGS__)
#define UxHwDoubleBayesLaplace(...) \
	UXHW_BY_COUNT(__VA_ARGS__, UxHwDoubleBayesLaplaceWithParameters, ~, UxHwDoubleBayesLaplace, ~, ~, ~)(__VA_ARGS__)
#define UxHwFloatBayesLaplace(...) \
	UXHW_BY_COUNT(__VA_ARGS__, UxHwFloatBayesLaplaceWithParameters, ~, UxHwFloatBayesLaplace, ~, ~, ~)(__VA_ARGS__)
#endif

#endif /* UXHW_H */
