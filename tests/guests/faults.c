/*
 *	Ends badly, in the way that the argument names. The lines of the faults are marked: tests look for the marks.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOINLINE __attribute__((noipa))

NOINLINE static int
readNull(volatile int *pointer)
{
	return *pointer; /* read */
}

NOINLINE static void
writeText(void)
{
	*(volatile int *)(void *)&readNull = 0; /* write */
}

NOINLINE static int
overflow(int depth)
{
	volatile char	frame[4096];

	frame[0] = (char)depth; /* overflow */

	return overflow(depth + 1) + frame[0];
}

NOINLINE static void
illegal(void)
{
	__asm__ volatile("unimp"); /* illegal */
}

NOINLINE static void
vector(void)
{
	/*
	 *	vsetvli t0, a0, e8, m1, ta, ma, for assemblers that do not know it.
	 */
	__asm__ volatile(".insn i 0x57, 7, t0, a0, 0x0c0"); /* vector */
}

int
main(int argc, char *argv[])
{
	const char *	how = argc > 1 ? argv[1] : "";

	printf("before\n");
	fflush(stdout);
	if (strcmp(how, "read") == 0)
	{
		return readNull((int *)8);
	}
	if (strcmp(how, "write") == 0)
	{
		writeText();
	}
	if (strcmp(how, "overflow") == 0)
	{
		return overflow(0);
	}
	if (strcmp(how, "illegal") == 0)
	{
		illegal();
	}
	if (strcmp(how, "vector") == 0)
	{
		vector();
	}
	if (strcmp(how, "abort") == 0)
	{
		abort();
	}
	if (strcmp(how, "memory") == 0)
	{
		size_t	total = 0;
		char *	piece;

		while ((piece = malloc(1000000)) != NULL)
		{
			memset(piece, 1, 1000000);
			total += 1000000;
		}
		printf("%zu MB\n", total / 1000000);
	}

	return atoi(how);
}
