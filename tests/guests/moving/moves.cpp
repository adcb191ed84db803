/*
 *	The ways of C++. Each line shows the same value.
 */
#include <algorithm>
#include <cstdio>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>
#include <uxhw.h>

namespace {

struct Failure : std::runtime_error
{
	double	value;
	explicit Failure(double value) : std::runtime_error("failure"), value(value) {}
};

void
show(const char *way, double value)
{
	std::printf("%s: <%f>\n", way, value);
}

[[gnu::noinline]] void
thrower(int depth, double value)
{
	std::string	keeps("a destructor on the way");

	if (depth == 0)
	{
		throw Failure(value);
	}
	thrower(depth - 1, value);
	std::printf("%s", keeps.c_str());
}

}  // namespace

int
main()
{
	double			x = UxHwDoubleUniformDist(1, 2);
	std::vector<double>	numbers;

	show("itself", x);
	for (int i = 0; i < 1000; i++)
	{
		numbers.push_back(i == 500 ? x : i);
	}
	numbers.insert(numbers.begin(), -1);
	show("vector", numbers[501]);
	std::rotate(numbers.begin(), numbers.begin() + 100, numbers.end());
	show("rotate", numbers[401]);
	std::vector<double> moved = std::move(numbers);
	std::reverse(moved.begin(), moved.end());
	show("reverse", *std::find_if(moved.begin(), moved.end(), [](double v) { return v > 1.2 && v < 1.8; }));
	std::sort(moved.begin(), moved.end());
	show("sort", moved[3]);

	std::map<std::string, double> map;
	map["x"] = x;
	auto copy = map;
	show("map", copy.at("x"));
	std::deque<std::pair<int, double>> deque(3, { 1, x });
	deque.push_front({ 2, 0 });
	show("deque", deque.back().second);
	std::variant<int, double> variant = x;
	auto other = variant;
	show("variant", std::get<double>(other));
	std::optional<double> optional = x;
	show("optional", optional.value());
	std::function<double()> captured = [x] { return x; };
	show("lambda", captured());
	show("unique_ptr", *std::make_unique<double>(x));

	try
	{
		thrower(5, x);
	}
	catch (const Failure &failure)
	{
		show("exception", failure.value);
	}
	show("after the exception", x);
	return 0;
}
