// Throws of a coin with probability 1/4 until it shows heads: the number of draws itself is random. Geometric.
#include <stdio.h>
#include <uxhw.h>

int main(void)
{
	double throws = UxHwDoubleUniformDist(1.0, 1.0);
	double one = UxHwDoubleDistFromSamples((double[]){1.0, 1.0}, 2);
	while (UxHwDoubleUniformDist(0.0, 1.0) >= 0.25)
	{
		throws += one;
	}
	printf("throws %g\n", throws + one - one);
	return 0;
}
