/*
 *	std::to_chars, std::from_chars, std::stold, and the old functions for digits.
 */
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <uxhw.h>

int
main(int argc, char *argv[])
{
	double	x = UxHwDoubleUniformDist(1, 2);
	float	f = UxHwFloatUniformDist(1, 2);
	char	text[1000];
	char	small[20];
	int	point, sign;

	auto show = [&](std::to_chars_result result)
	{
		int	length = result.ec == std::errc() ? result.ptr - text : 0;

		std::printf("<%.*s> %d\n", length, text, (int)result.ec);
	};
	show(std::to_chars(text, text + sizeof text, x));
	show(std::to_chars(text, text + sizeof text, f));
	show(std::to_chars(text, text + sizeof text, 0.25));
	show(std::to_chars(text, text + sizeof text, x, std::chars_format::scientific));
	show(std::to_chars(text, text + sizeof text, x, std::chars_format::fixed, 3));
	show(std::to_chars(text, text + 2, x));
	auto end = std::to_chars(small, small + sizeof small, x);
	std::printf("small %.*s %d\n", (int)(end.ptr - small), small, (int)end.ec);
	if (argc > 1)
	{
		const char *	last = argv[1] + std::strlen(argv[1]);
#ifdef __GLIBCXX__
		auto	read = std::from_chars(argv[1], last, x);
		std::printf("<%f> %d %d\n", x * 3, (int)read.ec, (int)(last - read.ptr));
		read = std::from_chars(argv[1], last, f);
		std::printf("<%f> %d %d\n", f * 3, (int)read.ec, (int)(last - read.ptr));
		read = std::from_chars(argv[1], argv[1] + 3, x);
		std::printf("<%f> %d %d\n", x * 3, (int)read.ec, (int)(read.ptr - argv[1]));
#endif
		std::size_t	used = 0;
		std::printf("<%f> ", (double)std::stold(argv[1], &used) * 3);
		std::printf("%d\n", used == std::strlen(argv[1]));
		std::printf("<%f>\n", (float)std::strtold(argv[1], nullptr) * 3);
	}
	std::printf("digits %s\n", fcvt(x, 3, &point, &sign));
	std::printf("digits %s\n", ecvt(x, 3, &point, &sign));
	return 0;
}
