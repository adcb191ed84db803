/*
 *	picolibc with its printf and scanf for floats: prints an uncertain float, and reads what it has printed.
 */
#include <stdio.h>
#include <string.h>
#include <uxhw.h>

static char	text[10000];

int
main(void)
{
	float	x = UxHwFloatUniformDist(1, 2);
	float	y = 0, z = 0;
	int	items;

	printf("<%f> %d <%6.2f>\n", printf_float(x), 7, printf_float(x));
	sprintf(text, "%f;0.25", printf_float(x));
	items = sscanf(text, "%f;%f", &y, &z);
	printf("sscanf %d <%f> <%.2f>\n", items, printf_float(y * 3), printf_float(z));
	return 0;
}
