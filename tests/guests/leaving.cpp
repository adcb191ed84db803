/*
 *	A function of libm that is left by an exception.
 */
/*
 *	Not <cmath>: that promises that cbrt never throws.
 */
#include <cstdio>
#include <uxhw.h>

extern "C" double	sin(double x);
static bool	leaves;

extern "C" double	cbrt(double x);

/*
 *	The compiler shall not know what is called.
 */
static double	(*volatile call)(double) = cbrt;

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
			std::printf("%f\n", call(x));
		}
		catch (int)
		{
			left++;
		}
	}
	leaves = false;
	std::printf("left %d certain <%f>\n", left, call(8.0));
	std::printf("sine <%f>\n", sin(x));
	std::printf("again <%f>\n", call(x));
	return 0;
}
