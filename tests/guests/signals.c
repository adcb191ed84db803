/*
 *	Signals that a process raises itself: the first argument says which scene to play.
 */
#include <errno.h>
#include <fenv.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

static volatile sig_atomic_t	seen;
static sigjmp_buf	back;
static int	*volatile nowhere = (int *)8;

static void
count(int signal)
{
	seen = seen * 100 + signal;
}

static void
jumpBack(int signal, siginfo_t *info, void *context)
{
	ucontext_t	*registers = context;

	(void)registers;
	printf("signal %d code %d address %p errno %d\n", signal, info->si_code, signal == SIGSEGV ? info->si_addr : NULL, info->si_errno);
	siglongjmp(back, 1);
}

/* Goes on behind the instruction that trapped. */
static void
skip(int signal, siginfo_t *info, void *context)
{
	ucontext_t	*registers = context;
	double	f9, changed = 42;

	memcpy(&f9, &registers->uc_mcontext.__fpregs.__d.__f[9], sizeof(f9));
	printf("signal %d at the interrupted instruction %d, f9 %g\n", signal, info->si_addr == (void *)registers->uc_mcontext.__gregs[0],
		f9);
	registers->uc_mcontext.__gregs[0] += signal == SIGTRAP ? 2 : 4;
	memcpy(&registers->uc_mcontext.__fpregs.__d.__f[9], &changed, sizeof(changed));
}

static int	onAlternate;
static char	alternate[65536];

static void
overflowed(int signal, siginfo_t *info, void *context)
{
	char	here;

	(void)info, (void)context;
	onAlternate = &here >= alternate && &here < alternate + sizeof(alternate);
	printf("signal %d on the alternate stack %d\n", signal, onAlternate);
	fflush(stdout);
	_exit(0);
}

static __attribute__((noinline)) int
recurse(volatile char *above)
{
	volatile char	room[1024];

	room[0] = above[0];
	return recurse(room) + room[0];
}

static void
install(int signal, void (*handler)(int, siginfo_t *, void *), int flags)
{
	struct sigaction	action;

	memset(&action, 0, sizeof(action));
	action.sa_sigaction = handler;
	action.sa_flags = SA_SIGINFO | flags;
	if (sigaction(signal, &action, NULL) != 0)
	{
		perror("sigaction");
	}
}

int
main(int argc, char **argv)
{
	const char	*scene = argc > 1 ? argv[1] : "";
	sigset_t	set, old;
	stack_t	stack;
	volatile double	kept = 2.5;

	if (strcmp(scene, "raise") == 0)
	{
		signal(SIGFPE, count);
		signal(SIGUSR1, count);
		signal(SIGTERM, SIG_IGN);
		printf("raise %d", raise(SIGFPE));
		printf(" kill %d", kill(getpid(), SIGUSR1));
		printf(" ignored %d", raise(SIGTERM));
		printf(" child %d", raise(SIGCHLD));
		printf(" seen %d kept %g\n", (int)seen, kept);
		printf("nobody %d %d\n", kill(99999, SIGUSR1), errno);
		printf("none %d %d\n", kill(getpid(), 65), errno);
		printf("kill cannot be handled %d %d\n", signal(SIGKILL, count) == SIG_ERR, errno);
	}
	else if (strcmp(scene, "mask") == 0)
	{
		signal(SIGUSR1, count);
		signal(SIGUSR2, count);
		sigemptyset(&set);
		sigaddset(&set, SIGUSR1);
		sigaddset(&set, SIGUSR2);
		sigprocmask(SIG_BLOCK, &set, &old);
		raise(SIGUSR2);
		raise(SIGUSR1);
		raise(SIGUSR1);
		sigpending(&set);
		printf("blocked %d pending %d %d\n", (int)seen, sigismember(&set, SIGUSR1), sigismember(&set, SIGINT));
		sigprocmask(SIG_SETMASK, &old, NULL);
		printf("unblocked %d\n", (int)seen);
	}
	else if (strcmp(scene, "fault") == 0)
	{
		install(SIGSEGV, jumpBack, 0);
		if (sigsetjmp(back, 1) == 0)
		{
			*nowhere = 1;
		}
		if (sigsetjmp(back, 1) == 0)
		{
			*(volatile char *)main = 1;
		}
		puts("after the faults");
	}
	else if (strcmp(scene, "skip") == 0)
	{
		register double	f9 asm("fs1") = 7;

		install(SIGILL, skip, 0);
		install(SIGTRAP, skip, 0);
		asm volatile(".4byte 0xffffffff" : "+f"(f9));
		printf("f9 %g\n", f9);
		f9 = 8;
		asm volatile("c.ebreak" : "+f"(f9));
		printf("f9 %g\n", f9);
	}
	else if (strcmp(scene, "abort") == 0)
	{
		install(SIGABRT, jumpBack, 0);
		if (sigsetjmp(back, 1) == 0)
		{
			abort();
		}
		puts("after the abort");
		signal(SIGABRT, count);
		fflush(stdout);
		abort();
	}
	else if (strcmp(scene, "overflow") == 0)
	{
		memset(&stack, 0, sizeof(stack));
		stack.ss_sp = alternate;
		stack.ss_size = sizeof(alternate);
		printf("sigaltstack %d\n", sigaltstack(&stack, NULL));
		install(SIGSEGV, overflowed, SA_ONSTACK);
		return recurse((volatile char *)scene);
	}
	else if (strcmp(scene, "default") == 0)
	{
		puts("before");
		fflush(stdout);
		raise(SIGFPE);
	}
	else if (strcmp(scene, "once") == 0)
	{
		install(SIGUSR1, (void (*)(int, siginfo_t *, void *))count, SA_RESETHAND);
		raise(SIGUSR1);
		printf("seen %d\n", (int)seen);
		fflush(stdout);
		raise(SIGUSR1);
	}
	return 0;
}
