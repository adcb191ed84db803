/*
 *	Reads doubles and floats from std::wcin and a std::wstringstream; prints each tripled.
 */
#include <iostream>
#include <sstream>
#include <string>

int
main(int argc, char *argv[])
{
	std::string		text = argc > 1 ? argv[1] : "1.5";
	std::wstringstream	stream(std::wstring(text.begin(), text.end()) + L" ;" + std::wstring(text.begin(), text.end()));
	double			x = 0;
	float			f = 0;
	wchar_t			c = 0;

	stream >> x >> c >> f;
	std::cout << "<" << x * 3 << "> " << (c == L';') << " <" << f * 3 << "> " << stream.eof() << std::endl;
	while (std::wcin >> x)
	{
		std::cout << "<" << x * 3 << ">" << std::endl;
	}
	std::cout << std::wcin.eof() << std::endl;
	return 0;
}
