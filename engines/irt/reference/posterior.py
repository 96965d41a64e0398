"""Posteriors of between-item answers: exact by dense quadrature (D = 1, 2, 3) and by importance sampling (D = 5),
and the fixed point of expectation propagation by a separate, parallel, damped iteration with adaptive quadrature.
"""

import numpy as np
import scipy
from scipy import integrate

import provenance

SEED = 20260802
DRAWS = 4_000_000
random = np.random.default_rng(SEED)


def prior(dimensions, correlation, spread):
    deviations = np.array([1.0 + spread * d for d in range(dimensions)])
    correlations = np.full((dimensions, dimensions), correlation) + (1 - correlation) * np.eye(dimensions)
    mean = np.array([0.1 * d - 0.2 for d in range(dimensions)])
    return mean, correlations * np.outer(deviations, deviations)


def likelihood(answers, dimension, x):
    value = np.ones_like(x)
    for d, a, b, c, correct in answers:
        if d == dimension:
            right = c + (1 - c) / (1 + np.exp(-a * (x - b)))
            value = value * (right if correct else 1 - right)
    return value


def respond(mean, covariance, count, extreme=None):
    """A person and answers to `count` items; `extreme` makes all of them right or wrong."""
    dimensions = len(mean)
    ability = random.multivariate_normal(mean, covariance)
    answers = []
    for n in range(count):
        d = n % dimensions
        a, b = round(float(random.uniform(0.8, 2.3)), 6), round(float(random.normal(0, 1.2)), 6)
        c = float(random.choice([0.0, 0.25, 1 / 14, 1 / 3]))
        right = c + (1 - c) / (1 + np.exp(-a * (ability[d] - b)))
        correct = bool(random.random() < right) if extreme is None else extreme
        answers.append((d, a, b, c, correct))
    return answers


def quadrature(mean, covariance, answers, nodes):
    dimensions = len(mean)
    axes = [mean[d] + np.linspace(-8, 8, nodes) * covariance[d, d] ** 0.5 for d in range(dimensions)]
    mesh = np.meshgrid(*[axis - m for axis, m in zip(axes, mean)], indexing="ij", sparse=True)
    precision = np.linalg.inv(covariance)
    exponent = sum(
        precision[i, j] * mesh[i] * mesh[j] for i in range(dimensions) for j in range(dimensions)
    )
    weight = np.exp(-0.5 * exponent)
    for d in range(dimensions):
        shape = [1] * dimensions
        shape[d] = nodes
        weight = weight * likelihood(answers, d, axes[d]).reshape(shape)
    weight /= weight.sum()
    moved = np.array([(weight * mesh[d]).sum() for d in range(dimensions)])
    second = np.array(
        [[(weight * mesh[i] * mesh[j]).sum() for j in range(dimensions)] for i in range(dimensions)]
    )
    return mean + moved, second - np.outer(moved, moved)


def sampling(mean, covariance, answers):
    """Draws from the prior, weighted by the likelihood; also the Monte-Carlo error of the means, in deviations."""
    factor = np.linalg.cholesky(covariance)
    draws = random.standard_normal((DRAWS, len(mean))) @ factor.T
    weight = np.ones(DRAWS)
    for d in range(len(mean)):
        weight *= likelihood(answers, d, mean[d] + draws[:, d])
    weight /= weight.sum()
    moved = weight @ draws
    second = (draws * weight[:, None]).T @ draws
    return mean + moved, second - np.outer(moved, moved), float(np.sqrt((weight**2).sum()))


