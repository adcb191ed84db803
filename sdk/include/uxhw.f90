! The UxHw API for Fortran: `use uxhw`. See uxhw.h for what each function does.
!
! Arrays of samples with several columns are `samples(cardinality, count)` here: C's rows are Fortran's columns. A likelihood is a
! function with bind(C) and value arguments, passed with c_funloc.
module uxhw
  use, intrinsic :: iso_c_binding, only: c_double, c_float, c_size_t, c_int8_t, c_funptr, c_ptr
  implicit none

  type, bind(C) :: WeightedDoubleSample
    real(c_double) :: sample
    real(c_double) :: sampleWeight
  end type

  type, bind(C) :: WeightedFloatSample
    real(c_float) :: sample
    real(c_float) :: sampleWeight
  end type

  interface
    function UxHwDoubleUniformDist(min, max) bind(C, name="UxHwDoubleUniformDist")
      import :: c_double
      real(c_double), value :: min, max
      real(c_double) :: UxHwDoubleUniformDist
    end function
    function UxHwDoubleGaussDist(mean, stddev) bind(C, name="UxHwDoubleGaussDist")
      import :: c_double
      real(c_double), value :: mean, stddev
      real(c_double) :: UxHwDoubleGaussDist
    end function
    function UxHwDoubleExponentialDist(mu) bind(C, name="UxHwDoubleExponentialDist")
      import :: c_double
      real(c_double), value :: mu
      real(c_double) :: UxHwDoubleExponentialDist
    end function
    function UxHwDoubleGumbel1Dist(mu, beta) bind(C, name="UxHwDoubleGumbel1Dist")
      import :: c_double
      real(c_double), value :: mu, beta
      real(c_double) :: UxHwDoubleGumbel1Dist
    end function
    function UxHwDoubleLogisticDist(location, scale) bind(C, name="UxHwDoubleLogisticDist")
      import :: c_double
      real(c_double), value :: location, scale
      real(c_double) :: UxHwDoubleLogisticDist
    end function
    function UxHwDoubleLaplaceDist(mu, b) bind(C, name="UxHwDoubleLaplaceDist")
      import :: c_double
      real(c_double), value :: mu, b
      real(c_double) :: UxHwDoubleLaplaceDist
    end function
    function UxHwDoubleWeibullDist(k, lambda) bind(C, name="UxHwDoubleWeibullDist")
      import :: c_double
      real(c_double), value :: k, lambda
      real(c_double) :: UxHwDoubleWeibullDist
    end function
    function UxHwDoubleLognormalDist(mu, sigma) bind(C, name="UxHwDoubleLognormalDist")
      import :: c_double
      real(c_double), value :: mu, sigma
      real(c_double) :: UxHwDoubleLognormalDist
    end function
    function UxHwDoubleBoundedparetoDist(alpha, min, max) bind(C, name="UxHwDoubleBoundedparetoDist")
      import :: c_double
      real(c_double), value :: alpha, min, max
      real(c_double) :: UxHwDoubleBoundedparetoDist
    end function
    function UxHwDoubleDistFromSamples(samples, count) bind(C, name="UxHwDoubleDistFromSamples")
      import :: c_double, c_size_t
      real(c_double), intent(in) :: samples(*)
      integer(c_size_t), value :: count
      real(c_double) :: UxHwDoubleDistFromSamples
    end function
    function UxHwDoubleDistFromWeightedSamples(samples, count, unweighted_count) &
        bind(C, name="UxHwDoubleDistFromWeightedSamples")
      import :: WeightedDoubleSample, c_size_t, c_double
      type(WeightedDoubleSample), intent(in) :: samples(*)
      integer(c_size_t), value :: count, unweighted_count
      real(c_double) :: UxHwDoubleDistFromWeightedSamples
    end function
    subroutine UxHwDoubleDistFromMultidimensionalSamples(destination, samples, count, cardinality) &
        bind(C, name="UxHwDoubleDistFromMultidimensionalSamples")
      import :: c_double, c_size_t
      real(c_double), intent(out) :: destination(*)
      real(c_double), intent(in) :: samples(*)
      integer(c_size_t), value :: count, cardinality
    end subroutine
    function UxHwDoubleMixture(dist1, dist2, p) bind(C, name="UxHwDoubleMixture")
      import :: c_double
      real(c_double), value :: dist1, dist2, p
      real(c_double) :: UxHwDoubleMixture
    end function
    function UxHwDoubleNthMoment(value, n) bind(C, name="UxHwDoubleNthMoment")
      import :: c_double, c_size_t
      real(c_double), value :: value
      integer(c_size_t), value :: n
      real(c_double) :: UxHwDoubleNthMoment
    end function
    function UxHwDoubleNthMode(value, n) bind(C, name="UxHwDoubleNthMode")
      import :: c_double, c_size_t
      real(c_double), value :: value
      integer(c_size_t), value :: n
      real(c_double) :: UxHwDoubleNthMode
    end function
    function UxHwDoubleQuantile(value, p) bind(C, name="UxHwDoubleQuantile")
      import :: c_double
      real(c_double), value :: value, p
      real(c_double) :: UxHwDoubleQuantile
    end function
    function UxHwDoubleProbabilityGT(value, cutoff) bind(C, name="UxHwDoubleProbabilityGT")
      import :: c_double
      real(c_double), value :: value, cutoff
      real(c_double) :: UxHwDoubleProbabilityGT
    end function
    function UxHwDoubleSupportMin(value) bind(C, name="UxHwDoubleSupportMin")
      import :: c_double
      real(c_double), value :: value
      real(c_double) :: UxHwDoubleSupportMin
    end function
    function UxHwDoubleSupportMax(value) bind(C, name="UxHwDoubleSupportMax")
      import :: c_double
      real(c_double), value :: value
      real(c_double) :: UxHwDoubleSupportMax
    end function
    function UxHwDoubleSample(value) bind(C, name="UxHwDoubleSample")
      import :: c_double
      real(c_double), value :: value
      real(c_double) :: UxHwDoubleSample
    end function
    subroutine UxHwDoubleSampleBatch(value, destination, n) bind(C, name="UxHwDoubleSampleBatch")
      import :: c_double, c_size_t
      real(c_double), value :: value
      real(c_double), intent(out) :: destination(*)
      integer(c_size_t), value :: n
    end subroutine
    function UxHwDoubleGetIndependentCopy(value) bind(C, name="UxHwDoubleGetIndependentCopy")
      import :: c_double
      real(c_double), value :: value
      real(c_double) :: UxHwDoubleGetIndependentCopy
    end function
    function UxHwDoubleLimitDistributionSupport(value, min, max) bind(C, name="UxHwDoubleLimitDistributionSupport")
      import :: c_double
      real(c_double), value :: value, min, max
      real(c_double) :: UxHwDoubleLimitDistributionSupport
    end function
    function UxHwDoubleBayesLaplace(likelihood, prior, evidence) bind(C, name="UxHwDoubleBayesLaplace")
      import :: c_funptr, c_double
      type(c_funptr), value :: likelihood
      real(c_double), value :: prior, evidence
      real(c_double) :: UxHwDoubleBayesLaplace
    end function
    subroutine UxHwDoublePrint(value) bind(C, name="UxHwDoublePrint")
      import :: c_double
      real(c_double), value :: value
    end subroutine
    function UxHwDoubleDistributionToByteArray(value, buffer, bytes) bind(C, name="UxHwDoubleDistributionToByteArray")
      import :: c_double, c_int8_t, c_size_t
      real(c_double), value :: value
      integer(c_int8_t), intent(out) :: buffer(*)
      integer(c_size_t), value :: bytes
      integer(c_size_t) :: UxHwDoubleDistributionToByteArray
    end function
    function UxHwDoubleByteArrayToDistribution(buffer, bytes) bind(C, name="UxHwDoubleByteArrayToDistribution")
      import :: c_int8_t, c_size_t, c_double
      integer(c_int8_t), intent(in) :: buffer(*)
      integer(c_size_t), value :: bytes
      real(c_double) :: UxHwDoubleByteArrayToDistribution
    end function
    function UxHwDoubleBayesLaplaceWithParameters(likelihood, parameters, prior, evidence, count) &
        bind(C, name="UxHwDoubleBayesLaplaceWithParameters")
      import :: c_funptr, c_ptr, c_double, c_size_t
      type(c_funptr), value :: likelihood
      type(c_ptr), value :: parameters
      real(c_double), value :: prior, evidence
      integer(c_size_t), value :: count
      real(c_double) :: UxHwDoubleBayesLaplaceWithParameters
    end function
    function UxHwFloatUniformDist(min, max) bind(C, name="UxHwFloatUniformDist")
      import :: c_float
      real(c_float), value :: min, max
      real(c_float) :: UxHwFloatUniformDist
    end function
    function UxHwFloatGaussDist(mean, stddev) bind(C, name="UxHwFloatGaussDist")
      import :: c_float
      real(c_float), value :: mean, stddev
      real(c_float) :: UxHwFloatGaussDist
    end function
    function UxHwFloatExponentialDist(mu) bind(C, name="UxHwFloatExponentialDist")
      import :: c_float
      real(c_float), value :: mu
      real(c_float) :: UxHwFloatExponentialDist
    end function
    function UxHwFloatGumbel1Dist(mu, beta) bind(C, name="UxHwFloatGumbel1Dist")
      import :: c_float
      real(c_float), value :: mu, beta
      real(c_float) :: UxHwFloatGumbel1Dist
    end function
    function UxHwFloatLogisticDist(location, scale) bind(C, name="UxHwFloatLogisticDist")
      import :: c_float
      real(c_float), value :: location, scale
      real(c_float) :: UxHwFloatLogisticDist
    end function
    function UxHwFloatLaplaceDist(mu, b) bind(C, name="UxHwFloatLaplaceDist")
      import :: c_float
      real(c_float), value :: mu, b
      real(c_float) :: UxHwFloatLaplaceDist
    end function
    function UxHwFloatWeibullDist(k, lambda) bind(C, name="UxHwFloatWeibullDist")
      import :: c_float
      real(c_float), value :: k, lambda
      real(c_float) :: UxHwFloatWeibullDist
    end function
    function UxHwFloatLognormalDist(mu, sigma) bind(C, name="UxHwFloatLognormalDist")
      import :: c_float
      real(c_float), value :: mu, sigma
      real(c_float) :: UxHwFloatLognormalDist
    end function
    function UxHwFloatBoundedparetoDist(alpha, min, max) bind(C, name="UxHwFloatBoundedparetoDist")
      import :: c_float
      real(c_float), value :: alpha, min, max
      real(c_float) :: UxHwFloatBoundedparetoDist
    end function
    function UxHwFloatDistFromSamples(samples, count) bind(C, name="UxHwFloatDistFromSamples")
      import :: c_float, c_size_t
      real(c_float), intent(in) :: samples(*)
      integer(c_size_t), value :: count
      real(c_float) :: UxHwFloatDistFromSamples
    end function
    function UxHwFloatDistFromWeightedSamples(samples, count, unweighted_count) bind(C, name="UxHwFloatDistFromWeightedSamples")
      import :: WeightedFloatSample, c_size_t, c_float
      type(WeightedFloatSample), intent(in) :: samples(*)
      integer(c_size_t), value :: count, unweighted_count
      real(c_float) :: UxHwFloatDistFromWeightedSamples
    end function
    subroutine UxHwFloatDistFromMultidimensionalSamples(destination, samples, count, cardinality) &
        bind(C, name="UxHwFloatDistFromMultidimensionalSamples")
      import :: c_float, c_size_t
      real(c_float), intent(out) :: destination(*)
      real(c_float), intent(in) :: samples(*)
      integer(c_size_t), value :: count, cardinality
    end subroutine
    function UxHwFloatMixture(dist1, dist2, p) bind(C, name="UxHwFloatMixture")
      import :: c_float
      real(c_float), value :: dist1, dist2, p
      real(c_float) :: UxHwFloatMixture
    end function
    function UxHwFloatNthMoment(value, n) bind(C, name="UxHwFloatNthMoment")
      import :: c_float, c_size_t
      real(c_float), value :: value
      integer(c_size_t), value :: n
      real(c_float) :: UxHwFloatNthMoment
    end function
    function UxHwFloatNthMode(value, n) bind(C, name="UxHwFloatNthMode")
      import :: c_float, c_size_t
      real(c_float), value :: value
      integer(c_size_t), value :: n
      real(c_float) :: UxHwFloatNthMode
    end function
    function UxHwFloatQuantile(value, p) bind(C, name="UxHwFloatQuantile")
      import :: c_float
      real(c_float), value :: value, p
      real(c_float) :: UxHwFloatQuantile
    end function
    function UxHwFloatProbabilityGT(value, cutoff) bind(C, name="UxHwFloatProbabilityGT")
      import :: c_float
      real(c_float), value :: value, cutoff
      real(c_float) :: UxHwFloatProbabilityGT
    end function
    function UxHwFloatSupportMin(value) bind(C, name="UxHwFloatSupportMin")
      import :: c_float
      real(c_float), value :: value
      real(c_float) :: UxHwFloatSupportMin
    end function
    function UxHwFloatSupportMax(value) bind(C, name="UxHwFloatSupportMax")
      import :: c_float
      real(c_float), value :: value
      real(c_float) :: UxHwFloatSupportMax
    end function
    function UxHwFloatSample(value) bind(C, name="UxHwFloatSample")
      import :: c_float
      real(c_float), value :: value
      real(c_float) :: UxHwFloatSample
    end function
    subroutine UxHwFloatSampleBatch(value, destination, n) bind(C, name="UxHwFloatSampleBatch")
      import :: c_float, c_size_t
      real(c_float), value :: value
      real(c_float), intent(out) :: destination(*)
      integer(c_size_t), value :: n
    end subroutine
    function UxHwFloatGetIndependentCopy(value) bind(C, name="UxHwFloatGetIndependentCopy")
      import :: c_float
      real(c_float), value :: value
      real(c_float) :: UxHwFloatGetIndependentCopy
    end function
    function UxHwFloatLimitDistributionSupport(value, min, max) bind(C, name="UxHwFloatLimitDistributionSupport")
      import :: c_float
      real(c_float), value :: value, min, max
      real(c_float) :: UxHwFloatLimitDistributionSupport
    end function
    function UxHwFloatBayesLaplace(likelihood, prior, evidence) bind(C, name="UxHwFloatBayesLaplace")
      import :: c_funptr, c_float
      type(c_funptr), value :: likelihood
      real(c_float), value :: prior, evidence
      real(c_float) :: UxHwFloatBayesLaplace
    end function
    subroutine UxHwFloatPrint(value) bind(C, name="UxHwFloatPrint")
      import :: c_float
      real(c_float), value :: value
    end subroutine
    function UxHwFloatDistributionToByteArray(value, buffer, bytes) bind(C, name="UxHwFloatDistributionToByteArray")
      import :: c_float, c_int8_t, c_size_t
      real(c_float), value :: value
      integer(c_int8_t), intent(out) :: buffer(*)
      integer(c_size_t), value :: bytes
      integer(c_size_t) :: UxHwFloatDistributionToByteArray
    end function
    function UxHwFloatByteArrayToDistribution(buffer, bytes) bind(C, name="UxHwFloatByteArrayToDistribution")
      import :: c_int8_t, c_size_t, c_float
      integer(c_int8_t), intent(in) :: buffer(*)
      integer(c_size_t), value :: bytes
      real(c_float) :: UxHwFloatByteArrayToDistribution
    end function
    function UxHwFloatBayesLaplaceWithParameters(likelihood, parameters, prior, evidence, count) &
        bind(C, name="UxHwFloatBayesLaplaceWithParameters")
      import :: c_funptr, c_ptr, c_float, c_size_t
      type(c_funptr), value :: likelihood
      type(c_ptr), value :: parameters
      real(c_float), value :: prior, evidence
      integer(c_size_t), value :: count
      real(c_float) :: UxHwFloatBayesLaplaceWithParameters
    end function
  end interface
end module
