#include <stdio.h>
#include <uxhw.h>

int
main(void)
{
	char	buffer[500];
	int	length = snprintf(buffer, sizeof buffer, "%.3f", UxHwDoubleUniformDist(0, 1));

	printf(length >= (int)sizeof buffer ? "does not fit\n" : "fits\n");

	return 0;
}
