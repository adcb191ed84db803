/*
 *	Decisions that depend on distributions; the marks name lines for the test.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <uxhw.h>

#define ALONE __attribute__((noinline, noipa))

static ALONE void
compare(double x)
{
	if (x < 0.25)	/* compare */
	{
		puts("small");
	}
}

static ALONE int
choose(int n)
{
	switch (n)
	{
	case 1:
		return 10;
	case 7:
		return 70;
	}
	return 0;
}

static ALONE int
look(const int *table, int n)
{
	return table[n];	/* address */
}

int
main(void)
{
	double	die = UxHwDoubleDistFromSamples((double[]){1, 2, 3, 4, 5, 6}, 6);
	int	table[8] = {0, 1, 2, 3, 4, 5, 6, 7};
	int	n = (int)die;
	int	twice = 2 * n + 1;
	long	wide = (long)n * 1000000007L;
	unsigned char	byte = n + 253;
	int	i;

	for (i = 0; i < 3; i++)
	{
		compare(UxHwDoubleUniformDist(0, 1));
	}
	printf("int %d %d %ld %u\n", n, twice, wide, byte);
	printf("back %.17g %.17g %.17g %.17g\n", (double)twice, (double)wide, (double)byte, (double)(n > 3));
	printf("chosen %d\n", choose(n));
	printf("looked %d\n", look(table, n));
	fflush(stdout);
	exit(n - 3);
}
