/*
 *	Prints 400 MB of Ux text into nowhere: from loops, from recursion, from calls that are left by longjmp.
 */
#include <setjmp.h>
#include <stdio.h>
#include <uxhw.h>

static char	buffer[8000];
static jmp_buf	environment;

static void
deeper(double x, int depth)
{
	snprintf(buffer, sizeof buffer, "%f %f %f %f", x, x, x, x);
	if (depth > 0)
	{
		deeper(x, depth - 1);
	}
	else
	{
		longjmp(environment, 1);
	}
}

int
main(void)
{
	double	x = UxHwDoubleUniformDist(1, 2);

	for (volatile int i = 0; i < 2000; i++)
	{
		if (setjmp(environment) == 0)
		{
			deeper(x, 100);
		}
	}
	puts("done");
	return 0;
}
