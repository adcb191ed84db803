// An ordinary C++ program that knows nothing of distributions: containers, strings, streams, exceptions, virtual functions.
//
// Every floating value that it prints stands between angle brackets, so that a test can find each.
#include <algorithm>
#include <cmath>
#include <complex>
#include <fstream>
#include <functional>
#include <iomanip>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <random>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

namespace
{

struct Shape
{
	virtual ~Shape() = default;
	virtual double area() const = 0;
};

struct Circle : Shape
{
	explicit Circle(double r) : radius(r) {}
	double area() const override { return 3.141592653589793 * radius * radius; }
	double radius;
};

struct Square : Shape
{
	explicit Square(double s) : side(s) {}
	double area() const override { return side * side; }
	double side;
};

void containers()
{
	std::mt19937_64 engine(7);
	std::vector<double> values(500);
	for (auto &value : values)
	{
		value = static_cast<double>(engine() % 1000000) / 64;
	}
	std::sort(values.begin(), values.end(), std::greater<>());
	std::cout << "sorted <" << values.front() << "> <" << values[250] << "> <" << values.back() << ">\n";
	std::cout << "sum <" << std::accumulate(values.begin(), values.end(), 0.0) << ">\n";

	std::map<std::string, int> counts;
	std::unordered_map<int, std::string> names;
	std::istringstream words("to be or not to be that is the question");
	for (std::string word; words >> word;)
	{
		counts[word]++;
		names[static_cast<int>(word.size())] = word;
	}
	for (const auto &[word, count] : counts)
	{
		std::cout << word << ':' << count << ' ';
	}
	std::cout << names.at(8) << ' ' << std::set<char>{'b', 'a', 'b'}.size() << '\n';
}

void polymorphism()
{
	std::vector<std::unique_ptr<Shape>> shapes;
	for (int i = 1; i <= 4; i++)
	{
		if (i % 2 == 0)
		{
			shapes.push_back(std::make_unique<Circle>(i));
		}
		else
		{
			shapes.push_back(std::make_unique<Square>(i));
		}
	}
	double total = 0;
	for (const auto &shape : shapes)
	{
		total += shape->area();
	}
	std::cout << "area <" << std::setprecision(15) << total << ">\n" << std::setprecision(6);
}

int failing(int depth)
{
	std::string on_the_way(40, 'x');
	if (depth == 0)
	{
		throw std::runtime_error("thrown from below");
	}
	return failing(depth - 1) + static_cast<int>(on_the_way.size());
}

void exceptions()
{
	try
	{
		failing(5);
	}
	catch (const std::exception &error)
	{
		std::cout << "caught: " << error.what() << '\n';
	}
	try
	{
		std::cout << std::vector<int>(3).at(7) << '\n';
	}
	catch (const std::out_of_range &)
	{
		std::cout << "out of range\n";
	}
}

void streams(const std::string &folder)
{
	const std::string path = folder + "/plain_cpp.tmp";
	{
		std::ofstream file(path);
		for (int i = 0; i < 100; i++)
		{
			file << i << ' ' << i * i << '\n';
		}
	}
	std::ifstream file(path);
	long sum = 0;
	for (long a, b; file >> a >> b;)
	{
		sum += b - a;
	}
	std::cout << "file " << sum << '\n';
	std::remove(path.c_str());
}

void floating()
{
	std::cout << std::fixed << std::setprecision(3) << '<' << std::sqrt(2.0) << "> <" << 1e6 / 7 << "> " << std::defaultfloat;
	std::cout << std::scientific << '<' << std::exp(-20.0) << "> " << std::defaultfloat << std::setprecision(17);
	std::cout << '<' << std::sin(1.0) << "> <" << std::numeric_limits<double>::max() << "> <" << 0.1f << ">\n";
	std::cout << std::setprecision(6) << std::setw(12) << 42 << '|' << std::left << std::setw(6) << "ab" << '|' << std::hex << 255 << std::dec;
	std::cout << std::boolalpha << true << std::noboolalpha << '\n';
	const std::complex<double> z = std::polar(2.0, 0.5) * std::complex<double>(0, 1);
	std::cout << '<' << z.real() << "> <" << z.imag() << "> " << std::stoi("0x1a", nullptr, 16) << '\n';
	std::ostringstream text;
	text << '<' << 2.5 << '>';
	std::cout << text.str() << " <" << std::stod("1.5") * 2 << ">\n";
}

} // namespace

int main(int argc, char *argv[])
{
	std::size_t lines = 0;
	for (std::string line; std::getline(std::cin, line);)
	{
		lines += 1;
	}
	std::cout << lines << " lines on stdin" << std::endl;
	containers();
	polymorphism();
	exceptions();
	floating();
	if (argc > 1)
	{
		streams(argv[1]);
	}
	std::cerr << "done\n";
	return 42;
}
