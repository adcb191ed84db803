/*
 *	C++ output: every manipulator, string streams, to_string; and input with >> and stod.
 */
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>
#include <uxhw.h>

int
main(int argc, char *argv[])
{
	double			x = UxHwDoubleUniformDist(1, 2);
	float			f = UxHwFloatUniformDist(1, 2);
	std::ostringstream	text;

	std::cout << "<" << x << "> <" << f << "> <" << 0.5 << ">\n";
	std::cout << std::fixed << "<" << x << ">\n" << std::scientific << "<" << x << ">\n";
	std::cout << std::uppercase << "<" << x << ">\n" << std::nouppercase << std::hexfloat << "<" << x << ">\n" << std::defaultfloat;
	std::cout << std::setprecision(12) << "<" << x << ">\n" << std::showpos << "<" << x << ">\n" << std::noshowpos;
	std::cout << std::showpoint << "<" << x << ">\n" << std::noshowpoint;
	std::cout << "width <" << std::setw(9) << x << "> <" << std::left << std::setw(9) << x << "> " << std::setfill('*') << "<" << std::setw(9) << 0.5 << ">\n";
	text << x << " " << 2;
	std::cout << "<" << text.str() << ">\n";
	std::cout << "<" << std::to_string(x) << ">\n";

	if (argc > 1)
	{
		std::cout << "<" << std::stod(argv[1]) * 3 << ">\n";
		std::cout << "<" << std::stof(argv[1]) * 3 << ">\n";
		std::istringstream input(std::string(argv[1]) + " 7 " + argv[1]);
		int	n;
		input >> x >> n >> f;
		std::cout << "<" << x * 3 << "> " << n << " <" << f * 3 << "> " << input.eof() << input.fail() << "\n";
	}
	while (std::cin >> x)
	{
		std::cout << "<" << x * 3 << ">\n";
	}
	return 0;
}
