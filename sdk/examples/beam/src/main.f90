! How far the free end of a cantilever beam sinks under a load at its end: P L**3 / (3 E I).
program beam
  use uxhw
  implicit none
  real(c_double), parameter :: length = 2.0d0, second_moment = 8.0d-6
  real(c_double) :: load, modulus, deflection

  load = UxHwDoubleGaussDist(5.0d3, 4.0d2)
  modulus = UxHwDoubleUniformDist(1.9d11, 2.1d11)
  deflection = load * (length**3 / 3) / (modulus * second_moment) * 1000
  write (*, '(a,f12.6)') 'deflection = ', deflection
end program beam
