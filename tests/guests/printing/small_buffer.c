/*
 *	Prints into buffers that are large enough for a number and too small for a distribution: a variable of the program, or (with an
 *	argument) one on the stack.
 */
#include <stdio.h>
#include <uxhw.h>

static char	small[32];
static char	behind[8000];

static __attribute__((noinline)) void
onStack(double x)
{
	char	text[32];

	sprintf(text, "%f", x);
	puts(text);
}

int
main(int argc, char *argv[])
{
	double	x = UxHwDoubleUniformDist(1, 2);

	(void)argv;
	if (argc > 1)
	{
		onStack(x);
		return 0;
	}
	sprintf(behind, "%f", x);
	sprintf(small, "%f", x);	/* line 32 */
	return 0;
}
