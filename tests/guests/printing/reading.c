/*
 *	Reads numbers in every way of C from argv[1], and then `%lf` after `%lf` from standard input; prints each doubled.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uxhw.h>

int
main(int argc, char *argv[])
{
	const char *	text = argc > 1 ? argv[1] : "1.5";
	double		x = 0, y = 0;
	float		f = 0;
	char *		end;
	char		word[20] = "";
	int		n = 0, items;
	char *		line = malloc(3 * strlen(text) + 100);

	x = strtod(text, &end);
	printf("strtod <%f> '%.10s'\n", x * 2, end);
	f = strtof(text, &end);
	printf("strtof <%f> '%.10s'\n", f * 2, end);
	printf("atof <%f>\n", atof(text) * 2);
	items = sscanf(text, "%lf", &x);
	printf("sscanf %d <%f>\n", items, x * 2);
	sprintf(line, " %s ,%s;7 word", text, text);
	items = sscanf(line, "%lf ,%f;%d %19s", &x, &f, &n, word);
	printf("sscanf %d <%f> <%f> %d %s\n", items, x * 2, f * 2, n, word);
	items = sscanf(line, "%*lf ,%lf;%n", &x, &n);
	printf("skipped %d <%f> %d\n", items, x * 2, n == (int)(2 * strlen(text) + 4));
	items = sscanf(text, "%3lf%5s", &x, word);
	printf("width %d <%f> %s\n", items, x * 2, word);
	items = sscanf(text, "%5000lf%19s", &y, word);
	printf("wide %d <%f>\n", items, y * 2);

	while ((items = scanf("%lf", &x)) == 1)
	{
		printf("scanf <%f>\n", x * 2);
	}
	printf("rest %d %d\n", items, scanf("%19s", word));
	printf("'%.4s'\n", word);
	return 0;
}
