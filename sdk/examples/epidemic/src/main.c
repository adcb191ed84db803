/*
 *	An epidemic in a closed town: the SIR model, in Euler steps of a day, with an uncertain rate of contagion and of recovery.
 */
#include <stdio.h>
#include <uxhw.h>

int
main(void)
{
	double	contagion = UxHwDoubleUniformDist(0.25, 0.35);
	double	recovery = UxHwDoubleGaussDist(0.1, 0.01);
	double	susceptible = 0.99;
	double	infected = 0.01;

	for (int day = 0; day < 20; day++)
	{
		double	caught = contagion * susceptible * infected;
		double	healed = recovery * infected;

		susceptible -= caught;
		infected += caught - healed;
	}
	printf("infected = %lf\n", infected);

	return 0;
}
