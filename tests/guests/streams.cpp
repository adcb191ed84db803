// C++ streams and strings with distributions: a name and a value in each line. The argument is a text.
#include <cstdio>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>
#include <uxhw.h>
#include <vector>

int main(int argc, char *argv[])
{
	const std::string text = argc > 1 ? argv[1] : "0";
	double x = UxHwDoubleUniformDist(1, 2);

	std::cout << "default " << x << '\n';
	std::cout << "fixed " << std::fixed << x << '\n';
	std::cout << "scientific " << std::scientific << std::setprecision(3) << x << std::defaultfloat << std::setprecision(6) << '\n';
	std::cout << "showpos " << std::showpos << x << std::noshowpos << '\n';
	std::cout << "float " << static_cast<float>(x) << '\n';
	std::ostringstream stream;
	stream << x;
	std::cout << "stringstream " << stream.str() << '\n';
	std::vector<double> values(3, x);
	values.push_back(1);
	std::cout << "vector " << values[2] << std::endl;
	try
	{
		throw x;
	}
	catch (double thrown)
	{
		std::cout << "thrown " << thrown << '\n';
	}
	std::printf("printf %g\n", x);
	std::cout << "stod " << std::stod(text) << '\n';
	std::cout << "stof " << std::stof(text) << '\n';
	std::istringstream input(text + " 7 " + text + "\n");
	double first = 0;
	double second = 0;
	int between = 0;
	input >> first >> between >> second;
	std::cout << "extracted " << first << '\n';
	std::cout << "between " << between << ".\n";
	std::cout << "extracted-again " << second << '\n';
	std::cin >> first;
	std::cout << "stdin " << first << '\n';
	return 0;
}
