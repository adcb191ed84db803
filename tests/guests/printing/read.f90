! Fortran input: list-directed and formatted, real, double precision and complex; each number is printed tripled.
program input
  implicit none
  real(8) :: x, y, list(3)
  real(4) :: f
  complex(8) :: z
  integer :: n, state
  character(len=3000) :: line

  read (*, *) x, n, y
  print '(a,f0.3,a,i0,a,f0.3,a)', 'list <', 3 * x, '> ', n, ' <', 3 * y, '>'
  read (*, *) f
  print '(a,f0.3,a)', 'float <', 3 * f, '>'
  read (*, *) z
  print '(a,f0.3,a,f0.3,a)', 'complex <', 3 * real(z), '> <', 3 * aimag(z), '>'
  read (*, *) list
  print '(a,f0.3,a,f0.3,a,f0.3,a)', 'repeated <', 3 * list(1), '> <', 3 * list(2), '> <', 3 * list(3), '>'
  read (*, '(a)') line
  read (line, *) x
  print '(a,f0.3,a)', 'internal <', 3 * x, '>'
  read (*, '(f200.0,i4)') y, n
  print '(a,f0.3,a,i0)', 'field <', 3 * y, '> ', n
  read (*, '(f5.1,i4)') y, n
  print '(a,f0.3,a,i0)', 'plain <', 3 * y, '> ', n
  read (*, *, iostat=state) x
  print '(a,l1)', 'malformed ', state /= 0
  read (*, *) x
  print '(a,g0,a)', 'general <', 3 * x, '>'
  read (*, *, iostat=state) x
  print '(a,f0.3,a,i0)', 'last <', 3 * x, '> ', state
end program
