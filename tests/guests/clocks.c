/*
 *	Clocks, sleep and random bytes.
 */
#include <stdio.h>
#include <sys/random.h>
#include <time.h>

int
main(void)
{
	struct timespec	before, after, pause = {1, 500000000};
	unsigned char	bytes[8];
	time_t	start = time(NULL);
	int	i;

	printf("time %ld\n", (long)start);
	clock_gettime(CLOCK_MONOTONIC, &before);
	nanosleep(&pause, NULL);
	clock_gettime(CLOCK_MONOTONIC, &after);
	printf("slept %ld\n", (after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec - before.tv_nsec);
	printf("since %ld\n", (long)(time(NULL) - start));
	if (getrandom(bytes, sizeof(bytes), 0) == sizeof(bytes))
	{
		for (i = 0; i < 8; i++)
		{
			printf("%02x", bytes[i]);
		}
	}
	printf("\n");
	return 0;
}
