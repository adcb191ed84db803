/*
 *	Ways a float can travel: two share a word of memory, and variadic calls make doubles of them. Each line of output is a name and a
 *	value, and each value must be the one of the first line.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uxhw.h>

#define NOINLINE __attribute__((noinline))

struct pair
{
	float	first;
	float	second;
};

static volatile int	one = 1;

static void
show(const char *name, float value)
{
	printf("%s %.3f\n", name, value);
}

NOINLINE static float
ninth(float a, float b, float c, float d, float e, float f, float g, float h, float i)
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

int
main(void)
{
	float		x = UxHwFloatGaussDist(5, 2);
	float		z;
	float		array[6] = {0};
	unsigned char	buffer[32];
	struct pair	pair = {1, x};
	uint32_t	word;
	uint64_t	both;

	show("original", x);
	show("ninth-argument", ninth(1, 2, 3, 4, 5, 6, 7, 8, x));
	show("struct-in-registers", swapped(pair).first);
	array[2 * one] = x;
	array[2 * one + 1] = 9;
	show("lower-half", array[2]);
	array[3 * one] = x;
	array[2 * one] = 9;
	show("upper-half", array[3]);
	memcpy(&both, array + 2 * one, sizeof both);
	__asm__ volatile("" : "+r"(both));
	memcpy(array, &both, sizeof both);
	show("word-of-two", array[1]);
	memcpy(&word, array + one, sizeof word);
	__asm__ volatile("" : "+r"(word));
	memcpy(&z, &word, sizeof z);
	show("integer-register", z);
	memcpy(buffer + 5 * one, &x, sizeof x);
	memcpy(&z, buffer + 5 * one, sizeof z);
	show("misaligned-memcpy", z);
	__asm__ volatile("fmv.x.w %0, %1" : "=r"(both) : "f"(x));
	__asm__ volatile("fmv.w.x %0, %1" : "=f"(z) : "r"(both));
	show("fmv", z);
	show("double-and-back", (float)(double)x);

	return 0;
}
