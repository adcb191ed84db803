/*
 *	Every way of C to print a number, with one uncertain value and one certain one. Each line says what it shows.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <uxhw.h>

static char	big[300000];
static char	copy[300000];

static void
through_va_list(const char *format, ...)
{
	va_list	arguments;

	va_start(arguments, format);
	vfprintf(stdout, format, arguments);
	va_end(arguments);
}

int
main(void)
{
	double		x = UxHwDoubleUniformDist(1, 2);
	float		f = UxHwFloatUniformDist(1, 2);
	long double	l = 2.5L;
	char *		allocated = NULL;
	int		count = 0, length;
	const char *	formats[] = {
		"<%f>\n", "<%F>\n", "<%e>\n", "<%E>\n", "<%g>\n", "<%G>\n", "<%a>\n", "<%A>\n", "<%lf>\n", "<%.0f>\n", "<%#.0f>\n", "<%.2f>\n",
		"<%.12e>\n", "<%+f>\n", "<% f>\n", "<%08.2f>\n", "<%12.3f>\n", "<%-12.3f>\n", "<%+-12.1e>\n", "<%'f>\n",
	};

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
	{
		printf(formats[i], x);
		printf(formats[i], 0.0625);
	}
	printf("float <%f> of float\n", f);
	printf("several <%f> %d <%.1f> %s <%e>\n", x, 7, 2.0, "text", x * 2);
	printf("stars <%*.*f> <%-*f> <%.*f>\n", 12, 2, x, 12, x, -1, x);
	printf("positional <%2$f> %1$d <%2$.1f> <%3$*1$f>\n", 9, x, 0.5);
	printf("percent %% <%f> 100%%\n", x);
	printf("long double <%Lf> %d <%f>\n", l, 3, x);
	through_va_list("va_list <%f> <%Lf> <%f>\n", x, l, 1.5);
	printf("count <%f>%n\n", x, &count);
	printf("counted %d\n", count > 100);
	printf("modifier %" SignaloidParticleModifier ".1f %.2" SignaloidParticleModifier "lf <%f>\n", x, x, x);

	length = snprintf(big, sizeof big, "<%f>", x);
	printf("snprintf %d %s\n", length == (int)strlen(big), big);
	length = snprintf(big, 10, "<%f>", x);
	printf("cut %d %s\n", length > 100, big);
	length = snprintf(NULL, 0, "<%f>", x);
	printf("measured %d\n", length > 100);
	length = sprintf(big, "<%f>", x);
	strcpy(copy, big);
	fputs(copy, stdout);
	puts(" sprintf, copied");
	length = asprintf(&allocated, "<%f>", x);
	printf("asprintf %d %s\n", length == (int)strlen(allocated), allocated);
	free(allocated);
	fprintf(stdout, "fprintf <%f>\n", x);
#ifndef __PICOLIBC__
	dprintf(1, "%s", "");
#endif

	/*
	 *	A long line (250 KB on a core with 128 Diracs a value), through the program's own buffers.
	 */
	big[0] = 0;
	for (int i = 0; i < 60; i++)
	{
		sprintf(big + strlen(big), "<%f>,", x + i);
	}
	memmove(copy, big, strlen(big) + 1);
	fputs(copy, stdout);
	puts("");

	return 0;
}
