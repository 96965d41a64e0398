"""Differences between groups: simulated answers, and both tests by a likelihood maximised directly with scipy.

No expectation step: the marginal likelihood on 61 nodes is maximised by BFGS with gradients by complex steps and
finished by Newton's steps; the covariance is the inverse of the second derivatives by differences of those gradients.
Runs for about a minute."""

import numpy
import scipy
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.stats import chi2, ncx2, norm

import provenance

SEED = 20261125
random = numpy.random.default_rng(SEED)
libraries = [numpy, scipy]
NODES = numpy.linspace(-6, 6, 61)


def chances(values, theta):
    """Graded item (two categories: logistic): slope, then falling intercepts; categories × nodes."""
    above = [numpy.ones_like(theta * values[0])]
    above += [1 / (1 + numpy.exp(-(values[0] * theta + b))) for b in values[1:]]
    above.append(0 * above[0])
    return numpy.array([above[k] - above[k + 1] for k in range(len(values))])


def simulate(items, focal_items, populations, sizes, share):
    answers, groups = [], []
    for g, ((mean, spread), size) in enumerate(zip(populations, sizes)):
        for _ in range(size):
            theta = numpy.array([random.normal(mean, spread)])
            row = []
            for j, own in enumerate(items):
                p = chances(focal_items[g].get(j, own), theta)[:, 0]
                row.append(int(random.choice(len(p), p=p / p.sum())) if random.random() < share else -1)
            answers.append(row)
            groups.append(g)
    return numpy.array(answers), numpy.array(groups)


class Model:
    """Groups with free means and variances but the first; `free` items have parameters of their own in each group."""

    def __init__(self, answers, groups, categories, free):
        self.count = groups.max() + 1
        self.patterns = [numpy.unique(answers[groups == g], axis=0, return_counts=True) for g in range(self.count)]
        self.place, start = {}, []
        for j, k in enumerate(categories):
            for g in range(self.count):
                if g == 0 or j in free:
                    own = slice(len(start), len(start) + k)
                    start += [1.0, *numpy.linspace(0.8, -0.8, k - 1)] if k > 2 else [1.0, 0.0]
                self.place[j, g] = own
        self.latent = len(start)
        start += [0.0, 1.0] * (self.count - 1)
        self.start = numpy.array(start)

    def value(self, x):
        total = 0
        for g in range(self.count):
            mean, variance = (0.0, 1.0) if g == 0 else x[self.latent + 2 * g - 2 : self.latent + 2 * g]
            weights = numpy.exp(-((NODES - mean) ** 2) / (2 * variance))
            weights = weights / weights.sum()
            own, people = self.patterns[g]
            logs = numpy.zeros((len(own), len(NODES)), dtype=complex)
            for j in range(own.shape[1]):
                p = numpy.log(chances(x[self.place[j, g]], NODES) + 0j)
                seen = own[:, j] >= 0
                logs[seen] += p[own[seen, j]]
            total = total + (people * numpy.log((numpy.exp(logs) * weights).sum(axis=1))).sum()
        return total

    def gradient(self, x):
        gradient = numpy.empty(len(x))
        for n in range(len(x)):
            step = x.astype(complex)
            step[n] += 1e-30j
            gradient[n] = self.value(step).imag / 1e-30
        return gradient

    def hessian(self, x):
        rows = []
        for n in range(len(x)):
            step = numpy.zeros(len(x))
            step[n] = 1e-5
            rows.append((self.gradient(x + step) - self.gradient(x - step)) / 2e-5)
        return (numpy.array(rows) + numpy.array(rows).T) / 2

    def fit(self, start=None):
        x = minimize(
            lambda x: -self.value(x).real, self.start if start is None else start, jac=lambda x: -self.gradient(x),
            method="BFGS", options={"gtol": 1e-3},
        ).x
        for _ in range(2):
            hessian = self.hessian(x)
            x = x - numpy.linalg.solve(hessian, self.gradient(x))
        # Newton's last step is far shorter than the errors of differences: its matrix is that of the maximum.
        return x, self.value(x).real, numpy.linalg.inv(-hessian)


