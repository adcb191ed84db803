// Values that are read: from an argument and from standard input.
#include <stdio.h>
#include <stdlib.h>

int main(int count, char **arguments)
{
	double x = 0.0, y = 0.0;
	if (scanf("%lf", &y) != 1 || count < 2)
	{
		return 1;
	}
	x = strtod(arguments[1], NULL);
	printf("read %f %f\n", x, y);
	return 0;
}
