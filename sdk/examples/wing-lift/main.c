/*
 *	The lift of a wing section in a wind tunnel, from an air speed and an air density that are both known to about one percent.
 *
 *	Lift per metre of span is the dynamic pressure times the difference of the pressure coefficients of both faces, each
 *	integrated over a chord of one metre.
 */
#include <math.h>
#include <stdio.h>
#include <uxhw.h>

enum
{
	kPressureTaps = 9
};

/*
 *	Trapezoid rule over taps that need not be evenly spaced.
 */
static double
integrate(const double *x, const double *y, int count)
{
	double	sum = 0;

	for (int i = 1; i < count; i++)
	{
		sum += (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2;
	}

	return sum;
}

static void
show(const char *name, double value, const char *unit)
{
	printf("%s = %lf %s\n", name, value, unit);
	printf("  mean %" SignaloidParticleModifier ".17g", UxHwDoubleNthMoment(value, 1));
	printf(", variance %" SignaloidParticleModifier ".17g\n", UxHwDoubleNthMoment(value, 2));
}

int
main(void)
{
	const double	chord[kPressureTaps] = {0, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1};
	const double	upper[kPressureTaps] = {1, -1.9, -1.72, -1.38, -1.16, -0.9, -0.66, -0.34, 0.1};
	const double	lower[kPressureTaps] = {1, 0.62, 0.46, 0.3, 0.24, 0.18, 0.15, 0.12, 0.1};
	const double	ratedSpeed = 28;
	const double	coefficient = integrate(chord, lower, kPressureTaps) - integrate(chord, upper, kPressureTaps);

	double	speed = UxHwDoubleGaussDist(ratedSpeed, 0.01 * ratedSpeed);
	double	density = UxHwDoubleUniformDist(0.99 * 1.225, 1.01 * 1.225);
	double	pressure = 0.5 * density * pow(speed, 2);
	double	lift = pressure * coefficient;

	show("dynamic pressure", pressure, "Pa");
	show("lift", lift, "N/m");
	printf("P(lift > 500 N/m) = %" SignaloidParticleModifier ".4f\n", UxHwDoubleProbabilityGT(lift, 500));

	return 0;
}
