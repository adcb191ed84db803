/*
 *	A thermistor behind a voltage divider and a 12-bit converter: what temperature do its readings mean?
 *
 *	Usage: sensor-calibration [supply voltage] < readings
 *
 *	Each line of the input is one raw reading (0 to 4095). The supply voltage may be a number or a Ux text, such as another
 *	program printed.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <uxhw.h>

enum
{
	kMaxReadings = 4096
};

static void
show(const char *name, double value, const char *unit)
{
	printf("%s = %lf %s\n", name, value, unit);
	printf("  mean %" SignaloidParticleModifier ".17g", UxHwDoubleNthMoment(value, 1));
	printf(", variance %" SignaloidParticleModifier ".17g\n", UxHwDoubleNthMoment(value, 2));
}

int
main(int argc, char *argv[])
{
	static double	readings[kMaxReadings];
	size_t		count = 0;
	double		supply = argc > 1 ? strtod(argv[1], NULL) : UxHwDoubleGaussDist(3.3, 0.02);

	while (count < kMaxReadings && scanf("%lf", &readings[count]) == 1)
	{
		count++;
	}
	if (count == 0)
	{
		fprintf(stderr, "sensor-calibration: no readings on standard input\n");

		return 1;
	}

	/*
	 *	The readings as they came; the converter rounds each to a whole number.
	 */
	double	raw = UxHwDoubleDistFromSamples(readings, count) + UxHwDoubleUniformDist(-0.5, 0.5);

	/*
	 *	The converter measures against its own reference, the divider hangs on the supply.
	 */
	double	reference = 2.5;
	double	volts = raw / 4095 * reference;
	double	fixedOhms = UxHwDoubleUniformDist(9900, 10100);
	double	ohms = fixedOhms / (supply / volts - 1);

	/*
	 *	The beta equation of a thermistor of 10 kOhm at 25 degrees Celsius.
	 */
	double	beta = UxHwDoubleGaussDist(3950, 20);
	double	kelvin = 1 / (1 / 298.15 + log(ohms / 10000) / beta);
	double	celsius = kelvin - 273.15;

	printf("%zu readings\n", count);
	show("voltage", volts, "V");
	show("temperature", celsius, "degrees Celsius");
	printf("P(above 30 degrees Celsius) = %" SignaloidParticleModifier ".4f\n", UxHwDoubleProbabilityGT(celsius, 30));

	return 0;
}
