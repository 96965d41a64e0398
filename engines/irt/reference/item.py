"""Probabilities, information and inverse of the two-parameter logistic item with floor, in 300 digits: probabilities near 1 leave 50 to the slope."""

import itertools

import mpmath
from mpmath import mpf

import provenance

mpmath.mp.dps = 300

DISCRIMINATIONS = ("0.3", "1.0", "1.7", "4.0", "10.0")
DIFFICULTIES = ("-20.0", "-2.5", "0.0", "0.7", "3.0")
FLOORS = ("0.0", "0.041666666666666664", "0.25", "0.5", "0.9")
ABILITIES = ("-8.0", "-3.1", "-0.5", "0.0", "0.7", "2.2", "8.0")
PROBABILITIES = ("0.05", "0.3", "0.5", "0.67", "0.95", "0.999")


def exact(text):
    """The double that Rust reads from this text."""
    return mpf(float(text))


def row(a, b, c, theta):
    a_, b_, c_, t = map(exact, (a, b, c, theta))
    wrong = (1 - c_) / (1 + mpmath.exp(a_ * (t - b_)))
    right = 1 - wrong
    slope = mpmath.diff(lambda x: c_ + (1 - c_) / (1 + mpmath.exp(-a_ * (x - b_))), t)
    information = slope**2 / (right * wrong)
    return a, b, c, theta, float(right), float(wrong), float(information)


provenance.write(
    "item.csv",
    ("discrimination", "difficulty", "lower", "theta", "right", "wrong", "information"),
    [row(*parts) for parts in itertools.product(DISCRIMINATIONS, DIFFICULTIES, FLOORS, ABILITIES)],
    __file__,
    [mpmath],
)


def inverse(a, b, c, p):
    a_, b_, c_, p_ = map(exact, (a, b, c, p))
    theta = mpmath.findroot(lambda t: c_ + (1 - c_) / (1 + mpmath.exp(-a_ * (t - b_))) - p_, b_)
    return a, b, c, p, float(theta)


provenance.write(
    "ability_at.csv",
    ("discrimination", "difficulty", "lower", "probability", "ability"),
    [
        inverse(*parts)
        for parts in itertools.product(DISCRIMINATIONS, DIFFICULTIES, FLOORS[:4], PROBABILITIES)
        if float(parts[3]) > float(parts[2])
    ],
    __file__,
    [mpmath],
)
