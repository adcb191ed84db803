! Fortran output: formatted and list-directed, real, double precision and complex.
program output
  implicit none
  interface
    function uniform(low, high) bind(c, name="UxHwDoubleUniformDist") result(value)
      use iso_c_binding
      real(c_double), value :: low, high
      real(c_double) :: value
    end function
  end interface
  real(8) :: x
  real(4) :: y
  complex(8) :: z
  real(8) :: list(3)
  character(len=30) :: text

  x = uniform(1d0, 2d0)
  y = real(x, 4)
  z = cmplx(x, 0.5d0, 8)
  list = (/ x, 2d0, x * 2 /)
  print *, x
  print *, y, 3, z
  write(*, '(A,F10.3,A,E14.5,A,ES14.5,A,G14.5,A)') '<', x, '><', x, '><', x, '><', 0.5d0, '>'
  write(*, '(3F8.2)') list
  write(*, '(1PD15.6,F6.2)') x, y
  write(text, '(F10.3)') x
  print *, trim(text)
end program
