/*
 *	An ordinary C program that knows nothing of distributions: sorting, a map, strings, files, floating point.
 *
 *	Every floating value that it prints stands between angle brackets, so that a test can find each.
 */
#include <ctype.h>
#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t	state = 88172645463325252u;

/*
 *	xorshift64: the same numbers everywhere.
 */
static uint64_t
next(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;

	return state;
}

static int
byInt(const void *a, const void *b)
{
	int	x = *(const int *)a;
	int	y = *(const int *)b;

	return (x > y) - (x < y);
}

static int
byDouble(const void *a, const void *b)
{
	double	x = *(const double *)a;
	double	y = *(const double *)b;

	return (x > y) - (x < y);
}

struct record
{
	char	name[12];
	double	value;
	float	weight;
	int	rank;
};

static int
byName(const void *a, const void *b)
{
	return strcmp(((const struct record *)a)->name, ((const struct record *)b)->name);
}

static void
sorting(void)
{
	enum
	{
		kCount = 1000
	};
	static int	integers[kCount];
	static double	doubles[kCount];
	struct record	records[20];
	long		sum = 0;

	for (int i = 0; i < kCount; i++)
	{
		integers[i] = (int)(next() % 100000) - 50000;
		doubles[i] = (double)(int64_t)next() / 1e15;
	}
	qsort(integers, kCount, sizeof integers[0], byInt);
	qsort(doubles, kCount, sizeof doubles[0], byDouble);
	for (int i = 0; i < kCount; i++)
	{
		sum += (long)integers[i] * (i + 1);
	}
	printf("integers %d %d %d %ld\n", integers[0], integers[kCount / 2], integers[kCount - 1], sum);
	printf("doubles <%f> <%g> <%e>\n", doubles[0], doubles[kCount / 2], doubles[kCount - 1]);

	for (int i = 0; i < 20; i++)
	{
		snprintf(records[i].name, sizeof records[i].name, "n%" PRIu64, next() % 1000);
		records[i].value = (double)(next() % 1000) / 8;
		records[i].weight = (float)(next() % 1000) / 16;
		records[i].rank = i;
	}
	qsort(records, 20, sizeof records[0], byName);
	for (int i = 0; i < 20; i += 5)
	{
		printf("%-12s|%5d|<%.3f>|<%8.2f>\n", records[i].name, records[i].rank, records[i].value, records[i].weight);
	}
}

/*
 *	A chained hash map from words to counts.
 */
struct node
{
	struct node *	next;
	int		count;
	char		word[];
};

