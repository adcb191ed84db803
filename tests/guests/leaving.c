/*
 *	A function of libm that never returns: the program has its own cbrt, which leaves by longjmp when it is told to. What was kept for
 *	the calls that were left must not come up at others, and a hundred thousand of them must not pile up.
 */
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <uxhw.h>

static jmp_buf	back;
static int	leaves;

__attribute__((noinline)) double
cbrt(double x)
{
	if (leaves)
	{
		longjmp(back, 1);
	}
	return x / 4;
}

static __attribute__((noinline)) double
deeper(int depth, double x)
{
	volatile char	room[100];

	room[0] = depth;
	return depth == 0 ? cbrt(x) : deeper(depth - 1, x) + room[0] * 0;
}

int
main(void)
{
	double		x = UxHwDoubleUniformDist(4, 8);
	volatile int	left = 0;

	for (volatile int i = 0; i < 100000; i++)
	{
		leaves = 1;
		if (setjmp(back) == 0)
		{
			deeper(i % 7, x);
		}
		else
		{
			left++;
		}
		/*
		 *	A call at the same depth that does return, with a certain argument.
		 */
		leaves = 0;
		if (deeper(i % 7, 8.0) != 2)
		{
			puts("wrong");
		}
	}
	printf("left %d certain <%f>\n", left, deeper(3, 8.0));
	printf("sine <%f>\n", sin(x));
	printf("again <%f>\n", deeper(2, x));
	return 0;
}
