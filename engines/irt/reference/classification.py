"""Classification accuracy and consistency: total scores by convolution and by all answer patterns, abilities by scipy's
normal distribution. The items are those of standard_setting.py."""

import csv
import itertools
import math

import numpy
import scipy
from numpy.polynomial.hermite_e import hermegauss
from scipy.stats import norm

import provenance

SEED = 20260813
random = numpy.random.default_rng(SEED)


def write(name, columns, rows):
    provenance.write(name, columns, rows, __file__, [numpy, scipy], SEED)


with open(provenance.TABLES / "standard_setting_items.csv", encoding="utf-8") as table:
    table = list(csv.DictReader(line for line in table if not line.startswith("#")))
items = [
    (row["model"], float(row["slope"]), float(row["lower"]), [float(row["first"]), float(row["second"])])
    for row in table
]


def logistic(x):
    return 1 / (1 + math.exp(-x))


def probabilities(one, theta):
    model, a, c, d = one
    if model == "logistic":
        right = c + (1 - c) * logistic(a * theta + d[0])
        return numpy.array([1 - right, right])
    if model == "graded":
        above = [1.0, *(logistic(a * theta + x) for x in d), 0.0]
        return numpy.array([above[k] - above[k + 1] for k in range(3)])
    weights = numpy.array([1.0, *(math.exp((k + 1) * a * theta + x) for k, x in enumerate(d))])
    return weights / weights.sum()


def information(one, theta):
    """Σ (∂P/∂θ)²/P in closed form."""
    model, a, c, d = one
    P = probabilities(one, theta)
    if model == "logistic":
        L = logistic(a * theta + d[0])
        return (a * (1 - c) * L * (1 - L)) ** 2 / (P[0] * P[1])
    if model == "graded":
        slopes = [0.0, *(logistic(a * theta + x) * logistic(-a * theta - x) for x in d), 0.0]
        return sum((a * (slopes[k] - slopes[k + 1])) ** 2 / P[k] for k in range(3))
    k = numpy.arange(3)
    return a**2 * (P @ k**2 - (P @ k) ** 2)


def by_convolution(test, theta):
    totals = numpy.ones(1)
    for one in test:
        totals = numpy.convolve(totals, probabilities(one, theta))
    return totals


def by_patterns(test, theta):
    P = [probabilities(one, theta) for one in test]
    totals = numpy.zeros(sum(len(p) - 1 for p in P) + 1)
    for pattern in itertools.product(*(range(len(p)) for p in P)):
        totals[sum(pattern)] += math.prod(p[k] for p, k in zip(P, pattern))
    return totals


def summary(levels, weights, shares):
    """levels: true level; shares: probability of each level awarded, rows people."""
    accuracy = sum(w * p[k] for w, p, k in zip(weights, shares, levels))
    consistency = sum(w * (p**2).sum() for w, p in zip(weights, shares))
    marginal = weights @ shares
    chance = (marginal**2).sum()
    table = numpy.zeros((shares.shape[1], shares.shape[1]))
    for w, p, k in zip(weights, shares, levels):
        table[k] += w * p
    out = [("accuracy", accuracy), ("consistency", consistency), ("chance", chance)]
    out.append(("kappa", (consistency - chance) / (1 - chance)))
    for r in range(len(table)):
        out += [(f"table_{r}_{k}", table[r, k]) for k in range(len(table))]
    for cut in range(shares.shape[1] - 1):
        above = shares[:, cut + 1 :].sum(axis=1)
        true = numpy.array([k > cut for k in levels])
        out.append((f"cut_{cut}_accuracy", weights @ numpy.where(true, above, 1 - above)))
        out.append((f"cut_{cut}_consistency", weights @ (above**2 + (1 - above) ** 2)))
        share = weights @ above
        c = share**2 + (1 - share) ** 2
        out.append((f"cut_{cut}_kappa", (out[-1][1] - c) / (1 - c)))
        out.append((f"cut_{cut}_false_positive", weights @ numpy.where(true, 0, above)))
        out.append((f"cut_{cut}_false_negative", weights @ numpy.where(true, 1 - above, 0)))
    return out


X, W = hermegauss(41)
W = W / W.sum()
rows = []
for name, test, cuts, totals in (
    ("eight", items[:8], [5.0, 8.0], by_patterns),
    ("twelve", items, [7.0, 11.0, 15.5], by_convolution),
    ("long", items * 6, [55.0, 80.0], by_convolution),
):
    levels, shares = [], []
    for theta in X:
        f = totals(test, theta)
        score = numpy.arange(len(f))
        mean = f @ score
        levels.append(sum(mean >= c for c in cuts))
        at = numpy.array([sum(x >= c for c in cuts) for x in score])
        shares.append([f[at == k].sum() for k in range(len(cuts) + 1)])
    rows += [("lee", name, *pair) for pair in summary(levels, W, numpy.array(shares))]

cuts = [-0.5, 0.3, 1.2]


def normal_shares(mean, error):
    edges = numpy.array([-numpy.inf, *cuts, numpy.inf])
    return numpy.diff(norm.cdf((edges - mean) / error))


for name, test in (("twelve", items), ("long", items * 6)):
    shares = numpy.array([normal_shares(t, 1 / math.sqrt(sum(information(one, t) for one in test))) for t in X])
    levels = [sum(t >= c for c in cuts) for t in X]
    rows += [("rudner_expected", name, *pair) for pair in summary(levels, W, shares)]
write("classification.csv", ("method", "test", "statistic", "value"), rows)

means, errors = random.normal(0.1, 1, 300), random.uniform(0.1, 0.6, 300)
people = [("person", "mean", n, x) for n, x in enumerate(means)] + [("person", "error", n, x) for n, x in enumerate(errors)]
shares = numpy.array([normal_shares(m, e) for m, e in zip(means, errors)])
levels = [sum(m >= c for c in cuts) for m in means]
weights = numpy.full(300, 1 / 300)
people += [("result", statistic, 0, value) for statistic, value in summary(levels, weights, shares)]
write("classification_rudner.csv", ("kind", "name", "position", "value"), people)
