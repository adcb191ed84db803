! The ways of Fortran. Each line shows the same value.
program moves
  implicit none
  interface
    function uniform(low, high) bind(c, name="UxHwDoubleUniformDist") result(value)
      use iso_c_binding
      real(c_double), value :: low, high
      real(c_double) :: value
    end function
  end interface
  type record
    character(len=5) :: name
    real(8) :: value
  end type
  real(8) :: x, matrix(4, 3)
  real(8), allocatable :: grown(:)
  complex(8) :: z, w
  type(record) :: a, b
  integer(8) :: bits

  x = uniform(1d0, 2d0)
  call show('itself', x)
  matrix = 0
  matrix(2, 3) = x
  matrix = cshift(matrix, 1, 1)
  call show('cshift', matrix(1, 3))
  call show('transpose', element(transpose(matrix)))
  call show('slice', sum(matrix(1:1, 3)))
  grown = [1d0, x]
  grown = [grown, 2d0, 3d0]
  call show('array that grows', grown(2))
  grown = pack(grown, grown > 1.2d0 .and. grown < 1.8d0)
  call show('pack', grown(1))
  z = cmplx(x, 1d0, 8)
  w = conjg(z)
  call show('complex, real part', real(w, 8))
  z = cmplx(0d0, x, 8)
  call show('complex, imaginary part', aimag(z))
  a = record('a', x)
  b = a
  call show('derived type', b%value)
  bits = transfer(x, bits)
  call show('transfer', transfer(bits, x))
contains
  function element(m) result(value)
    real(8), intent(in) :: m(:, :)
    real(8) :: value
    value = m(3, 1)
  end function
  subroutine show(way, value)
    character(len=*), intent(in) :: way
    real(8), intent(in) :: value
    write(*, '(A,A,F8.6,A)') way, ': <', value, '>'
  end subroutine
end program
