// Executions that print more, fail, run on for ever, or tell the user something.
#include <stdio.h>
#include <stdlib.h>
#include <uxhw.h>

int main(void)
{
	double x = UxHwDoubleUniformDist(0.0, 1.0);
	printf("x %f", x);
	if (x < 0.25)
	{
		printf(" low %f", x * 2.0);
	}
	printf(" end %f\n", 1.0 - x);
	fflush(stdout);
	if (x > 0.9)
	{
		abort();
	}
	if (x > 0.8)
	{
		return 7;
	}
	for (volatile int i = 0; x > 0.7; i++)
	{
	}
	UxHwDoubleGaussDist(0.0, x - 0.05);
	return 0;
}
