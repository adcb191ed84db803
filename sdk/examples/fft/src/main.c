/*
 *	The spectrum of eight samples of a vibration sensor, in float: a fast Fourier transform by decimation in time.
 *
 *	For eight real samples, every output's real part has each sample at most once.
 */
#include <math.h>
#include <stdio.h>
#include <uxhw.h>

enum
{
	kPoints = 8
};

static void
transform(const float *samples, int stride, int count, float *real, float *imaginary)
{
	const int	half = count / 2;

	if (count == 1)
	{
		real[0] = samples[0];
		imaginary[0] = 0;

		return;
	}

	float	evenReal[kPoints], evenImaginary[kPoints], oddReal[kPoints], oddImaginary[kPoints];

	transform(samples, 2 * stride, half, evenReal, evenImaginary);
	transform(samples + stride, 2 * stride, half, oddReal, oddImaginary);
	for (int k = 0; k < half; k++)
	{
		const float	angle = -2 * (float)M_PI * (float)k / (float)count;
		const float	c = cosf(angle);
		const float	s = sinf(angle);
		const float	turnedReal = c * oddReal[k] - s * oddImaginary[k];
		const float	turnedImaginary = c * oddImaginary[k] + s * oddReal[k];

		real[k] = evenReal[k] + turnedReal;
		imaginary[k] = evenImaginary[k] + turnedImaginary;
		real[k + half] = evenReal[k] - turnedReal;
		imaginary[k + half] = evenImaginary[k] - turnedImaginary;
	}
}

int
main(void)
{
	const float	nominal[kPoints] = {1.0f, 0.8f, 0.1f, -0.6f, -0.9f, -0.7f, 0.0f, 0.7f};
	float		samples[kPoints], real[kPoints], imaginary[kPoints];

	for (int i = 0; i < kPoints; i++)
	{
		samples[i] = UxHwFloatUniformDist(nominal[i] - 0.05f, nominal[i] + 0.05f);
	}
	transform(samples, 1, kPoints, real, imaginary);
	printf("offset = %f\n", real[0] / kPoints);
	printf("fundamental = %f\n", real[1] / kPoints);

	return 0;
}
