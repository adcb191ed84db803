/*
 *	Reads numbers from wide texts: from argv[1], and then from standard input; prints each tripled.
 */
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
#include <uxhw.h>

int
main(int argc, char *argv[])
{
	static wchar_t	text[1000], line[3000];
	wchar_t *	end;
	wchar_t		word[20] = L"";
	double		x = 0;
	float		f = 0;
	int		n = 0, items;

	mbstowcs(text, argc > 1 ? argv[1] : "1.5", 999);
	x = wcstod(text, &end);
	printf("wcstod <%f> %zu\n", x * 3, wcslen(end));
	f = wcstof(text, &end);
	printf("wcstof <%f> %zu\n", f * 3, wcslen(end));
	swprintf(line, 3000, L" %ls ,%ls;7 word", text, text);
	items = swscanf(line, L"%lf ,%f;%d %19ls", &x, &f, &n, word);
	printf("swscanf %d <%f> <%f> %d %ls\n", items, x * 3, f * 3, n, word);
	items = swscanf(text, L"%lf%n", &x, &n);
	printf("counted %d %d\n", items, n == (int)wcslen(text));

	while ((items = wscanf(L"%lf", &x)) == 1)
	{
		printf("wscanf <%f>\n", x * 3);
	}
	printf("rest %d %d\n", items, wscanf(L"%19ls", word));
	printf("'%.4ls'\n", word + 1);
	return 0;
}
