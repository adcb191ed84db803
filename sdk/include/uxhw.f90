! The UxHw API for Fortran: `use uxhw`.
!
! Each function is the C function of the same name; uxhw.h says what it does. Sizes are integer(c_size_t), as in
! UxHwDoubleDistFromSamples(samples, size(samples, kind=c_size_t)). A likelihood for BayesLaplace is passed as
! c_funloc(likelihood) and is itself bind(c), with its argument by value.
module uxhw
  use, intrinsic :: iso_c_binding, only: c_double, c_float, c_size_t, c_int8_t, c_funptr, c_ptr
  implicit none
  public

  type, bind(c) :: WeightedDoubleSample
    real(c_double) :: sample
    real(c_double) :: sampleWeight
  end type

  type, bind(c) :: WeightedFloatSample
    real(c_float) :: sample
    real(c_float) :: sampleWeight
  end type

  interface
    function UxHwDoubleUniformDist(min, max) bind(c, name="UxHwDoubleUniformDist") result(returned)
      import
      real(c_double), value :: min, max
      real(c_double) :: returned
    end function
    function UxHwDoubleGaussDist(mean, stddev) bind(c, name="UxHwDoubleGaussDist") result(returned)
      import
      real(c_double), value :: mean, stddev
      real(c_double) :: returned
    end function
    function UxHwDoubleExponentialDist(mu) bind(c, name="UxHwDoubleExponentialDist") result(returned)
      import
      real(c_double), value :: mu
      real(c_double) :: returned
    end function
    function UxHwDoubleGumbel1Dist(mu, beta) bind(c, name="UxHwDoubleGumbel1Dist") result(returned)
      import
      real(c_double), value :: mu, beta
      real(c_double) :: returned
    end function
    function UxHwDoubleLogisticDist(location, scale) bind(c, name="UxHwDoubleLogisticDist") result(returned)
      import
      real(c_double), value :: location, scale
      real(c_double) :: returned
    end function
    function UxHwDoubleLaplaceDist(mu, b) bind(c, name="UxHwDoubleLaplaceDist") result(returned)
      import
      real(c_double), value :: mu, b
      real(c_double) :: returned
    end function
    function UxHwDoubleWeibullDist(k, lambda) bind(c, name="UxHwDoubleWeibullDist") result(returned)
      import
      real(c_double), value :: k, lambda
      real(c_double) :: returned
    end function
    function UxHwDoubleLognormalDist(mu, sigma) bind(c, name="UxHwDoubleLognormalDist") result(returned)
      import
      real(c_double), value :: mu, sigma
      real(c_double) :: returned
    end function
    function UxHwDoubleBoundedparetoDist(alpha, min, max) bind(c, name="UxHwDoubleBoundedparetoDist") result(returned)
      import
      real(c_double), value :: alpha, min, max
      real(c_double) :: returned
    end function
    function UxHwDoubleMixture(dist1, dist2, p) bind(c, name="UxHwDoubleMixture") result(returned)
      import
      real(c_double), value :: dist1, dist2, p
      real(c_double) :: returned
    end function
    function UxHwDoubleQuantile(value, p) bind(c, name="UxHwDoubleQuantile") result(returned)
      import
      real(c_double), value :: value, p
      real(c_double) :: returned
    end function
    function UxHwDoubleProbabilityGT(value, cutoff) bind(c, name="UxHwDoubleProbabilityGT") result(returned)
      import
      real(c_double), value :: value, cutoff
      real(c_double) :: returned
    end function
    function UxHwDoubleSupportMin(value) bind(c, name="UxHwDoubleSupportMin") result(returned)
      import
      real(c_double), value :: value
      real(c_double) :: returned
    end function
    function UxHwDoubleSupportMax(value) bind(c, name="UxHwDoubleSupportMax") result(returned)
      import
      real(c_double), value :: value
      real(c_double) :: returned
    end function
    function UxHwDoubleSample(value) bind(c, name="UxHwDoubleSample") result(returned)
      import
      real(c_double), value :: value
      real(c_double) :: returned
    end function
    function UxHwDoubleGetIndependentCopy(value) bind(c, name="UxHwDoubleGetIndependentCopy") result(returned)
      import
      real(c_double), value :: value
      real(c_double) :: returned
    end function
    function UxHwDoubleLimitDistributionSupport(value, min, max) &
      bind(c, name="UxHwDoubleLimitDistributionSupport") result(returned)
      import
      real(c_double), value :: value, min, max
      real(c_double) :: returned
    end function
    function UxHwDoubleDistFromSamples(samples, sampleCount) &
      bind(c, name="UxHwDoubleDistFromSamples") result(returned)
      import
      real(c_double), intent(in) :: samples(*)
      integer(c_size_t), value :: sampleCount
      real(c_double) :: returned
    end function
    function UxHwDoubleDistFromWeightedSamples(samples, sampleCount, unweightedSampleCount) &
      bind(c, name="UxHwDoubleDistFromWeightedSamples") result(returned)
      import
      type(WeightedDoubleSample), intent(in) :: samples(*)
      integer(c_size_t), value :: sampleCount, unweightedSampleCount
      real(c_double) :: returned
    end function
    ! One column of `samples` for each observation: samples(sampleCardinality, sampleCount).
    subroutine UxHwDoubleDistFromMultidimensionalSamples(destination, samples, sampleCount, sampleCardinality) &
      bind(c, name="UxHwDoubleDistFromMultidimensionalSamples")
      import
      real(c_double), intent(out) :: destination(*)
      real(c_double), intent(in) :: samples(*)
      integer(c_size_t), value :: sampleCount, sampleCardinality
    end subroutine
    function UxHwDoubleNthMoment(value, n) bind(c, name="UxHwDoubleNthMoment") result(returned)
      import
      real(c_double), value :: value
      integer(c_size_t), value :: n
      real(c_double) :: returned
    end function
    function UxHwDoubleNthMode(value, n) bind(c, name="UxHwDoubleNthMode") result(returned)
      import
      real(c_double), value :: value
      integer(c_size_t), value :: n
      real(c_double) :: returned
    end function
    subroutine UxHwDoubleSampleBatch(value, destination, n) bind(c, name="UxHwDoubleSampleBatch")
      import
      real(c_double), value :: value
      real(c_double), intent(out) :: destination(*)
      integer(c_size_t), value :: n
    end subroutine
    function UxHwDoubleBayesLaplace(likelihood, prior, evidence) &
      bind(c, name="UxHwDoubleBayesLaplace") result(returned)
      import
      type(c_funptr), value :: likelihood
      real(c_double), value :: prior, evidence
      real(c_double) :: returned
    end function
    function UxHwDoubleBayesLaplaceWithParameters(likelihood, parameters, prior, evidence, observationCount) &
      bind(c, name="UxHwDoubleBayesLaplaceWithParameters") result(returned)
      import
      type(c_funptr), value :: likelihood
      type(c_ptr), value :: parameters
      real(c_double), value :: prior, evidence
      integer(c_size_t), value :: observationCount
      real(c_double) :: returned
    end function
    subroutine UxHwDoublePrint(value) bind(c, name="UxHwDoublePrint")
      import
      real(c_double), value :: value
    end subroutine
    function UxHwDoubleDistributionToByteArray(value, buffer, bytes) &
      bind(c, name="UxHwDoubleDistributionToByteArray") result(returned)
      import
      real(c_double), value :: value
      integer(c_int8_t), intent(out) :: buffer(*)
      integer(c_size_t), value :: bytes
      integer(c_size_t) :: returned
    end function
    function UxHwDoubleByteArrayToDistribution(buffer, bytes) &
      bind(c, name="UxHwDoubleByteArrayToDistribution") result(returned)
      import
      integer(c_int8_t), intent(in) :: buffer(*)
      integer(c_size_t), value :: bytes
      real(c_double) :: returned
    end function
    function UxHwFloatUniformDist(min, max) bind(c, name="UxHwFloatUniformDist") result(returned)
      import
      real(c_float), value :: min, max
      real(c_float) :: returned
    end function
    function UxHwFloatGaussDist(mean, stddev) bind(c, name="UxHwFloatGaussDist") result(returned)
      import
      real(c_float), value :: mean, stddev
      real(c_float) :: returned
    end function
    function UxHwFloatExponentialDist(mu) bind(c, name="UxHwFloatExponentialDist") result(returned)
      import
      real(c_float), value :: mu
      real(c_float) :: returned
    end function
    function UxHwFloatGumbel1Dist(mu, beta) bind(c, name="UxHwFloatGumbel1Dist") result(returned)
      import
      real(c_float), value :: mu, beta
      real(c_float) :: returned
    end function
    function UxHwFloatLogisticDist(location, scale) bind(c, name="UxHwFloatLogisticDist") result(returned)
      import
      real(c_float), value :: location, scale
      real(c_float) :: returned
    end function
    function UxHwFloatLaplaceDist(mu, b) bind(c, name="UxHwFloatLaplaceDist") result(returned)
      import
      real(c_float), value :: mu, b
      real(c_float) :: returned
    end function
    function UxHwFloatWeibullDist(k, lambda) bind(c, name="UxHwFloatWeibullDist") result(returned)
      import
      real(c_float), value :: k, lambda
      real(c_float) :: returned
    end function
    function UxHwFloatLognormalDist(mu, sigma) bind(c, name="UxHwFloatLognormalDist") result(returned)
      import
      real(c_float), value :: mu, sigma
      real(c_float) :: returned
    end function
    function UxHwFloatBoundedparetoDist(alpha, min, max) bind(c, name="UxHwFloatBoundedparetoDist") result(returned)
      import
      real(c_float), value :: alpha, min, max
      real(c_float) :: returned
    end function
    function UxHwFloatMixture(dist1, dist2, p) bind(c, name="UxHwFloatMixture") result(returned)
      import
      real(c_float), value :: dist1, dist2, p
      real(c_float) :: returned
    end function
    function UxHwFloatQuantile(value, p) bind(c, name="UxHwFloatQuantile") result(returned)
      import
      real(c_float), value :: value, p
      real(c_float) :: returned
    end function
    function UxHwFloatProbabilityGT(value, cutoff) bind(c, name="UxHwFloatProbabilityGT") result(returned)
      import
      real(c_float), value :: value, cutoff
      real(c_float) :: returned
    end function
    function UxHwFloatSupportMin(value) bind(c, name="UxHwFloatSupportMin") result(returned)
      import
      real(c_float), value :: value
      real(c_float) :: returned
    end function
    function UxHwFloatSupportMax(value) bind(c, name="UxHwFloatSupportMax") result(returned)
      import
      real(c_float), value :: value
      real(c_float) :: returned
    end function
    function UxHwFloatSample(value) bind(c, name="UxHwFloatSample") result(returned)
      import
      real(c_float), value :: value
      real(c_float) :: returned
    end function
    function UxHwFloatGetIndependentCopy(value) bind(c, name="UxHwFloatGetIndependentCopy") result(returned)
      import
      real(c_float), value :: value
      real(c_float) :: returned
    end function
    function UxHwFloatLimitDistributionSupport(value, min, max) &
      bind(c, name="UxHwFloatLimitDistributionSupport") result(returned)
      import
      real(c_float), value :: value, min, max
      real(c_float) :: returned
    end function
    function UxHwFloatDistFromSamples(samples, sampleCount) bind(c, name="UxHwFloatDistFromSamples") result(returned)
      import
      real(c_float), intent(in) :: samples(*)
      integer(c_size_t), value :: sampleCount
      real(c_float) :: returned
    end function
    function UxHwFloatDistFromWeightedSamples(samples, sampleCount, unweightedSampleCount) &
      bind(c, name="UxHwFloatDistFromWeightedSamples") result(returned)
      import
      type(WeightedFloatSample), intent(in) :: samples(*)
      integer(c_size_t), value :: sampleCount, unweightedSampleCount
      real(c_float) :: returned
    end function
    ! One column of `samples` for each observation: samples(sampleCardinality, sampleCount).
    subroutine UxHwFloatDistFromMultidimensionalSamples(destination, samples, sampleCount, sampleCardinality) &
      bind(c, name="UxHwFloatDistFromMultidimensionalSamples")
      import
      real(c_float), intent(out) :: destination(*)
      real(c_float), intent(in) :: samples(*)
      integer(c_size_t), value :: sampleCount, sampleCardinality
    end subroutine
    function UxHwFloatNthMoment(value, n) bind(c, name="UxHwFloatNthMoment") result(returned)
      import
      real(c_float), value :: value
      integer(c_size_t), value :: n
      real(c_float) :: returned
    end function
    function UxHwFloatNthMode(value, n) bind(c, name="UxHwFloatNthMode") result(returned)
      import
      real(c_float), value :: value
      integer(c_size_t), value :: n
      real(c_float) :: returned
    end function
    subroutine UxHwFloatSampleBatch(value, destination, n) bind(c, name="UxHwFloatSampleBatch")
      import
      real(c_float), value :: value
      real(c_float), intent(out) :: destination(*)
      integer(c_size_t), value :: n
    end subroutine
    function UxHwFloatBayesLaplace(likelihood, prior, evidence) bind(c, name="UxHwFloatBayesLaplace") result(returned)
      import
      type(c_funptr), value :: likelihood
      real(c_float), value :: prior, evidence
      real(c_float) :: returned
    end function
    function UxHwFloatBayesLaplaceWithParameters(likelihood, parameters, prior, evidence, observationCount) &
      bind(c, name="UxHwFloatBayesLaplaceWithParameters") result(returned)
      import
      type(c_funptr), value :: likelihood
      type(c_ptr), value :: parameters
      real(c_float), value :: prior, evidence
      integer(c_size_t), value :: observationCount
      real(c_float) :: returned
    end function
    subroutine UxHwFloatPrint(value) bind(c, name="UxHwFloatPrint")
      import
      real(c_float), value :: value
    end subroutine
    function UxHwFloatDistributionToByteArray(value, buffer, bytes) &
      bind(c, name="UxHwFloatDistributionToByteArray") result(returned)
      import
      real(c_float), value :: value
      integer(c_int8_t), intent(out) :: buffer(*)
      integer(c_size_t), value :: bytes
      integer(c_size_t) :: returned
    end function
    function UxHwFloatByteArrayToDistribution(buffer, bytes) &
      bind(c, name="UxHwFloatByteArrayToDistribution") result(returned)
      import
      integer(c_int8_t), intent(in) :: buffer(*)
      integer(c_size_t), value :: bytes
      real(c_float) :: returned
    end function
  end interface
end module
