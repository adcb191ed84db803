/*
 *	A function of libm that is left by an exception.
 */
/*
 *	Not <cmath>: it promises that cbrt never throws.
 */
#include <cstdio>
#include <uxhw.h>

extern "C" double	sin(double x);
static bool	leaves;

extern "C" __attribute__((noinline)) double
cbrt(double x)
{
	if (leaves)
	{
		throw 1;
	}
	return x / 4;
}

int
main()
{
	double	x = UxHwDoubleUniformDist(4, 8);
	int	left = 0;

	for (int i = 0; i < 1000; i++)
	{
		leaves = true;
		try
		{
			std::printf("%f\n", cbrt(x));
		}
		catch (int)
		{
			left++;
		}
	}
	leaves = false;
	std::printf("left %d certain <%f>\n", left, cbrt(8.0));
	std::printf("sine <%f>\n", sin(x));
	std::printf("again <%f>\n", cbrt(x));
	return 0;
}