sets = {}
two = [(1.2, 0.5), (0.8, -0.6), (1.6, 0.0), (1.0, 1.1), (1.4, -0.9), (1.1, 0.3)]
sets["two"] = (two, [{}, {4: (1.4, -0.2), 5: (0.6, 0.3)}], [(0.0, 1.0), (0.4, 1.2)], [350, 250], 0.95, [0, 1, 2])
graded = [(1.3, 1.0, -0.8), (0.9, 0.4, -1.2), (1.7, 1.3, 0.1), (1.1, 0.9, -0.4)]
changed = [{}, {}, {3: (1.1, 0.1, -1.2)}]
sets["three"] = (graded, changed, [(0.0, 1.0), (-0.3, 0.9), (0.5, 1.1)], [200, 220, 180], 1.0, [0, 1])

answer_rows, test_rows, group_rows = [], [], []
for name, (items, changes, populations, sizes, share, anchors) in sets.items():
    answers, groups = simulate(items, changes, populations, sizes, share)
    answer_rows += [(name, int(g), "".join("." if k < 0 else str(k) for k in row)) for g, row in zip(groups, answers)]
    categories = [len(own) for own in items]
    base = Model(answers, groups, categories, [])
    x, value, _ = base.fit()
    for g in range(1, base.count):
        group_rows.append((name, g, float(value), *(float(v) for v in x[base.latent + 2 * g - 2 : base.latent + 2 * g])))
    for j in range(len(items)):
        one = Model(answers, groups, categories, [j])
        _, apart, _ = one.fit()
        degrees = len(one.start) - len(base.start)
        test_rows.append((name, "ratio", j, float(2 * (apart - value)), degrees, float(chi2.sf(2 * (apart - value), degrees))))
    free = [j for j in range(len(items)) if j not in anchors]
    model = Model(answers, groups, categories, free)
    x, _, covariance = model.fit()
    for j in free:
        rows = []
        for g in range(1, model.count):
            for n in range(categories[j]):
                row = numpy.zeros(len(x))
                row[model.place[j, g].start + n], row[model.place[j, 0].start + n] = 1, -1
                rows.append(row)
        rows = numpy.array(rows)
        difference = rows @ x
        wald = difference @ numpy.linalg.solve(rows @ covariance @ rows.T, difference)
        test_rows.append((name, "wald", j, float(wald), len(rows), float(chi2.sf(wald, len(rows)))))
provenance.write("invariance_answers.csv", ("set", "group", "answers"), answer_rows, __file__, libraries, SEED)
provenance.write("invariance_groups.csv", ("set", "group", "log_likelihood", "mean", "variance"), group_rows, __file__, libraries, SEED)
provenance.write("invariance_tests.csv", ("set", "test", "item", "statistic", "degrees", "probability"), test_rows, __file__, libraries, SEED)

power = []
for degrees in (1, 2, 3, 6, 12):
    for noncentrality in (0.0, 0.3, 2.0, 9.0, 40.0, 300.0):
        for point in (0.5, 3.841458820694124, 12.0, 60.0, 250.0):
            exact = ncx2.sf(point, degrees, noncentrality) if noncentrality else chi2.sf(point, degrees)
            power.append((point, degrees, noncentrality, float(exact)))
provenance.write("invariance_power.csv", ("point", "degrees", "noncentrality", "above"), power, __file__, libraries)

effects = []
for _ in range(12):
    a, b = random.uniform(0.6, 2, 2), random.normal(0, 0.8, 2)
    mean, spread = float(random.normal(0, 0.5)), float(random.uniform(0.7, 1.3))
    expected = [lambda t, a=a[g], b=b[g]: 1 / (1 + numpy.exp(-(a * t + b))) for g in (0, 1)]
    density = lambda t: norm.pdf(t, mean, spread)
    cross = float((b[0] - b[1]) / (a[1] - a[0]))
    ends = (mean - 8 * spread, mean + 8 * spread)
    points = [p for p in (cross, mean) if ends[0] < p < ends[1]]
    integral = lambda f: quad(lambda t: f(t) * density(t), *ends, points=points, epsabs=1e-13, limit=400)[0]
    moments = [(integral(e), integral(lambda t: e(t) ** 2)) for e in expected]
    variances = [square - m * m for m, square in moments]
    signed = moments[1][0] - moments[0][0]
    unsigned = integral(lambda t: abs(expected[1](t) - expected[0](t)))
    effects.append((*map(float, (a[0], b[0], a[1], b[1])), mean, spread, signed, unsigned, signed / (sum(variances) / 2) ** 0.5))
provenance.write(
    "invariance_effects.csv", ("slope", "intercept", "focal_slope", "focal_intercept", "mean", "deviation", "signed", "unsigned", "standardised"),
    effects, __file__, libraries, SEED,
)
