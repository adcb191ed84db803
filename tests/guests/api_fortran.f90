! The UxHw API from Fortran: a name and a value in each line.
module expectations
  use, intrinsic :: iso_c_binding
  use uxhw
  implicit none
  real(c_double) :: noise
contains
  function likelihood(theta) bind(C) result(expected)
    real(c_double), value :: theta
    real(c_double) :: expected
    expected = theta + noise
  end function
end module

program api
  use, intrinsic :: iso_c_binding
  use uxhw
  use expectations
  implicit none
  real(c_double) :: die, columns(2), samples(2, 3)
  real(c_float) :: x

  die = UxHwDoubleDistFromSamples([1d0, 2d0, 3d0, 4d0, 5d0, 6d0], 6_c_size_t)
  print *, 'die ', die
  print *, 'limited ', UxHwDoubleLimitDistributionSupport(die, 2d0, 3d0)
  samples = reshape([1d0, 10d0, 2d0, 20d0, 3d0, 30d0], [2, 3])
  call UxHwDoubleDistFromMultidimensionalSamples(columns, samples, 3_c_size_t, 2_c_size_t)
  print *, 'column ', columns(2)
  noise = UxHwDoubleGaussDist(0d0, 0.5d0)
  print *, 'posterior ', UxHwDoubleBayesLaplace(c_funloc(likelihood), UxHwDoubleGaussDist(1d0, 1d0), 2d0)
  x = UxHwFloatUniformDist(0.0, 1.0)
  print *, 'float ', x
  print *, 'above ', UxHwFloatProbabilityGT(x, 0.25)
end program
