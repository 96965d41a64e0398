"""Answer similarity of pairs: exact fractions and characteristic functions instead of the recursion."""

import fractions
import itertools

import mpmath
import numpy
import scipy
from scipy.stats import false_discovery_control, norm

import provenance

SEED = 19971
LIBRARIES = [numpy, scipy, mpmath]
random = numpy.random.default_rng(SEED)
mpmath.mp.dps = 60


def write(name, columns, rows):
    provenance.write(f"similarity_{name}.csv", columns, rows, __file__, LIBRARIES, SEED)


def distribution():
    """By summing over all patterns of successes, in exact fractions."""
    rows, chances = [], []
    cases = [[0.5] * 4, [0.0, 1.0, 0.3], list(random.random(8)), list(random.random(8) * 1e-4), [0.999999, 0.2, 0.7]]
    for case, own in enumerate(cases):
        exact = [fractions.Fraction(float(p)) for p in own]
        total = [fractions.Fraction(0)] * (len(own) + 1)
        for pattern in itertools.product((0, 1), repeat=len(own)):
            product = fractions.Fraction(1)
            for p, success in zip(exact, pattern):
                product *= p if success else 1 - p
            total[sum(pattern)] += product
        rows += [(case, matches, float(value)) for matches, value in enumerate(total)]
        chances += [(case, float(p)) for p in own]
    write("distribution", ("case", "matches", "probability"), rows)
    write("chances", ("case", "probability"), chances)


def tail(chances, matches):
    """P(M ≥ matches) from the discrete Fourier transform of the characteristic function, sixty digits."""
    n = len(chances)
    transform = []
    for k in range(n + 1):
        root = mpmath.expjpi(mpmath.mpf(2 * k) / (n + 1))
        transform.append(mpmath.fprod(1 - mpmath.mpf(p) + mpmath.mpf(p) * root for p in chances))
    total = mpmath.mpf(0)
    for m in range(matches, n + 1):
        total += sum(t * mpmath.expjpi(mpmath.mpf(-2 * k * m) / (n + 1)) for k, t in enumerate(transform)) / (n + 1)
    return float(mpmath.re(total))


ITEMS = 24


def pairs():
    """Fourteen items of four options (nominal model), ten of right and wrong (two parameters); each person skips some."""
    items = []
    for item in range(ITEMS):
        if item < 14:
            scores, intercepts = numpy.sort(random.uniform(0.2, 3.0, 3)), random.normal(0, 0.7, 3)
            items.append((item, 0.6, *scores, *intercepts))
        else:
            items.append((item, random.uniform(0.8, 2.0), 0.0, 0.0, 0.0, random.normal(), 0.0, 0.0))
    write("items", ("item", "slope", "score1", "score2", "score3", "intercept1", "intercept2", "intercept3"), items)

    def probabilities(item, theta):
        _, slope, *rest = items[item]
        scores, intercepts = rest[:3], rest[3:]
        if item >= 14:
            right = 1 / (1 + numpy.exp(-(slope * theta + intercepts[0])))
            return numpy.array([1 - right, right])
        weights = numpy.exp(numpy.array([0.0, *(s * slope * theta + d for s, d in zip(scores, intercepts))]))
        return weights / weights.sum()

    people, answers = [], []
    for person in range(6):
        theta = float(random.normal(0, 1.2))
        own = {}
        for item in range(ITEMS):
            if random.random() > 0.12:
                chances = probabilities(item, theta)
                own[item] = int(random.choice(len(chances), p=chances))
        if person == 5:  # copies most of what person 4 answered
            own.update({item: answer for item, answer in people[4][1].items() if random.random() < 0.7})
        people.append((theta, own))
        answers += [(person, theta, item, own[item]) for item in sorted(own)]
    write("answers", ("person", "ability", "item", "category"), answers)

    rows = []
    for first, second in itertools.permutations(range(6), 2):
        (theta, own), (other_theta, other) = people[first], people[second]
        common = sorted(set(own) & set(other))
        matches = sum(own[item] == other[item] for item in common)
        conditional = [probabilities(item, theta)[other[item]] for item in common]
        expected, deviation = sum(conditional), numpy.sqrt(sum(p * (1 - p) for p in conditional))
        omega = (matches - expected) / deviation
        both = [probabilities(item, theta) @ probabilities(item, other_theta) for item in common]
        rows.append((
            first, second, len(common), matches, expected, omega, float(norm.sf(omega)), tail(conditional, matches),
            sum(both), tail(both, matches),
        ))
    columns = ("first", "second", "common", "matches", "expected", "omega", "p_value", "exact_p_value")
    write("pairs", (*columns, "binomial_expected", "binomial_p_value"), rows)


def multiplicity():
    rows = []
    for case, own in enumerate([[0.01], [0.04, 0.01, 0.03, 0.5, 0.01], list(random.random(30) ** 3), [0.9, 1.0, 0.0]]):
        p = numpy.array(own)
        discovery = false_discovery_control(p, method="bh")
        order = numpy.argsort(p, kind="stable")
        holm = numpy.empty(len(p))
        holm[order] = numpy.minimum(1, numpy.maximum.accumulate((len(p) - numpy.arange(len(p))) * p[order]))
        rows += [(case, float(a), float(b), float(c)) for a, b, c in zip(p, discovery, holm)]
    write("multiplicity", ("case", "p_value", "benjamini_hochberg", "holm"), rows)


distribution()
pairs()
multiplicity()
