/*
 *	Wide characters; a stream is wide or narrow, never both.
 */
#include <stdio.h>
#include <wchar.h>
#include <uxhw.h>

int
main(void)
{
	double	x = UxHwDoubleUniformDist(1, 2);
	wchar_t	buffer[8000];

	wprintf(L"<%f> %d <%.2f>\n", x, 3, 0.5);
	fwprintf(stdout, L"wide <%12.3e> %ls\n", x, L"text");
	wprintf(L"<%Lf> <%f>\n", 2.5L, x);
	swprintf(buffer, 8000, L"<%f>", x);
	wprintf(L"%ls\n", buffer);
	return 0;
}
