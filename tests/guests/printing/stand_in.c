/*
 *	Functions with the names and signatures of newlib and of glibc from 2.37, which end in the C library at hand.
 */
#include <stdarg.h>
#include <stdio.h>
#include <uxhw.h>

struct _reent;
struct __printf_buffer;

__attribute__((noinline)) int
_vfprintf_r(struct _reent *reent, FILE *file, const char *format, va_list arguments)
{
	(void)reent;
	return vfprintf(file, format, arguments);
}

__attribute__((noinline)) int
_svfprintf_r(struct _reent *reent, char *to, const char *format, va_list arguments)
{
	(void)reent;
	return vsprintf(to, format, arguments);
}

__attribute__((noinline)) void
__printf_buffer(struct __printf_buffer *buffer, const char *format, va_list arguments, unsigned int mode)
{
	(void)mode;
	vfprintf((FILE *)buffer, format, arguments);
}

static void
call(int which, const char *format, ...)
{
	static char	text[8000];
	va_list		arguments;

	va_start(arguments, format);
	switch (which)
	{
	case 0:
		_vfprintf_r(NULL, stdout, format, arguments);
		break;
	case 1:
		_svfprintf_r(NULL, text, format, arguments);
		fputs(text, stdout);
		break;
	default:
		__printf_buffer((struct __printf_buffer *)stdout, format, arguments, 0);
	}
	va_end(arguments);
}

int
main(void)
{
	double	x = UxHwDoubleUniformDist(1, 2);

	call(0, "_vfprintf_r <%f> %d\n", x, 3);
	call(1, "_svfprintf_r <%.2f>\n", x);
	call(2, "__printf_buffer <%e> <%g>\n", x, 0.5);
	return 0;
}
