/*
 *	A program that starts a thread, or a child.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void *
work(void *argument)
{
	return argument;
}

int
main(int argc, char **argv)
{
	pthread_t	thread;

	puts("before");
	fflush(stdout);
	if (argc > 1 && strcmp(argv[1], "fork") == 0)
	{
		return fork();
	}
	return pthread_create(&thread, NULL, work, NULL);
}
