// Executions that print more than anybody keeps, in the way that the argument names.
#include <stdio.h>
#include <string.h>
#include <uxhw.h>

int main(int argc, char *argv[])
{
	const char *way = argc == 2 ? argv[1] : "";
	double x = UxHwDoubleUniformDist(0.0, 1.0);
	long number = (long)(x * 1e9);

	if (strcmp(way, "names") == 0)
	{
		// Under names that no other execution has.
		for (int i = 0; i < 2000; i++)
		{
			char format[2100];
			memset(format, 'x', 2000);
			sprintf(format + 2000, " %ld %d %%f\n", number, i);
			printf(format, x);
		}
	}
	else if (strcmp(way, "values") == 0)
	{
		// As many as get names, and some more.
		for (int i = 0; i < 140000; i++)
		{
			printf("%.0f\n", x);
		}
	}
	return 0;
}
