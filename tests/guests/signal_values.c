/*
 *	A handler interrupts a program that holds distributions in registers: they are there afterwards.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
#include <uxhw.h>

static double	inside;

static void
handler(int signal)
{
	(void)signal;
	inside = UxHwDoubleUniformDist(5, 6) * 2;
}

int
main(void)
{
	long	process = getpid(), thread = gettid();

	signal(SIGUSR1, handler);

	register double	x asm("fs1") = UxHwDoubleUniformDist(0, 1);
	register long	a7 asm("a7") = 131; /* tgkill */
	register long	a0 asm("a0") = process;
	register long	a1 asm("a1") = thread;
	register long	a2 asm("a2") = SIGUSR1;

	asm volatile("ecall" : "+f"(x), "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory");
	printf("kept %.17g\ninside %.17g\n", x, inside);
	return 0;
}
