// The last of five independent exponential waits with mean 3, found by comparing: branches go another way in every execution.
#include <stdio.h>
#include <uxhw.h>

int main(void)
{
	double last = 0.0;
	for (int i = 0; i < 5; i++)
	{
		double wait = UxHwDoubleExponentialDist(3.0);
		if (wait > last)
		{
			last = wait;
		}
	}
	printf("last %f\n", last);
	return 0;
}
