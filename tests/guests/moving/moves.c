/*
 *	Every way that a double travels without being computed with. Each line shows the same value, after the name of its way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uxhw.h>

#define COPY(name, type) \
	typedef type __attribute__((may_alias)) name##Unit; \
	static __attribute__((noinline)) void \
	name(void *to, const void *from, size_t bytes) \
	{ \
		volatile name##Unit *		t = to; \
		const volatile name##Unit *	f = from; \
		for (size_t i = 0; i < bytes / sizeof(type); i++) \
		{ \
			t[i] = f[i]; \
		} \
	}
COPY(copyBytes, unsigned char)
COPY(copySignedBytes, signed char)
COPY(copyHalves, uint16_t)
COPY(copyWords, uint32_t)
COPY(copyDoubleWords, uint64_t)

union Pun
{
	double		number;
	uint64_t	bits;
	uint32_t	halves[2];
	unsigned char	bytes[8];
};

struct Record
{
	char	name[20];
	double	value;
	int	tail[9];
};

static jmp_buf	environment;

static void
show(const char *way, double value)
{
	printf("%s: <%f>\n", way, value);
}

static int
byKey(const void *a, const void *b)
{
	const double *	x = a;
	const double *	y = b;

	return (x[0] > y[0]) - (x[0] < y[0]);
}

static double
last(int count, ...)
{
	va_list	arguments;
	va_list	twice;
	double	value = 0;

	va_start(arguments, count);
	va_copy(twice, arguments);
	for (int i = 0; i < count; i++)
	{
		(void)va_arg(arguments, double);
		value = va_arg(twice, double);
	}
	va_end(twice);
	va_end(arguments);
	return value;
}

static __attribute__((noinline)) double
tenth(double a, double b, double c, double d, double e, double f, double g, double h, double i, double j)
{
	return j + 0 * (a + b + c + d + e + f + g + h + i);
}

static __attribute__((noinline)) struct Record
passed(struct Record record)
{
	record.tail[3] = 7;
	return record;
}

static __attribute__((noinline)) void
jump(double value)
{
	show("before longjmp", value);
	longjmp(environment, 5);
}

/*
 *	As a memcpy that reads aligned words and merges their parts.
 */
static __attribute__((noinline)) void
copyMerged(uint64_t *to, const uint64_t *from, size_t words)
{
	uint64_t	word = from[0];

	for (size_t i = 0; i < words; i++)
	{
		uint64_t	next = from[i + 1];

		to[i] = word >> 24 | next << 40;
		word = next;
	}
}

int
main(void)
{
	double		x = UxHwDoubleUniformDist(1, 2);
	double		y;
	float		f;
	union Pun	pun;
	char		raw[64] __attribute__((aligned(8)));
	uint64_t	shifted[4];

	show("itself", x);
	copyBytes(&y, &x, 8);
	show("bytes", y);
	copySignedBytes(&y, &x, 8);
	show("signed bytes", y);
	copyHalves(&y, &x, 8);
	show("half words", y);
	copyWords(&y, &x, 8);
	show("words", y);
	copyDoubleWords(&y, &x, 8);
	show("double words", y);
	for (int i = 7; i >= 0; i--)
	{
		((volatile char *)&y)[i] = ((volatile char *)&x)[i];
	}
	show("backwards", y);

	for (int offset = 1; offset < 8; offset++)
	{
		memset(raw, 0, sizeof raw);
		memcpy(raw + offset, &x, 8);
		memmove(raw + offset + 3, raw + offset, 8);
		memmove(raw + offset + 1, raw + offset + 3, 8);
		memcpy(&y, raw + offset + 1, 8);
		show("misaligned and overlapping", y);
	}
	memset(raw, 0, sizeof raw);
	memcpy(raw + 3, &x, 8);
	copyMerged(shifted, (uint64_t *)raw, 3);
	memcpy(&y, shifted, 8);
	show("shifted and merged", y);

	pun.number = x;
	pun.bits = *(volatile uint64_t *)&pun.bits;
	show("union, bits", pun.number);
	uint32_t high = ((volatile uint32_t *)pun.halves)[1];
	uint32_t low = ((volatile uint32_t *)pun.halves)[0];
	pun.number = 0;
	((volatile uint32_t *)pun.halves)[0] = low;
	((volatile uint32_t *)pun.halves)[1] = high;
	show("union, halves", pun.number);
	uint64_t joined = (uint64_t)high << 32 | low;
	memcpy(&y, &joined, 8);
	show("halves joined in a register", y);

	double table[20][3];
	for (int i = 0; i < 20; i++)
	{
		table[i][0] = (i * 7) % 20;
		table[i][1] = i == 0 ? x : i;
		table[i][2] = -1;
	}
	qsort(table, 20, sizeof table[0], byKey);
	show("qsort", table[0][1]);
	qsort(&table[0][0], 2, 8, byKey);

	double *heap = malloc(3 * sizeof(double));
	heap[1] = x;
	for (int size = 10; size < 100000; size *= 7)
	{
		heap = realloc(heap, size * sizeof(double));
	}
	show("realloc", heap[1]);
	memmove(heap + 2, heap, 500 * sizeof(double));
	show("memmove", heap[3]);
	free(heap);

	show("varargs", last(3, 1.0, 2.0, x));
	show("varargs, past the registers", last(12, 1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 11., x));
	show("tenth argument", tenth(1, 2, 3, 4, 5, 6, 7, 8, 9, x));

	struct Record record = { "name", x, { 0 } };
	struct Record other = passed(record);
	show("structure", other.value);

	volatile double	kept = x;
	register double	saved = x;
	if (setjmp(environment) == 0)
	{
		jump(saved);
	}
	show("after longjmp", kept);

	f = (float)x;
	uint32_t word;
	memcpy(&word, &f, 4);
	printf("float: <%f>\n", f);
	memcpy(raw + 4, &word, 4);
	memcpy(&f, raw + 4, 4);
	printf("float moved: <%f>\n", f);

	/*
	 *	Atomics move doubles as integers.
	 */
	_Atomic double	cell = 0;
	atomic_store(&cell, x);
	show("atomic load", atomic_load(&cell));
	show("atomic exchange", atomic_exchange(&cell, 2.0));
	double		expected = 2.0;
	show("compare and exchange", atomic_compare_exchange_strong(&cell, &expected, x) ? cell : -1);

	/*
	 *	What is overwritten has no distribution any more.
	 */
	y = x;
	((volatile char *)&y)[0] = 0;
	printf("overwritten: [%f]\n", y);
	y = x;
	memset(&y, 0, 8);
	printf("cleared: [%f]\n", y);
	return 0;
}
