/*
 *	Savings after ten years, from yearly returns that are a mixture of calm and bad years, and what they buy after inflation.
 *
 *	Usage: investment [deposit per year [years]]
 */
#include <stdio.h>
#include <stdlib.h>
#include <uxhw.h>

/*
 *	One year's return: nine years of ten are calm, one is not. Every call makes a value of its own.
 */
static double
yearlyReturn(void)
{
	double	calm = UxHwDoubleGaussDist(0.07, 0.06);
	double	bad = UxHwDoubleUniformDist(-0.3, 0);

	return UxHwDoubleMixture(calm, bad, 0.9);
}

static void
show(const char *name, double value)
{
	printf("%s = %.2lf\n", name, value);
	printf("  mean %" SignaloidParticleModifier ".17g", UxHwDoubleNthMoment(value, 1));
	printf(", variance %" SignaloidParticleModifier ".17g\n", UxHwDoubleNthMoment(value, 2));
}

int
main(int argc, char *argv[])
{
	const double	deposit = argc > 1 ? atof(argv[1]) : 1000;
	const int	years = argc > 2 ? atoi(argv[2]) : 10;
	double		savings = 0;
	double		prices = 1;

	for (int year = 0; year < years; year++)
	{
		savings = (savings + deposit) * (1 + yearlyReturn());
		prices *= 1 + UxHwDoubleUniformDist(0.01, 0.04);
	}

	show("savings", savings);
	show("worth in today's money", savings / prices);
	printf("probability to keep less than was paid in: %" SignaloidParticleModifier ".4f\n",
		1 - UxHwDoubleProbabilityGT(savings / prices, deposit * years));
	printf("one case in twenty ends below %" SignaloidParticleModifier ".2f\n", UxHwDoubleQuantile(savings / prices, 0.05));

	return 0;
}
