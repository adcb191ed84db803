/*
 *	Never ends, in the way that the argument names: each uses something up, or waits, or works, until it is stopped.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <uxhw.h>

static volatile double	sink;
static volatile long	counter;

/* Says that it is ready: whoever cancels waits for that. */
static void
ready(void)
{
	write(1, "ready\n", 6);
}

static void
forever(void)
{
	for (;;)
	{
		counter++;
	}
}

/* Every operation is one on distributions of the core's full precision. */
static void
distributions(void)
{
	double	x = UxHwDoubleGaussDist(1, 0.001);
	double	y = UxHwDoubleUniformDist(0.99, 1.01);

	ready();
	for (;;)
	{
		sink = x * y;
	}
}

/* Asks about a value that depends on others in more than one way: on a core with correlation tracking that is where the work is. */
static void
questions(void)
{
	double	x = UxHwDoubleGaussDist(1, 0.001);
	double	y = UxHwDoubleUniformDist(0.99, 1.01);

	ready();
	for (double i = 0; ; i++)
	{
		sink = UxHwDoubleNthMoment(x * y / (x + y + i), 2);
	}
}

/* One value from many numbers. */
static void
samples(void)
{
	size_t		count = 10000000;
	double		*all = malloc(count * sizeof(*all));
	uint64_t	state = 1;

	for (size_t i = 0; i < count; i++)
	{
		state = state * 6364136223846793005u + 1442695040888963407u;
		all[i] = (double)(state >> 11);
	}
	ready();
	for (;;)
	{
		sink = UxHwDoubleDistFromSamples(all, count);
	}
}

/* Several from many rows, half of them not finite. */
static void
jointSamples(void)
{
	size_t		count = 10000000;
	double		*all = malloc(count * sizeof(*all));
	static double	values[2];

	for (size_t i = 0; i < count; i++)
	{
		all[i] = i % 4 == 0 ? 1.0 / 0.0 : (double)(i * 7919 % 1000003);
	}
	ready();
	for (;;)
	{
		UxHwDoubleDistFromMultidimensionalSamples(values, (void *)all, count / 2, 2);
	}
}

/* Keeps all that it makes. */
static void
keep(void)
{
	size_t	count = 4 << 20;
	volatile double	*all = malloc(count * sizeof(*all));
	double	x = UxHwDoubleUniformDist(0, 1);

	for (size_t i = 0; ; i = (i + 1) % count)
	{
		all[i] = x + (double)i;
	}
}

/* Keeps sources, no two alike. */
static void
sources(void)
{
	size_t	count = 4 << 20;
	volatile double	*all = malloc(count * sizeof(*all));

	for (size_t i = 0; ; i = (i + 1) % count)
	{
		all[i] = UxHwDoubleUniformDist(0, (double)(i + 1));
	}
}

/* Scatters the bytes of one value over memory. */
static void
scatter(void)
{
	size_t	count = 32 << 20;
	volatile unsigned char	*all = malloc(count);
	double	x = UxHwDoubleUniformDist(0, 1);
	volatile unsigned char	*bytes = (volatile unsigned char *)&x;

	for (size_t i = 0; ; i = (i + 3) % count)
	{
		all[i] = bytes[i % 8];
	}
}

static void
memory(void)
{
	for (;;)
	{
		char	*more = malloc(1 << 20);

		if (more != NULL)
		{
			memset(more, 1, 1 << 20);
		}
	}
}

static void
mappings(void)
{
	for (;;)
	{
		mmap(NULL, 1 << 16, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	}
}

/* Large requests, each much work for the system. */
static void
remap(void)
{
	size_t	size = 400 << 20;

	ready();
	for (;;)
	{
		char	*p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		for (size_t i = 0; i < size; i += 1 << 16)
		{
			p[i] = 1;
		}
		munmap(p, size);
	}
}

/* Jumps to every place of a large stretch of code. */
static void
code(void)
{
	size_t		size = 8 << 20;
	uint16_t	*p = mmap(NULL, size, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t		count = size / sizeof(*p);

	for (size_t i = 0; i < count; i++)
	{
		p[i] = i % 64 == 63 ? 0x8082 : 0x0001; /* ret, nop */
	}
	__asm__ volatile("fence.i");
	for (;;)
	{
		for (size_t i = 0; i < count; i++)
		{
			((void (*)(void))&p[i])();
		}
	}
}

static void
output(void)
{
	static char	line[1000];

	memset(line, 'x', sizeof(line));
	for (;;)
	{
		write(1, line, sizeof(line));
	}
}

static void
openFiles(void)
{
	for (;;)
	{
		open("/data/file", O_RDONLY);
	}
}

static void
duplicates(void)
{
	for (;;)
	{
		dup(1);
	}
}

static void
writeFile(void)
{
	static char	block[1 << 16];
	int		f = open("/data/out", O_RDWR | O_CREAT, 0644);

	for (;;)
	{
		write(f, block, sizeof(block));
	}
}

/* A byte here and there: the file is large though little is written. */
static void
writeHoles(void)
{
	int	f = open("/data/out", O_RDWR | O_CREAT, 0644);

	for (off_t at = 1 << 20; ; at += 1 << 20)
	{
		pwrite(f, "x", 1, at);
	}
}

static void
growFile(void)
{
	int	f = open("/data/out", O_RDWR | O_CREAT, 0644);

	for (off_t size = 1 << 20; ; size += 1 << 20)
	{
		ftruncate(f, size);
		truncate("/data/out", size);
		fallocate(f, 0, size, 4096);
	}
}

static void
makeFolders(void)
{
	char	name[100];

	for (int i = 0; ; i++)
	{
		snprintf(name, sizeof(name), "/data/folder%d", i);
		mkdir(name, 0755);
	}
}

static void
makeFiles(void)
{
	char	name[100];

	for (int i = 0; ; i++)
	{
		snprintf(name, sizeof(name), "/data/file%d", i);
		close(open(name, O_RDWR | O_CREAT, 0644));
	}
}

static void
readInput(void)
{
	char	byte;

	ready();
	for (;;)
	{
		read(0, &byte, 1);
	}
}

static void
sleepLong(void)
{
	struct timespec	century = {.tv_sec = 3600L * 24 * 36525};

	ready();
	for (;;)
	{
		nanosleep(&century, NULL);
	}
}

static void
plain(void)
{
	ready();
	forever();
}

static void
systemCalls(void)
{
	ready();
	for (;;)
	{
		getppid();
	}
}

static const struct
{
	const char	*name;
	void		(*run)(void);
} ways[] = {
	{"plain", plain},
	{"calls", systemCalls},
	{"distributions", distributions},
	{"questions", questions},
	{"samples", samples},
	{"joint", jointSamples},
	{"keep", keep},
	{"sources", sources},
	{"scatter", scatter},
	{"memory", memory},
	{"mappings", mappings},
	{"remap", remap},
	{"code", code},
	{"output", output},
	{"open", openFiles},
	{"duplicates", duplicates},
	{"write", writeFile},
	{"holes", writeHoles},
	{"grow", growFile},
	{"folders", makeFolders},
	{"files", makeFiles},
	{"input", readInput},
	{"sleep", sleepLong},
};

int
main(int argc, char *argv[])
{
	for (size_t i = 0; argc == 2 && i < sizeof(ways) / sizeof(*ways); i++)
	{
		if (strcmp(argv[1], ways[i].name) == 0)
		{
			ways[i].run();
		}
	}

	return 1;
}
