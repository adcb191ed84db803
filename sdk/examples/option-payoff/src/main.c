/*
 *	What a European call option on a share is worth today: the discounted payoff under the Black-Scholes model.
 */
#include <math.h>
#include <stdio.h>
#include <uxhw.h>

int
main(void)
{
	const double	spot = 100;
	const double	strike = 95;
	const double	rate = 0.03;
	const double	volatility = 0.2;
	const double	years = 0.75;
	double		normal = UxHwDoubleGaussDist(0, 1);
	double		drift = (rate - volatility * volatility / 2) * years;
	double		share = spot * exp(drift + volatility * sqrt(years) * normal);
	double		payoff = exp(-rate * years) * fmax(share - strike, 0);

	printf("share = %lf\n", share);
	printf("payoff = %lf\n", payoff);
	printf("P(payoff > 10) = %" SignaloidParticleModifier ".4f\n", UxHwDoubleProbabilityGT(payoff, 10));

	return 0;
}
