"""Abilities from answers by five methods: mpmath with 40 digits, formulas written out per category, no code shared.

One dimension: EAP by adaptive quadrature, MAP, ML and weighted likelihood as roots of numerical derivatives. Two
dimensions: EAP on a fine grid, MAP and ML by scipy and then Newton with mpmath's derivatives. Sum scores: the sum over
all patterns of answers. Runs for about two minutes."""

import itertools

import mpmath
import numpy
import scipy
from mpmath import mpf
from scipy.optimize import minimize

import provenance

SEED = 20261124
mpmath.mp.dps = 40
random = numpy.random.default_rng(SEED)
libraries = [mpmath, numpy, scipy]


def chance(item, u):
    """Probabilities of the categories at the predictor u."""
    kind, own = item["kind"], item["own"]
    if kind == "logistic":
        d, lower, upper = own
        right = lower + (upper - lower) / (1 + mpmath.exp(-(u + d)))
        return [1 - right, right]
    if kind == "graded":
        above = [mpf(1)] + [1 / (1 + mpmath.exp(-(u + b))) for b in own] + [mpf(0)]
        return [above[k] - above[k + 1] for k in range(len(own) + 1)]
    half = len(own) // 2
    weights = [mpf(1)] + [mpmath.exp(own[k] * u + own[half + k]) for k in range(half)]
    return [weight / sum(weights) for weight in weights]


def make(kind, slopes):
    if kind == "logistic":
        own = [random.normal(0, 1.2), random.choice([0.0, 0.15, 0.25]), random.choice([1.0, 1.0, 0.97])]
    elif kind == "graded":
        own = sorted((random.normal(0, 1.5) for _ in range(3)), reverse=True)
    elif kind == "partial":
        own = [1.0, 2.0, 3.0, *numpy.cumsum(random.normal(0, 0.8, 3))]
    else:
        own = [random.uniform(0.2, 1.8), 2.0, *random.normal(0, 0.8, 2)]
    kind = kind if kind in ("logistic", "graded") else "total"
    return {"kind": kind, "slopes": [mpf(round(float(a), 4)) for a in slopes], "own": [mpf(round(float(x), 4)) for x in own]}


def predictor(item, theta):
    return sum(a * t for a, t in zip(item["slopes"], theta))


def log_likelihood(items, answers, theta):
    return sum(mpmath.log(chance(items[j], predictor(items[j], theta))[k]) for j, k in answers)


def draw(items, theta, share):
    answers = []
    for j, item in enumerate(items):
        p = numpy.array([float(x) for x in chance(item, predictor(item, theta))])
        k = int(random.choice(len(p), p=p / p.sum()))
        if random.random() < share:
            answers.append((j, k))
    return answers


def derivative(f, x, order=1):
    return mpmath.diff(f, x, order)


def highest(f, low=-6, high=6):
    """The highest point of f on a fine grid, then the root of its derivative."""
    grid = [mpf(low) + mpf(high - low) * i / 120 for i in range(121)]
    values = [f(x) for x in grid]
    start = grid[max(range(121), key=values.__getitem__)]
    return mpmath.findroot(lambda x: derivative(f, x), (start - mpf("0.05"), start + mpf("0.05")), solver="secant")


def warm(items, answers, start):
    def slope(theta):
        total = derivative(lambda t: log_likelihood(items, answers, [t]), theta)
        information = skew = mpf(0)
        for j, _ in answers:
            for k in range(len(chance(items[j], mpf(0)))):
                p = lambda t: chance(items[j], items[j]["slopes"][0] * t)[k]
                first, second = derivative(p, theta), derivative(p, theta, 2)
                information += first * first / p(theta)
                skew += first * second / p(theta)
        return total + skew / (2 * information), information
    theta = mpmath.findroot(lambda t: slope(t)[0], (start, start + mpf("0.1")), solver="secant", tol=1e-24)
    return theta, 1 / mpmath.sqrt(slope(theta)[1])


def item_rows(name, items):
    rows = []
    for j, item in enumerate(items):
        own = " ".join(repr(float(x)) for x in item["own"])
        rows.append((name, j, item["kind"], " ".join(repr(float(a)) for a in item["slopes"]), own))
    return rows


def written(answers):
    return " ".join(f"{j}:{k}" for j, k in answers) or "none"


items_table = []

# One dimension, population N(0.3, 1.2²).
MEAN, SPREAD = mpf("0.3"), mpf("1.2")
kinds = ["logistic"] * 6 + ["graded"] * 2 + ["partial"] * 2 + ["nominal"] * 2
line = [make(kind, [random.uniform(0.5, 2.0)]) for kind in kinds]
items_table += item_rows("line", line)
# The two-parameter items alone have an infinite ML estimate after only right answers.
people = []
for number in range(24):
    theta = mpf(float(random.normal(0.3, 1.2)))
    answers = draw(line, [theta], 1.0 if number < 8 else 0.6)
    log_prior = lambda t: -((t - MEAN) ** 2) / (2 * SPREAD**2)
    posterior = lambda t: log_likelihood(line, answers, [t]) + log_prior(t)
    density = lambda t: mpmath.exp(posterior(t))
    mpmath.mp.dps = 20
    points = [-6, -3, -1, 0, 1, 3, 6]
    whole = mpmath.quad(density, points)
    eap = mpmath.quad(lambda t: t * density(t), points) / whole
    variance = mpmath.quad(lambda t: (t - eap) ** 2 * density(t), points) / whole
    mpmath.mp.dps = 40
    top = highest(posterior)
    map_error = 1 / mpmath.sqrt(-derivative(posterior, top, 2))
    likelihood = lambda t: log_likelihood(line, answers, [t])
    # The climb's own highest point is inside the grid unless the likelihood rises to an end.
    grid = [mpf(-30) + mpf(i) / 2 for i in range(121)]
    values = [likelihood(x) for x in grid]
    best = max(range(121), key=values.__getitem__)
    if best in (0, 120) or abs(grid[best]) > 15:
        ml, ml_error = ("below" if best < 60 else "above"), "none"
        start = mpf(-3) if best < 60 else mpf(3)
    else:
        root = highest(likelihood, float(grid[best]) - 0.6, float(grid[best]) + 0.6)
        ml, ml_error = float(root), float(1 / mpmath.sqrt(-derivative(likelihood, root, 2)))
        start = root
    wle, wle_error = warm(line, answers, start)
    people.append((written(answers), float(eap), float(mpmath.sqrt(variance)), float(top), float(map_error), ml, ml_error, float(wle), float(wle_error)))
