/*
 *	A Kalman filter of one state: the level of a tank from ten noisy readings. The gains follow from the variances, which are
 *	plain numbers; the readings are uncertain as the sensor is.
 */
#include <stdio.h>
#include <uxhw.h>

enum
{
	kReadings = 10
};

int
main(void)
{
	const double	readings[kReadings] = {2.03, 1.96, 2.11, 1.99, 2.02, 2.08, 1.94, 2.05, 2.01, 1.97};
	const double	noise = 0.05;
	const double	drift = 0.02;
	double		level = UxHwDoubleGaussDist(1.8, 0.3);
	double		variance = 0.3 * 0.3;

	for (int i = 0; i < kReadings; i++)
	{
		double	reading = UxHwDoubleGaussDist(readings[i], noise);
		double	gain;

		variance += drift * drift;
		gain = variance / (variance + noise * noise);
		/*
		 *	Not level + gain * (reading - level): that has the level twice, and cores without tracking take each for its own.
		 */
		level = (1 - gain) * level + gain * reading;
		variance *= 1 - gain;
	}
	printf("level = %lf m\n", level);

	return 0;
}
