#include <stdio.h>
#include <uxhw.h>

int
main(void)
{
	printf("%lf\n", 100000 * (1 + UxHwDoubleUniformDist(0.05, 0.07)));

	return 0;
}
