/*
 *	Programs that use uncertain values more than once; `repeated NAME` prints the result of one. Compiled for the host with
 *	-DSAMPLES the same text is its own truth: `repeated NAME COUNT` writes COUNT results with random numbers, as doubles.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef SAMPLES
#include <stdint.h>

/* xoshiro256++ (D. Blackman and S. Vigna, 2019). */
static uint64_t	word[4] = {1, 2, 3, 4};

static uint64_t
rotated(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static double
uniform(void)
{
	uint64_t	result = rotated(word[0] + word[3], 23) + word[0], old = word[1] << 17;

	word[2] ^= word[0];
	word[3] ^= word[1];
	word[1] ^= word[2];
	word[0] ^= word[3];
	word[2] ^= old;
	word[3] = rotated(word[3], 45);
	return ((double)(result >> 11) + 0.5) * 0x1p-53;
}

static double
UxHwDoubleUniformDist(double min, double max)
{
	return min + (max - min) * uniform();
}

static double
UxHwDoubleGaussDist(double mean, double deviation)
{
	return mean + deviation * sqrt(-2 * log(uniform())) * cos(2 * acos(-1.0) * uniform());
}

static double
UxHwDoubleMixture(double first, double second, double p)
{
	return uniform() < p ? first : second;
}
#else
#include <uxhw.h>
#endif

static double
ratio(void)
{
	double	a = UxHwDoubleGaussDist(10, 1), b = UxHwDoubleGaussDist(3, 0.5);

	return (a + b) / (a - b);
}

static double
quadratic(void)
{
	double	a = UxHwDoubleUniformDist(0.8, 1.2), b = UxHwDoubleGaussDist(-6, 0.3), c = UxHwDoubleUniformDist(2, 3.5);

	return (sqrt(b * b - 4 * a * c) - b) / (2 * a);
}

/* The first unknown of n equations, by Gauss' elimination without pivoting. */
static double
solve(int n)
{
	double	rows[8][9], unknowns[8];

	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j < n; j++)
		{
			rows[i][j] = i == j ? UxHwDoubleUniformDist(n, n + 2) : UxHwDoubleUniformDist(-0.5, 1);
		}
		rows[i][n] = UxHwDoubleGaussDist(1 + i, 0.3);
	}
	for (int pivot = 0; pivot < n; pivot++)
	{
		for (int i = pivot + 1; i < n; i++)
		{
			double	factor = rows[i][pivot] / rows[pivot][pivot];

			for (int j = pivot; j <= n; j++)
			{
				rows[i][j] -= factor * rows[pivot][j];
			}
		}
	}
	for (int i = n - 1; i >= 0; i--)
	{
		double	rest = rows[i][n];

		for (int j = i + 1; j < n; j++)
		{
			rest -= rows[i][j] * unknowns[j];
		}
		unknowns[i] = rest / rows[i][i];
	}
	return unknowns[0];
}

static double
solve3(void)
{
	return solve(3);
}

static double
solve8(void)
{
	return solve(8);
}

static double
polynomial(void)
{
	double	x = UxHwDoubleUniformDist(-0.5, 2.5);

	return ((x - 3) * x + 2) * x;
}

static double
sir(void)
{
	double	beta = UxHwDoubleUniformDist(0.2, 0.4), gamma = UxHwDoubleUniformDist(0.08, 0.12), s = 0.99, i = 0.01;

	for (int day = 0; day < 60; day++)
	{
		double	caught = beta * (s * i), healed = gamma * i;

		s -= caught;
		i += caught;
		i -= healed;
	}
	return i;
}

/* With a noise level that is uncertain, and so are the gains. */
static double
kalman(void)
{
	double	noise = UxHwDoubleUniformDist(0.5, 1.5), estimate = UxHwDoubleGaussDist(0, 1), variance = 1;

	for (int step = 0; step < 10; step++)
	{
		double	measured = UxHwDoubleGaussDist(0.1 * step, 0.3), gain;

		variance += 0.01;
		gain = variance / (variance + noise);
		estimate += gain * (measured - estimate);
		variance *= 1 - gain;
	}
	return estimate;
}

static double
dot(void)
{
	double	shared = UxHwDoubleGaussDist(1, 0.3), sum = 0;

	for (int k = 0; k < 64; k++)
	{
		double	x = UxHwDoubleUniformDist(0, 1);

		sum += x * (UxHwDoubleGaussDist(0.02 * k, 0.5) + shared);
	}
	return sum;
}

/* A stock that may have jumped, an option on it, and a tenth of the stock sold. */
static double
option(void)
{
	double	rate = UxHwDoubleUniformDist(0.01, 0.05), growth = exp(rate + UxHwDoubleGaussDist(0, 0.2));
	double	stock = UxHwDoubleMixture(100 * growth, 70 * growth, 0.9);

	return fmax(stock - 95, 0) * exp(-rate) - 0.1 * stock;
}

int
main(int argc, char **argv)
{
	static const struct
	{
		const char	*name;
		double		(*run)(void);
	} programs[] = {
		{"ratio", ratio}, {"quadratic", quadratic}, {"solve3", solve3}, {"solve8", solve8}, {"polynomial", polynomial},
		{"sir", sir}, {"kalman", kalman}, {"dot", dot}, {"option", option},
	};

	for (size_t i = 0; argc > 1 && i < sizeof programs / sizeof programs[0]; i++)
	{
		if (strcmp(programs[i].name, argv[1]) == 0)
		{
#ifdef SAMPLES
			for (long count = argc > 2 ? atol(argv[2]) : 1; count > 0; count--)
			{
				double	result = programs[i].run();

				fwrite(&result, sizeof result, 1, stdout);
			}
#else
			printf("%s %f\n", argv[1], programs[i].run());
#endif
			return 0;
		}
	}
	return 1;
}
