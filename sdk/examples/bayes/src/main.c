/*
 *	What one weighing tells about a mass that was known roughly: Bayes' rule, with a prior and a scale that are both normal.
 */
#include <stdio.h>
#include <uxhw.h>

/*
 *	What the scale shows if the mass is this.
 */
static double
scale(double mass)
{
	return UxHwDoubleGaussDist(mass, 0.5);
}

int
main(void)
{
	double	prior = UxHwDoubleGaussDist(10, 1);
	double	posterior = UxHwDoubleBayesLaplace(scale, prior, 10.8);

	printf("mass = %lf kg\n", posterior);

	return 0;
}