static void
map(void)
{
	static const char	text[] = "the quick brown fox jumps over the lazy dog while the other dog sleeps over the fence";
	struct node *		buckets[16] = {0};
	char *			copy = malloc(sizeof text);
	char *			rest;

	memcpy(copy, text, sizeof text);
	for (char *word = strtok_r(copy, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
	{
		unsigned	hash = 5381;
		struct node **	at;

		for (char *c = word; *c != 0; c++)
		{
			hash = hash * 33 + (unsigned char)*c;
		}
		for (at = &buckets[hash % 16]; *at != NULL && strcmp((*at)->word, word) != 0; at = &(*at)->next)
		{
		}
		if (*at == NULL)
		{
			*at = calloc(1, sizeof **at + strlen(word) + 1);
			strcpy((*at)->word, word);
		}
		(*at)->count++;
	}
	for (int i = 0; i < 16; i++)
	{
		for (struct node *node = buckets[i], *following; node != NULL; node = following)
		{
			printf("%s=%d ", node->word, node->count);
			following = node->next;
			free(node);
		}
	}
	printf("\n");
	free(copy);
}

static int
format(char *to, size_t size, const char *how, ...)
{
	va_list	arguments;
	int	length;

	va_start(arguments, how);
	length = vsnprintf(to, size, how, arguments);
	va_end(arguments);

	return length;
}

static void
strings(void)
{
	char	buffer[4096];
	char	upper[32];
	int	length;
	long	hex;

	length = format(buffer, sizeof buffer, "%s|%5s|%-5s|%.2s|%c|%%|%5d|%-5d|%05d|%+d|%x|%#X|%o|%p", "abc", "de", "fg", "hijk", 'l', 42, 42, 42,
		42, 255, 255, 8, (void *)0x1234);
	printf("%d %s\n", length, buffer);
	printf("%zu %td %jd %hhd %hd %lld\n", sizeof buffer, (ptrdiff_t)-5, (intmax_t)INTMAX_MIN, (signed char)-1, (short)-2, LLONG_MAX);
	for (length = 0; length < 26; length++)
	{
		upper[length] = (char)toupper('a' + length);
	}
	upper[length] = 0;
	printf("%s %s %d %d\n", upper, strstr(upper, "XY"), (int)strcspn(upper, "M"), memcmp(upper, "ABD", 3) < 0);
	printf("%ld %lu %d\n", strtol("-0x1F rest", NULL, 16), strtoul("755", NULL, 8), atoi("  12abc"));
	if (sscanf("17 word 0x1f 2.5e3", "%d %15s %lx", &length, buffer, &hex) == 3)
	{
		printf("%d %s %lx\n", length, buffer, hex);
	}
}

static int
files(const char *folder)
{
	char	path[512];
	char	line[128];
	FILE *	file;
	int	lines = 0;
	long	size;
	double	sum = 0;

	snprintf(path, sizeof path, "%s/plain.tmp", folder);
	file = fopen(path, "w");
	if (file == NULL)
	{
		perror("cannot write");

		return 1;
	}
	for (int i = 0; i < 500; i++)
	{
		fprintf(file, "line %d of the file\n", i);
	}
	fclose(file);
	file = fopen(path, "r+");
	while (fgets(line, sizeof line, file) != NULL)
	{
		int	number;

		if (sscanf(line, "line %d", &number) == 1)
		{
			sum += number / 2.0;
			lines++;
		}
	}
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	fseek(file, 5, SEEK_SET);
	fputs("7", file);
	rewind(file);
	fgets(line, sizeof line, file);
	fclose(file);
	printf("%d lines, %ld bytes, sum <%g>, first %s", lines, size, sum, line);
	remove(path);
	file = fopen(path, "r");
	printf("%s\n", file == NULL ? "removed" : "still there");

	return 0;
}

/*
 *	Arithmetic whose last bits would show a difference.
 */
static void
floating(void)
{
	double		pi = 0;
	double		matrix[3][3] = {{4, -2, 1}, {-2, 4, -2}, {1, -2, 4}};
	double		x[3] = {11, -16, 17};
	float		single = 1;
	volatile double	zero = 0;
	volatile double	one = 1;

	for (int i = 0; i < 1000; i++)
	{
		pi += (i % 2 == 0 ? 4.0 : -4.0) / (2 * i + 1);
		single = single * 1.01f - 0.005f;
	}
	printf("<%.17g> <%.9g>\n", pi, single);
	for (int i = 0; i < 3; i++)
	{
		for (int j = i + 1; j < 3; j++)
		{
			double	factor = matrix[j][i] / matrix[i][i];

			for (int k = i; k < 3; k++)
			{
				matrix[j][k] -= factor * matrix[i][k];
			}
			x[j] -= factor * x[i];
		}
	}
	for (int i = 2; i >= 0; i--)
	{
		for (int k = i + 1; k < 3; k++)
		{
			x[i] -= matrix[i][k] * x[k];
		}
		x[i] /= matrix[i][i];
	}
	printf("<%.15f> <%.15f> <%.15f>\n", x[0], x[1], x[2]);
	printf("<%.17g> <%.17g> <%.17g> <%.17g>\n", sin(0.5), exp(1.5), log(7.0), pow(2.0, 0.3));
	printf("<%.17g> <%.17g> <%.17g> <%a>\n", sqrt(2.0), cbrt(3.0), atan2(1, -2), tgamma(4.5));
	printf("<%g> <%f> <%e> <%F> <%G> <%g>\n", one / zero, -one / zero, zero / zero * 0, DBL_MAX, DBL_MIN, 5e-324);
	printf("%d %ld %d %d\n", (int)-2.7, lround(2.5), (int)floor(-2.5), (int)rint(2.5));
	printf("%d %d %d\n", isnan(zero / zero), signbit(-zero) != 0, one / zero > DBL_MAX);
	printf("<%5.1f>|<%-10.3e>|<%+.0f>|<% g>|<%010.2f>|<%#.0f>|<%*.*f>\n", 2.25, 12345.678, 0.5, 1.0, -3.14159, 3.0, 9, 3, 2.0 / 3);
	printf("<%f> <%f>\n", strtod("1.25e2xyz", NULL), atof("-0x1.8p3"));
}

static jmp_buf	somewhere;

static void
jumps(int depth)
{
	if (depth == 0)
	{
		longjmp(somewhere, 7);
	}
	jumps(depth - 1);
}

static void
leaving(void)
{
	printf("good bye\n");
}

int
main(int argc, char *argv[])
{
	char	line[256];
	int	words = 0;

	atexit(leaving);
	for (int i = 1; i < argc; i++)
	{
		fprintf(stderr, "argument %d: %s\n", i, argv[i]);
	}
	while (fgets(line, sizeof line, stdin) != NULL)
	{
		for (char *c = line; *c != 0; c++)
		{
			words += !isspace((unsigned char)*c) && (c == line || isspace((unsigned char)c[-1]));
		}
	}
	printf("%d words on stdin\n", words);
	sorting();
	map();
	strings();
	floating();
	if (setjmp(somewhere) == 0)
	{
		jumps(10);
	}
	else
	{
		printf("jumped back\n");
	}
	if (argc > 1 && files(argv[1]) != 0)
	{
		return 1;
	}

	return 42;
}
