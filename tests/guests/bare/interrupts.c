/*
 *	Uses more of a bare machine than machine mode: what the argument says.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int
main(int argc, char *argv[])
{
	const char *	what = argv[argc - 1];

	printf("before\n");
	if (strcmp(what, "interrupts") == 0)
	{
		__asm__ volatile("csrw mie, %0; csrsi mstatus, 8" : : "r"(128));
	}
	else if (strcmp(what, "mode") == 0)
	{
		__asm__ volatile("csrw mepc, ra; csrw mstatus, zero; mret");
	}
	else if (strcmp(what, "timer") == 0)
	{
		*(volatile uint64_t *)0x200bff8 = 0;
	}
	else if (strcmp(what, "fault") == 0)
	{
		*(volatile int *)16 = 1;
	}
	return 0;
}