provenance.write(
    "scoring_people.csv",
    ("answers", "eap", "eap_error", "map", "map_error", "ml", "ml_error", "wle", "wle_error"),
    people, __file__, libraries, SEED,
)

# Two dimensions, standard normal with correlation .5.
R = mpf("0.5")
slopes = [(random.uniform(0.7, 1.8), 0.0) for _ in range(4)] + [(0.0, random.uniform(0.7, 1.8)) for _ in range(4)]
slopes += [tuple(random.uniform(0.4, 1.2, 2)) for _ in range(2)]
plane = [make(kind, a) for kind, a in zip(["logistic", "graded", "partial", "logistic"] * 2 + ["logistic", "nominal"], slopes)]
items_table += item_rows("plane", plane)


def newton(f, start):
    x = [mpf(float(v)) for v in start]
    for _ in range(6):
        gradient = [mpmath.diff(f, tuple(x), n) for n in ((1, 0), (0, 1))]
        h = [mpmath.diff(f, tuple(x), n) for n in ((2, 0), (1, 1), (0, 2))]
        determinant = h[0] * h[2] - h[1] ** 2
        x[0] -= (h[2] * gradient[0] - h[1] * gradient[1]) / determinant
        x[1] -= (h[0] * gradient[1] - h[1] * gradient[0]) / determinant
    return x, (-h[2] / determinant, h[1] / determinant, -h[0] / determinant)


planes = []
while len(planes) < 10:
    z = random.normal(size=2)
    answers = draw(plane, [mpf(z[0]), mpf(0.5 * z[0] + 0.75**0.5 * z[1])], 0.9)
    likelihood = lambda a, b: log_likelihood(plane, answers, [a, b])
    posterior = lambda a, b: likelihood(a, b) - (a * a - 2 * R * a * b + b * b) / (2 * (1 - R * R))
    found = minimize(lambda x: -float(likelihood(mpf(x[0]), mpf(x[1]))), [0.0, 0.0], method="Nelder-Mead")
    if max(abs(found.x)) > 4:
        continue
    ml, _ = newton(likelihood, found.x)
    top, spread = newton(posterior, minimize(lambda x: -float(posterior(mpf(x[0]), mpf(x[1]))), [0.0, 0.0]).x)
    step = numpy.linspace(-6, 6, 97)
    values = numpy.array([[float(posterior(mpf(float(a)), mpf(float(b)))) for b in step] for a in step])
    weights = numpy.exp(values - values.max())
    weights /= weights.sum()
    first, second = weights.sum(axis=1) @ step, weights.sum(axis=0) @ step
    variance = weights.sum(axis=1) @ (step - first) ** 2
    covariance = (step - first) @ weights @ (step - second)
    planes.append((written(answers), first, second, variance, covariance, *(float(v) for v in (*top, *spread, *ml))))
provenance.write(
    "scoring_planes.csv",
    ("answers", "eap_1", "eap_2", "eap_variance_1", "eap_covariance", "map_1", "map_2", "map_variance_1", "map_covariance", "map_variance_2", "ml_1", "ml_2"),
    planes, __file__, libraries, SEED,
)

# Sums over all patterns of six items of the line, at the same 121 nodes.
chosen = [0, 1, 5, 6, 8, 10]
nodes = [mpf(-6) + mpf(i) / 10 for i in range(121)]
prior = [mpmath.exp(-((x - MEAN) ** 2) / (2 * SPREAD**2)) for x in nodes]
prior = numpy.array([float(w / sum(prior)) for w in prior])
tables = [numpy.array([[float(p) for p in chance(line[j], line[j]["slopes"][0] * x)] for x in nodes]) for j in chosen]
sums = {}
for pattern in itertools.product(*(range(table.shape[1]) for table in tables)):
    product = prior.copy()
    for table, k in zip(tables, pattern):
        product = product * table[:, k]
    sums[sum(pattern)] = sums.get(sum(pattern), 0.0) + product
place = numpy.array([float(x) for x in nodes])
rows = []
for total in sorted(sums):
    share = sums[total].sum()
    mean = sums[total] @ place / share
    rows.append((total, float(share), float(mean), float((sums[total] @ (place - mean) ** 2 / share) ** 0.5)))
provenance.write("scoring_sums.csv", ("sum", "probability", "eap", "eap_error"), rows, __file__, libraries, SEED)
provenance.write("scoring_items.csv", ("test", "item", "form", "slopes", "own"), items_table, __file__, libraries, SEED)
