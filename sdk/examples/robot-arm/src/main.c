/*
 *	Where the hand of an arm of two links is, from the absolute angle that a tilt sensor on each link reports, and which of
 *	two ways the arm takes: the decision follows the plain number of the height.
 */
#include <math.h>
#include <stdio.h>
#include <uxhw.h>

int
main(void)
{
	const double	upper = 0.40;
	const double	lower = 0.35;
	const double	shelf = 0.30;
	double		first = UxHwDoubleGaussDist(0.9, 0.02);
	double		second = UxHwDoubleUniformDist(0.05, 0.15);
	double		reach = upper * cos(first) + lower * cos(second);
	double		height = upper * sin(first) + lower * sin(second);

	printf("reach = %lf m\n", reach);
	printf("height = %lf m\n", height);
	if (height > shelf)
	{
		printf("over the shelf, P(clear) = %" SignaloidParticleModifier ".4f\n", UxHwDoubleProbabilityGT(height, shelf));
	}
	else
	{
		printf("below the shelf\n");
	}

	return 0;
}
