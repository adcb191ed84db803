/*
 *	Reads numbers in every way of C from the last argument, and then `%lf` after `%lf` from standard input; prints each tripled.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uxhw.h>

int
main(int argc, char *argv[])
{
	const char *	text = argc > 1 ? argv[argc - 1] : "1.5";
	double		x = 0, y = 0;
	float		f = 0;
	char *		end;
	char		word[20] = "";
	int		n = 0, items, read = 0;
	short		all = 0;
	char *		line = malloc(3 * strlen(text) + 100);

	x = strtod(text, &end);
	/*
	 *	Times 3, not 2: compilers make x + x of that, a sum of two values that count as independent.
	 */
	printf("strtod <%f> %zu\n", x * 3, strlen(end));
	f = strtof(text, &end);
	printf("strtof <%f> %zu\n", f * 3, strlen(end));
	printf("atof <%f>\n", atof(text) * 3);
	items = sscanf(text, "%lf", &x);
	printf("sscanf %d <%f>\n", items, x * 3);
	sprintf(line, " %s ,%s;7 word", text, text);
	items = sscanf(line, "%lf ,%f;%d %19s", &x, &f, &n, word);
	printf("sscanf %d <%f> <%f> %d %s\n", items, x * 3, f * 3, n, word);
	/*
	 *	How far each has read, of " TEXT ,TEXT;7": characters of a Ux part count.
	 */
	items = sscanf(line, "%lf%n ,%f;%d%hn", &x, &read, &f, &n, &all);
	printf("counted %d %d %d\n", items, read == (int)strlen(text) + 1, all == 2 * (int)strlen(text) + 5);
	items = sscanf("x", "%lf%n", &x, &read);
	printf("not counted %d %d\n", items, read == (int)strlen(text) + 1);
	items = sscanf(line, "%*lf ,%lf;%d", &x, &n);
	printf("skipped %d <%f> %d\n", items, x * 3, n);
	items = sscanf(text, "%3lf%5s", &x, word);
	printf("width %d <%f> %s\n", items, x * 3, word + 1);
	items = sscanf(text, "%5000lf%19s", &y, word);
	printf("wide %d <%f>\n", items, y * 3);

	while ((items = scanf("%lf", &x)) == 1)
	{
		printf("scanf <%f>\n", x * 3);
	}
	printf("rest %d %d\n", items, scanf("%19s", word));
	printf("'%.4s'\n", word + 1);
	return 0;
}
