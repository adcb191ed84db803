/* A value on either output stream. */
#include <stdio.h>
#include <uxhw.h>

int main(void)
{
	double value = UxHwDoubleGaussDist(10.0, 1.0);

	printf("output %lf\n", value);
	fprintf(stderr, "error %lf\n", value);
	return 0;
}
