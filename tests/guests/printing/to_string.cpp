/*
 *	std::to_string formats into a buffer of its own; std::to_wstring too.
 */
#include <cstdio>
#include <string>
#include <uxhw.h>

int
main()
{
	double		x = UxHwDoubleUniformDist(1, 2);
	std::wstring	wide = std::to_wstring(x);
	std::string	narrow(wide.begin(), wide.end());

	std::printf("<%s> <%s> <%s>\n", std::to_string(x).c_str(), std::to_string(0.5).c_str(), narrow.c_str());
	return 0;
}
