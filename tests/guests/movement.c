/*
 *	Every way a double can travel when nobody computes with it. Each line of output is a name and a value, and each value must be the
 *	one of the first line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uxhw.h>

#define NOINLINE __attribute__((noinline))

struct pair
{
	double	first;
	double	second;
};

struct large
{
	int	tag;
	double	values[5];
	char	name[7];
};

union bits
{
	double		value;
	uint64_t	word;
	uint32_t	halves[2];
	uint16_t	quarters[4];
	unsigned char	bytes[8];
};

static volatile int	one = 1;
static double		global;
static jmp_buf		somewhere;

static void
show(const char *name, double value)
{
	printf("%s %.3f\n", name, value);
}

NOINLINE static double
same(double x)
{
	__asm__ volatile("" : "+f"(x));

	return x;
}

NOINLINE static double
ninth(double a, double b, double c, double d, double e, double f, double g, double h, double i)
{
	__asm__ volatile("" :: "f"(a), "f"(b), "f"(c), "f"(d), "f"(e), "f"(f), "f"(g), "f"(h));

	return i;
}

NOINLINE static struct pair
swapped(struct pair p)
{
	struct pair	result = {p.second, p.first};

	return result;
}

NOINLINE static struct large
large(double x)
{
	struct large	result = {.tag = 1, .values = {1, 2, x, 4, 5}, .name = "large"};

	return result;
}

NOINLINE static double
variadic(int count, ...)
{
	va_list	arguments;
	va_list	copy;
	double	last = 0;

	va_start(arguments, count);
	va_copy(copy, arguments);
	for (int i = 0; i < count; i++)
	{
		last = va_arg(copy, double);
	}
	va_end(copy);
	va_end(arguments);

	return last;
}

NOINLINE static double
recursive(double x, int depth)
{
	double	below = depth == 0 ? x : recursive(x, depth - 1);

	__asm__ volatile("" : "+f"(below));

	return below;
}

NOINLINE static void
jump(void)
{
	/*
	 *	Uses every callee-saved floating register, so that longjmp has something to restore.
	 */
	__asm__ volatile("fmv.d.x fs0, zero\nfmv.d.x fs1, zero\nfmv.d.x fs2, zero\nfmv.d.x fs3, zero\n" ::: "fs0", "fs1", "fs2", "fs3");
	longjmp(somewhere, 1);
}

NOINLINE static double
acrossJump(double x)
{
	if (setjmp(somewhere) == 0)
	{
		jump();
	}

	return x;
}

struct keyed
{
	double	value;
	int	key;
};

static int
byKey(const void *a, const void *b)
{
	return ((const struct keyed *)a)->key - ((const struct keyed *)b)->key;
}

NOINLINE static void
byteCopy(volatile unsigned char *to, const volatile unsigned char *from, size_t count)
{
	for (size_t i = 0; i < count; i++)
	{
		to[i] = from[i];
	}
}

NOINLINE static void
byteCopyBackwards(volatile unsigned char *to, const volatile unsigned char *from, size_t count)
{
	while (count-- > 0)
	{
		to[count] = from[count];
	}
}

int
main(void)
{
	double		x = UxHwDoubleGaussDist(5, 2);
	double		y = 1;
	double		z;
	unsigned char	buffer[64];
	union bits	from;
	union bits	to;
	double		array[8] = {0};
	struct pair	pair = {x, 3};
	struct large	big;
	uint64_t	word;

	show("original", x);
	show("argument", same(x));
	show("ninth-argument", ninth(1, 2, 3, 4, 5, 6, 7, 8, x));
	show("struct-in-registers", swapped(pair).second);
	big = large(x);
	show("struct-in-memory", big.values[2]);
	{
		struct large	copy = big;

		__asm__ volatile("" : "+m"(copy));
		show("struct-assignment", copy.values[2]);
	}
	show("variadic-register", variadic(2, 1.0, x));
	show("variadic-stack", variadic(9, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, x));
	show("recursion", recursive(x, 20));
	show("longjmp", acrossJump(x));
	global = x;
	__asm__ volatile("" ::: "memory");
	show("global", global);

	memcpy(array + one, &x, sizeof x);
	show("memcpy", array[1]);
	memmove(array + one + 1, array + one, 3 * sizeof x);
	show("memmove-up", array[2]);
	memmove(array, array + one + 1, 3 * sizeof x);
	show("memmove-down", array[0]);
	for (int offset = 1; offset < 8; offset += 3)
	{
		memcpy(buffer + offset * one, &x, sizeof x);
		memmove(buffer + 16 + offset * one, buffer + offset, sizeof x);
		memcpy(&z, buffer + 16 + offset * one, sizeof z);
		show("misaligned-memcpy", z);
	}
	byteCopy(buffer + 5, (unsigned char *)&x, sizeof x);
	byteCopyBackwards((unsigned char *)&z, buffer + 5, sizeof x);
	show("bytes", z);

	from.value = x;
	__asm__ volatile("" : "+m"(from));
	to.halves[0] = from.halves[0];
	to.halves[1] = from.halves[1];
	__asm__ volatile("" : "+m"(to));
	show("halves", to.value);
	for (int i = 3; i >= 0; i--)
	{
		((volatile union bits *)&to)->quarters[i] = ((volatile union bits *)&from)->quarters[i];
	}
	show("quarters", to.value);
	word = from.word;
	__asm__ volatile("" : "+r"(word));
	to.word = word;
	show("integer-register", to.value);
	__asm__ volatile("fmv.x.d %0, %1" : "=r"(word) : "f"(x));
	__asm__ volatile("mv t0, %1\nfmv.d.x %0, t0" : "=f"(z) : "r"(word) : "t0");
	show("fmv", z);
	__asm__ volatile("fsgnj.d %0, %1, %1" : "=f"(z) : "f"(x));
	show("fsgnj", z);
	z = -same(-x);
	show("negated-twice", z);

	{
		struct keyed	keyed[12];

		for (int i = 0; i < 12; i++)
		{
			keyed[i].key = (i * 5) % 12;
			keyed[i].value = keyed[i].key == 7 ? x : keyed[i].key;
		}
		qsort(keyed, 12, sizeof keyed[0], byKey);
		show("qsort", keyed[7].value);
	}
	{
		double *	heap = malloc(4 * sizeof *heap);

		heap[3] = x;
		for (int size = 8; size <= 200000; size *= 5)
		{
			heap = realloc(heap, size * sizeof *heap);
			heap[size - 1] = 0;
		}
		show("realloc", heap[3]);
		free(heap);
	}
	{
		uint64_t	slot = 0;

		memcpy(&word, &x, sizeof word);
		__atomic_store_n(&slot, word, __ATOMIC_SEQ_CST);
		word = __atomic_exchange_n(&slot, 5, __ATOMIC_SEQ_CST);
		memcpy(&z, &word, sizeof z);
		show("atomic-exchange", z);
	}
	y = one ? x : y;
	show("conditional", y);
	{
		volatile double	spilled[3] = {1, x, 2};

		show("volatile", spilled[1]);
	}

	return 0;
}
