/*
 *	The printf family with an uncertain x, a certain 2.5 and everything that printf can do. Floating values stand between < and >.
 */
#define _GNU_SOURCE
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uxhw.h>

#define P SignaloidParticleModifier

/*
 *	A compiler that knew the size would warn, rightly, that the text is cut.
 */
static volatile size_t	four = 4;

static void
through(const char *format, ...)
{
	va_list	arguments;

	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
}

int
main(void)
{
	static char	buffer[200000];
	char *		allocated = NULL;
	double		x = UxHwDoubleUniformDist(1, 2);
	float		f = UxHwFloatUniformDist(1, 2);
	int		length;
	int		before = 0;
	int		after = 0;

	printf("<%f> <%F> <%e> <%E> <%g> <%G> <%a> <%lf>\n", x, x, x, x, x, x, x, x);
	printf("<%.2f> <%10.1f> <%-10.1f> <%+.3e> <% .1f> <%08.2f> <%#.0f> <%*.*f> <%-*.*f>\n", x, x, x, x, x, x, x, 12, 4, x, 12, 4, x);
	printf("%d <%f> %s <%.1f> %c <%f> %ld\n", 1, x, "two", 2.5, '3', x + 1, 4L);
	printf("<%2$f> %1$d <%2$.1f> <%3$f>\n", 7, x, 2.5);
	printf("<%f><%f><%f><%f><%f><%f><%f><%f><%f><%f>\n", x, 1.0, x, 2.0, x, 3.0, x, 4.0, x, 5.0);
	printf("float <%f> <%.1f>\n", f, f);
	printf("modifier %" P ".1f % " P "f %.2" P "lf %" P "g\n", x, x, x, 2.5);
	printf("special <%f> <%f> <%e>\n", (double)INFINITY, -(double)INFINITY, log(0.0));
	through("va_list <%f> %d <%g>\n", x, 5, 2.5);
	fprintf(stdout, "fprintf <%f>\n", x);
	length = snprintf(buffer, sizeof buffer, "<%.3f>", x);
	printf("snprintf %d %s\n", length == (int)strlen(buffer), buffer);
	length = snprintf(buffer, four, "<%.3f>", x);
	printf("short %d %s|\n", length > 4, buffer);
	sprintf(buffer, "<%f> and <%f>", x, 2.5);
	printf("sprintf %s\n", buffer);
	length = asprintf(&allocated, "<%f>", x);
	printf("asprintf %d %s\n", length == (int)strlen(allocated), allocated);
	free(allocated);
	printf("%%n <%f>%n and%n\n", 2.5, &before, &after);
	printf("%d\n", after - before);
	dprintf(2, "dprintf <%f>\n", x);

	return 0;
}
