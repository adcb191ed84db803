/*
 *	Powers, which compilers like to make products of: two operands that count as independent.
 */
#include <cmath>
#include <cstdio>
#include <uxhw.h>

/*
 *	Constant expressions stay what they are.
 */
#if defined(__GLIBCXX__) && !defined(__clang__)
static constexpr float	NINE = std::pow(3.0f, 2.0f);
#else
static const float	NINE = std::pow(3.0f, 2.0f);
#endif

int
main()
{
	double	x = UxHwDoubleUniformDist(0.25, 0.75);
	float	u = UxHwFloatUniformDist(0.25f, 0.75f);

	std::printf("square <%.17g> <%.17g>\n", x, std::pow(x, 2));
	std::printf("square <%.17g> <%.17g>\n", x, std::pow(x, 2.0));
	std::printf("square float <%.17g> <%.17g>\n", u, std::pow(u, 2.0f));
	std::printf("square float <%.17g> <%.17g>\n", u, (float)std::pow(u, 2));
	std::printf("square float <%.17g> <%.17g>\n", u, powf(u, 2.0f) * (NINE / 9));
	std::printf("cube <%.17g> <%.17g>\n", x, std::pow(x, 3));
	std::printf("cube float <%.17g> <%.17g>\n", u, std::pow(u, 3.0f));
	return 0;
}
