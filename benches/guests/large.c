/*
 *	A program of more than a megabyte that does next to nothing: what its size costs at the start.
 */
#include <stdio.h>

static const unsigned char	table[1 << 20] = {1, 2, 3};

int
main(int argc, char *argv[])
{
	(void)argv;
	printf("%d\n", table[argc]);

	return 0;
}
