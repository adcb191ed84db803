"""Mean and variance of each Ux text in a file, one a line, as the official reader has them."""

import sys

from signaloid.distributional import DistributionalValue

for line in open(sys.argv[1]):
    value = DistributionalValue.parse(line.strip())
    if value is None:
        sys.exit(f"not a Ux text: {line[:80]}")
    print(repr(float(value.calculate_mean())), repr(float(value.calculate_variance())))
