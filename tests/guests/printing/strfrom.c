/*
 *	strfromd and strfromf of C23, which glibc has.
 */
#define __STDC_WANT_IEC_60559_BFP_EXT__
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uxhw.h>

int
main(void)
{
	double	x = UxHwDoubleUniformDist(1, 2);
	float	f = UxHwFloatUniformDist(1, 2);
	char	buffer[8000];
	int	length;

	length = strfromd(buffer, sizeof buffer, "%.3f", x);
	printf("<%s> %d\n", buffer, length == (int)strlen(buffer));
	length = strfromf(buffer, sizeof buffer, "%g", f);
	printf("<%s> %d\n", buffer, length == (int)strlen(buffer));
	length = strfromd(buffer, 5, "%f", x);
	printf("%s %d\n", buffer, length > 4);
	strfromd(buffer, sizeof buffer, "%e", 0.5);
	printf("<%s>\n", buffer);
	return 0;
}
