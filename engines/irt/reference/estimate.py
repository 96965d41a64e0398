"""Normal intervals and tail probabilities."""

import itertools

import numpy
import scipy
from scipy.stats import norm

import provenance

MEANS = (-2.3, 0.0, 0.41, 3.0)
ERRORS = (0.05, 0.316, 1.0)
COVERAGES = (0.01, 0.5, 0.9, 0.95, 0.9999)
CUTS = (-3.0, -0.2, 0.41, 1.1, 4.0)

rows = []
for mean, error, coverage, cut in itertools.product(MEANS, ERRORS, COVERAGES, CUTS):
    lower, upper = norm.interval(coverage, mean, error)
    rows.append((mean, error, coverage, float(lower), float(upper), cut, float(norm.sf(cut, mean, error))))

provenance.write(
    "estimate.csv",
    ("mean", "standard_error", "coverage", "lower", "upper", "cut", "probability_at_least"),
    rows,
    __file__,
    [numpy, scipy],
)
