/*
 *	The published wing-lift program: see tests/tests/system/published.rs.
 */
#include <math.h>
#include <stdio.h>
#include <uxhw.h>

int
main(void)
{
	double	m = 95.2 * 0.3048;
	double	v = UxHwDoubleGaussDist(m, 0.01 * m);
	double	rho = UxHwDoubleUniformDist(1.225 - 1.225 * 0.01, 1.225 + 1.225 * 0.01);
	double	lift = 0.5 * rho * pow(v, 2) * (0.2784990000000001 - -1.1113460000000002) * 1.0;

	for (size_t n = 1; n <= 4; n++)
	{
		printf("%lf\n", UxHwDoubleNthMoment(lift, n));
	}
	printf("%lf\n", lift);

	return 0;
}
