/*
 *	Writes in the smallest pieces, in the way that the argument names.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int
main(int argc, char *argv[])
{
	const char	*way = argc == 2 ? argv[1] : "";

	if (strcmp(way, "many") == 0)
	{
		for (int i = 0; i < 100000; i++)
		{
			write(1, &"0123456789"[i % 10], 1);
		}
	}
	else if (strcmp(way, "both") == 0)
	{
		for (int i = 0; i < 1000; i++)
		{
			write(1 + i / 3 % 2, &"abcdefghij"[i % 10], 1);
		}
	}
	else if (strcmp(way, "echo") == 0)
	{
		/* Asks, and goes on when there is an answer. */
		char	answer;

		write(1, "?", 1);
		while (read(0, &answer, 1) == 1)
		{
			write(1, &answer, 1);
		}
	}
	else if (strcmp(way, "cut") == 0)
	{
		/* A character of three bytes before a value, cut by time. */
		struct timespec	while_ = {.tv_nsec = 200 * 1000 * 1000};
		const char	*value = "\xac 1.5Ux0400000000000000003FF8000000000000000000013FF80000000000008000000000000000\n";

		write(1, "\xe2\x82", 2);
		nanosleep(&while_, NULL);
		write(1, value, strlen(value));
	}

	return 0;
}
