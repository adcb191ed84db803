/*
 *	Each constructor and each question of the UxHw API in both widths: a name and a value in each line.
 */
#include <stdio.h>
#include <uxhw.h>

#define SHOW(name, value) printf(name " %.17g\n", (double)(value))

int
main(void)
{
	double	samples[] = {1, 2, 2, 3, 10, 4, 4, 4};
	float	floats[] = {1, 2, 2, 3, 10, 4, 4, 4};
	double	x = UxHwDoubleGaussDist(5, 2);
	double	u = UxHwDoubleUniformDist(-1, 3);
	double	s = UxHwDoubleDistFromSamples(samples, 8);
	double	m = UxHwDoubleMixture(x, u, 0.25);
	float	fx = UxHwFloatGaussDist(5, 2);
	float	fu = UxHwFloatUniformDist(-1, 3);
	float	fs = UxHwFloatDistFromSamples(floats, 8);
	float	fm = UxHwFloatMixture(fx, fu, 0.25f);
	double	draw;
	float	floatDraw;

	SHOW("gauss", x);
	SHOW("uniform", u);
	SHOW("samples", s);
	SHOW("mixture", m);
	SHOW("copy", UxHwDoubleGetIndependentCopy(u));
	SHOW("mean", UxHwDoubleNthMoment(u, 1));
	SHOW("variance", UxHwDoubleNthMoment(u, 2));
	SHOW("third", UxHwDoubleNthMoment(u, 3));
	SHOW("median", UxHwDoubleQuantile(s, 0.5));
	SHOW("above", UxHwDoubleProbabilityGT(s, 3.5));
	SHOW("min", UxHwDoubleSupportMin(s));
	SHOW("max", UxHwDoubleSupportMax(s));
	SHOW("plain-mean", UxHwDoubleNthMoment(2.5, 1));
	SHOW("plain-variance", UxHwDoubleNthMoment(2.5, 2));
	SHOW("plain-above", UxHwDoubleProbabilityGT(2.5, 2));
	draw = UxHwDoubleSample(s);
	printf("draw-is-a-sample %d\n", draw == 1 || draw == 2 || draw == 3 || draw == 4 || draw == 10);
	SHOW("draw", draw);

	SHOW("float-gauss", fx);
	SHOW("float-uniform", fu);
	SHOW("float-samples", fs);
	SHOW("float-mixture", fm);
	SHOW("float-copy", UxHwFloatGetIndependentCopy(fu));
	SHOW("float-mean", UxHwFloatNthMoment(fu, 1));
	SHOW("float-variance", UxHwFloatNthMoment(fu, 2));
	SHOW("float-median", UxHwFloatQuantile(fs, 0.5f));
	SHOW("float-above", UxHwFloatProbabilityGT(fs, 3.5f));
	SHOW("float-min", UxHwFloatSupportMin(fs));
	SHOW("float-max", UxHwFloatSupportMax(fs));
	floatDraw = UxHwFloatSample(fs);
	printf("float-draw-is-a-sample %d\n",
		floatDraw == 1 || floatDraw == 2 || floatDraw == 3 || floatDraw == 4 || floatDraw == 10);

	return 0;
}
