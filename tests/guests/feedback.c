/*
 *	Loops that go on and on, each step depending on the last: `feedback NAME STEPS [PRINTS]` takes STEPS steps and prints its
 *	state PRINTS times on the way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uxhw.h>

enum
{
	kNoises = 16
};

int
main(int argc, char **argv)
{
	const char	*name = argc > 1 ? argv[1] : "";
	long		steps = argc > 2 ? atol(argv[2]) : 0;
	long		prints = argc > 3 ? atol(argv[3]) : 0;
	double		noise[kNoises];
	double		gain = UxHwDoubleUniformDist(0.05, 0.15);
	double		state = 0;

	for (int i = 0; i < kNoises; i++)
	{
		noise[i] = UxHwDoubleGaussDist(0.1 * i, 0.5);
	}
	for (long i = 1; i <= steps; i++)
	{
		double	now = noise[i % kNoises];

		if (strcmp(name, "filter") == 0)
		{
			state = state + gain * (now - state);
		}
		else if (strcmp(name, "walk") == 0)
		{
			state = state + UxHwDoubleGetIndependentCopy(now);
		}
		else
		{
			state = state + gain * UxHwDoubleGetIndependentCopy(now);
		}
		if (prints > 0 && i % (steps / prints) == 0)
		{
			printf("%ld %f\n", i, state);
		}
	}
	printf("mean %.9g\n", UxHwDoubleNthMoment(state, 1));
	printf("variance %.9g\n", UxHwDoubleNthMoment(state, 2));
	printf("shared %f\n", state / gain);
	return 0;
}
