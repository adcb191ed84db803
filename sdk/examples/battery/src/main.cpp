/*
 *	How long a battery lasts: its capacity over the mean current of what hangs on it. C++ with vectors and streams.
 */
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

#include <uxhw.h>

struct Load
{
	std::string	name;
	double		milliamperes;
	double		duty;
};

int
main()
{
	const std::vector<Load>	loads = {
		{"processor", UxHwDoubleUniformDist(18, 26), 0.3},
		{"radio", UxHwDoubleGaussDist(120, 8), 0.05},
		{"sensor", UxHwDoubleUniformDist(1.5, 2.5), 1},
	};
	double			current = 0;

	for (const Load &load : loads)
	{
		current += load.milliamperes * load.duty;
	}

	double	hours = UxHwDoubleGaussDist(2400, 60) / current;

	std::cout << std::fixed << std::setprecision(6);
	std::cout << "current = " << current << " mA\n";
	std::cout << "life = " << hours << " h" << std::endl;

	return 0;
}
