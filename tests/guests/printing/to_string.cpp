/*
 *	std::to_string formats into a buffer of its own.
 */
#include <cstdio>
#include <string>
#include <uxhw.h>

int
main()
{
	std::printf("<%s> <%s>\n", std::to_string(UxHwDoubleUniformDist(1, 2)).c_str(), std::to_string(0.5).c_str());
	return 0;
}