def propagation(mean, covariance, answers):
    """All sites at once, damped by a half, from zero; tilted moments by QUADPACK."""
    dimensions = len(mean)
    precision0 = np.linalg.inv(covariance)
    site, shift = np.zeros(dimensions), np.zeros(dimensions)
    for _ in range(400):
        current = np.linalg.inv(precision0 + np.diag(site))
        centre = current @ (precision0 @ mean + shift)
        new_site, new_shift = site.copy(), shift.copy()
        for d in range(dimensions):
            if not any(answer[0] == d for answer in answers):
                continue
            cavity = 1 / current[d, d] - site[d]
            location = (centre[d] / current[d, d] - shift[d]) / cavity
            deviation = cavity**-0.5

            def moment(power, around):
                def integrand(z):
                    x = location + deviation * z
                    return (x - around) ** power * np.exp(-z * z / 2) * likelihood(answers, d, np.array(x))

                # Split at the estimate so that the adaptive rule sees the peak.
                peak = np.clip((centre[d] - location) / deviation, -9, 9)
                parts = [(-12, peak), (peak, 12)]
                return sum(integrate.quad(integrand, *p, epsabs=0, epsrel=1e-12, limit=200)[0] for p in parts)

            mass = moment(0, 0.0)
            first = centre[d] + moment(1, centre[d]) / mass
            second = moment(2, first) / mass
            new_site[d] = 1 / second - cavity
            new_shift[d] = first / second - cavity * location
        change = max(np.abs(new_site - site).max(), np.abs(new_shift - shift).max())
        site, shift = (site + new_site) / 2, (shift + new_shift) / 2
        if change < 1e-11:
            break
    current = np.linalg.inv(precision0 + np.diag(site))
    return current @ (precision0 @ mean + shift), current


CASES = [  # name, dimensions, correlation, spread, answers, all right or wrong
    ("one_right_above_a_floor", 1, 0.0, 0.0, 1, True),
    ("one_dimension", 1, 0.0, 0.3, 20, None),
    ("one_dimension_long", 1, 0.0, 0.0, 60, None),
    ("two_short", 2, 0.7, 0.2, 3, None),
    ("two_dimensions", 2, 0.7, 0.2, 16, None),
    ("two_all_right", 2, 0.85, 0.0, 16, True),
    ("two_all_wrong", 2, 0.5, 0.0, 10, False),
    ("three_short", 3, 0.7, 0.0, 2, None),
    ("three_dimensions", 3, 0.7, 0.1, 21, None),
    ("three_negative", 3, -0.3, 0.0, 15, None),
    ("three_close", 3, 0.95, 0.0, 24, None),
    ("five_short", 5, 0.7, 0.0, 5, None),
    ("five_dimensions", 5, 0.7, 0.0, 16, None),
    ("five_long", 5, 0.7, 0.1, 32, None),
    ("five_all_right", 5, 0.7, 0.0, 12, True),
]

answer_rows, prior_rows, moment_rows = [], [], []
for name, dimensions, correlation, spread, count, extreme in CASES:
    mean, covariance = prior(dimensions, correlation, spread)
    answers = respond(mean, covariance, count, extreme)
    error = 0.0
    if dimensions < 5:
        exact = quadrature(mean, covariance, answers, {1: 4001, 2: 801, 3: 161}[dimensions])
    else:
        *exact, error = sampling(mean, covariance, answers)
    results = [("exact", *exact, error)]
    results.append(("propagation", *propagation(mean, covariance, answers), 0.0))
    answer_rows += [(name, d, a, b, c, int(correct)) for d, a, b, c, correct in answers]
    for d in range(dimensions):
        prior_rows.append((name, dimensions, d, -1, float(mean[d])))
        prior_rows += [(name, dimensions, d, e, float(covariance[d, e])) for e in range(dimensions)]
    for method, centre, spread_ in [(m, c, s) for m, c, s, _ in results]:
        scale = error if method == "exact" else 0.0
        for d in range(dimensions):
            moment_rows.append((name, method, d, -1, float(centre[d]), scale))
            moment_rows += [(name, method, d, e, float(spread_[d, e]), scale) for e in range(dimensions)]
    print(name, np.abs(results[0][1] - results[1][1]).max(), results[0][3])

libraries = [np, scipy]
provenance.write("posterior_answers.csv", ("case", "dimension", "a", "b", "c", "correct"), answer_rows, __file__, libraries, SEED)
provenance.write("posterior_priors.csv", ("case", "dimensions", "row", "column", "value"), prior_rows, __file__, libraries, SEED)
provenance.write("posterior_moments.csv", ("case", "method", "row", "column", "value", "sampling_error"), moment_rows, __file__, libraries, SEED)
