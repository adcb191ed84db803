/*
 *	A program of a megabyte that tells the time at its first instructions, before any of its library's own, and ends.
 */
#include <stdio.h>

static const unsigned char	table[1 << 19] = {1, 2, 3};

/*
 *	The entry: clock_gettime(CLOCK_REALTIME, sp), write(1, sp, 16), exit(0).
 */
__asm__(
	".globl first\n"
	"first:	addi sp, sp, -16\n"
	"	li a7, 113\n"
	"	li a0, 0\n"
	"	mv a1, sp\n"
	"	ecall\n"
	"	li a7, 64\n"
	"	li a0, 1\n"
	"	mv a1, sp\n"
	"	li a2, 16\n"
	"	ecall\n"
	"	li a7, 93\n"
	"	li a0, 0\n"
	"	ecall\n");

int
main(int argc, char *argv[])
{
	(void)argv;
	printf("%d\n", table[argc]);

	return 0;
}
