! Powers with an exponent that the compiler does not know.
program powers
	use uxhw
	implicit none
	double precision	:: x
	real			:: u
	integer, volatile	:: n = 3

	x = UxHwDoubleUniformDist(0.25d0, 0.75d0)
	u = UxHwFloatUniformDist(0.25, 0.75)
	print '(A,ES26.17E3,A,ES26.17E3,A)', 'cube <', x, '> <', x**n, '>'
	print '(A,ES26.17E3,A,ES26.17E3,A)', 'cube float <', u, '> <', u**n, '>'
	print '(A,ES26.17E3,A,ES26.17E3,A)', 'cube <', x, '> <', x**3d0, '>'
end program
