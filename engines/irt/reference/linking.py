"""Linking of two calibrations: constants by closed forms and scipy's least squares, standard errors by numeric
differentiation of the whole estimation, drift statistics by numpy and quadrature. All item parameters are simulated."""

import math

import numpy
import scipy
from numpy.polynomial.hermite_e import hermegauss
from scipy.integrate import quad
from scipy.optimize import least_squares
from scipy.stats import norm

import provenance

SEED = 20260811
LIBRARIES = [numpy, scipy]
random = numpy.random.default_rng(SEED)


def write(name, columns, rows):
    provenance.write(name, columns, rows, __file__, LIBRARIES, SEED)


def logistic(x):
    return 1 / (1 + numpy.exp(-x))


# An item: (model, parameters): slope, intercept, lower, upper; slope, intercepts; slope, scores, intercepts.
def categories(model, p):
    return {"logistic": 2, "graded": len(p), "divide": (len(p) - 1) // 2 + 1}[model]


def probabilities(item, theta):
    """Categories in rows, abilities in columns."""
    model, p = item
    u = p[0] * theta
    if model == "logistic":
        right = p[2] + (p[3] - p[2]) * logistic(u + p[1])
        return numpy.array([1 - right, right])
    if model == "graded":
        above = [numpy.ones_like(theta), *(logistic(u + d) for d in p[1:]), numpy.zeros_like(theta)]
        return numpy.array([above[k] - above[k + 1] for k in range(len(p))])
    half = (len(p) - 1) // 2
    z = numpy.array([numpy.zeros_like(theta), *(s * u + d for s, d in zip(p[1 : half + 1], p[half + 1 :]))])
    e = numpy.exp(z)
    return e / e.sum(axis=0)


def expected(item, theta):
    P = probabilities(item, theta)
    return numpy.arange(len(P)) @ P


def moved(item, A, B):
    """In parameters of the scale A θ + B."""
    model, p = item
    q = numpy.array(p, dtype=float)
    q[0] = p[0] / A
    if model == "logistic":
        q[1] -= p[0] * B / A
    elif model == "graded":
        q[1:] -= p[0] * B / A
    else:
        half = (len(p) - 1) // 2
        q[half + 1 :] -= numpy.asarray(p[1 : half + 1]) * p[0] * B / A
    return model, q


X, W = hermegauss(30)
W = W / W.sum()
SHIFTED = (0.3 + 0.9 * X, W)


def curves(new, old, totals, symmetric):
    def residuals(point):
        A, B = point
        out = []
        places = [(X, (X - B) / A, W)] + ([(A * SHIFTED[0] + B, SHIFTED[0], SHIFTED[1])] if symmetric else [])
        for on_old, on_new, weight in places:
            if totals:
                gap = sum(expected(o, on_old) - expected(n, on_new) for n, o in zip(new, old))
                out.append(numpy.sqrt(weight) * gap)
            else:
                for n, o in zip(new, old):
                    out.append((numpy.sqrt(weight) * (probabilities(o, on_old) - probabilities(n, on_new))).ravel())
        return numpy.concatenate(out)

    def slopes(point):
        """By complex steps, exact to rounding."""
        A, B = point
        return numpy.array([residuals((A + 1e-30j, B)).imag, residuals((A, B + 1e-30j)).imag]).T / 1e-30

    found = least_squares(residuals, (1.0, 0.0), method="lm", jac=slopes).x
    for _ in range(60):
        J, r = slopes(found), residuals(found)
        step = numpy.linalg.solve(J.T @ J, J.T @ r)
        found = found - step
        if abs(step).max() < 1e-14:
            break
    assert abs(step).max() < 1e-12
    return found


def moments(new, old, method):
    a, b = numpy.array([i[1][0] for i in new]), numpy.array([-i[1][1] / i[1][0] for i in new])
    c, d = numpy.array([i[1][0] for i in old]), numpy.array([-i[1][1] / i[1][0] for i in old])
    A = {
        "mean_mean": lambda: a.mean() / c.mean(),
        "mean_sigma": lambda: d.std(ddof=1) / b.std(ddof=1),
        "mean_geometric_mean": lambda: math.exp(numpy.log(a / c).mean()),
    }[method]()
    return numpy.array([A, d.mean() - A * b.mean()])


def link(new, old, method):
    if method.startswith("mean"):
        return moments(new, old, method)
    return curves(new, old, method.startswith("stocking_lord"), method.endswith("symmetric"))


def flat(items):
    return numpy.concatenate([item[1] for item in items])


def shaped(items, values):
    out, start = [], 0
    for model, p in items:
        out.append((model, values[start : start + len(p)]))
        start += len(p)
    return out


def jacobian(new, old, method, free):
    x = numpy.concatenate([flat(new), flat(old)])
    split = len(flat(new))
    columns = []
    for k in range(len(x)):
        if not free[k]:
            columns.append(numpy.zeros(2))
            continue
        step = numpy.zeros(len(x))
        step[k] = 1e-4
        at = lambda y: link(shaped(new, y[:split]), shaped(old, y[split:]), method)
        columns.append((8 * (at(x + step) - at(x - step)) - (at(x + 2 * step) - at(x - 2 * step))) / 12e-4)
    return numpy.array(columns).T


def simulated(model, count, k):
    out = []
    for _ in range(count):
        a, b = random.lognormal(0.1, 0.3), random.normal(0, 1)
        if model == "logistic":
            out.append((model, numpy.array([a, -a * b, 0.0, 1.0])))
        elif model == "guessed":
            out.append(("logistic", numpy.array([a, -a * b, random.uniform(0.05, 0.3), 1.0])))
        elif model == "graded":
            out.append((model, numpy.array([a, *sorted(-a * (b + random.normal(0, 1, k - 1)), reverse=True)])))
        else:
            out.append((model, numpy.array([a, *range(1, k), *numpy.cumsum(-a * (b + random.normal(0, 0.7, k - 1)))])))
    return out


def noisy(items, deviation):
    out = []
    for model, p in items:
        q = p.copy()
        q[0] *= math.exp(random.normal(0, deviation))
        if model == "logistic":
            q[1] += random.normal(0, deviation)
            q[2] = min(max(q[2] + (random.normal(0, 0.02) if q[2] > 0 else 0), 0), 0.5)
        elif model == "graded":
            q[1:] = sorted(q[1:] + random.normal(0, deviation, len(q) - 1), reverse=True)
        else:
            half = (len(q) - 1) // 2
            q[half + 1 :] += random.normal(0, deviation, half)
        out.append((model, q))
    return out


def is_free(items):
    out = []
    for model, p in items:
        if model == "logistic":
            out += [True, True, p[2] > 0, False]
        elif model == "graded":
            out += [True] * len(p)
        else:
            half = (len(p) - 1) // 2
            out += [True] + [False] * half + [True] * half
    return numpy.array(out)


SETS = {
    "two_parameter": (simulated("logistic", 12, 2), 1.21, -0.35),
    "three_parameter": (simulated("guessed", 15, 2), 0.86, 0.5),
    "graded": (simulated("graded", 8, 4), 1.1, 0.2),
    "partial_credit": (simulated("divide", 8, 3), 0.9, -0.6),
    "mixed": (simulated("logistic", 5, 2) + simulated("graded", 4, 5) + simulated("divide", 3, 4), 1.3, 0.1),
}
MOMENTS = ["mean_mean", "mean_sigma", "mean_geometric_mean"]
CURVES = ["haebara", "stocking_lord", "haebara_symmetric", "stocking_lord_symmetric"]


def linking():
    parameters, links = [], []
    for name, (true, A, B) in SETS.items():
        new, old = noisy(true, 0.08), noisy([moved(item, A, B) for item in true], 0.08)
        free = {"new": is_free(new), "old": is_free(old)}
        covariance = {}
        for side, items in (("new", new), ("old", old)):
            loading = numpy.where(free[side], random.normal(0, 0.03, len(free[side])), 0.0)
            variance = numpy.where(free[side], random.uniform(0.001, 0.004, len(free[side])), 0.0)
            covariance[side] = numpy.diag(variance) + numpy.outer(loading, loading)
            position = 0
            for anchor, (model, p) in enumerate(items):
                for value in p:
                    parameters.append((name, side, anchor, model, value, variance[position], loading[position]))
                    position += 1
        for method in (MOMENTS if name in ("two_parameter", "three_parameter") else []) + CURVES:
            A_hat, B_hat = link(new, old, method)
            J = jacobian(new, old, method, numpy.concatenate([free["new"], free["old"]]))
            split = len(free["new"])
            V = J[:, :split] @ covariance["new"] @ J[:, :split].T + J[:, split:] @ covariance["old"] @ J[:, split:].T
            links.append((name, method, A_hat, B_hat, math.sqrt(V[0, 0]), math.sqrt(V[1, 1]), V[0, 1]))
    write("linking_parameters.csv", ("set", "side", "anchor", "model", "value", "variance", "loading"), parameters)
    write(
        "linking.csv",
        ("set", "method", "slope", "intercept", "slope_error", "intercept_error", "covariance"),
        links,
    )


def nodes():
    rows = []
    for count in (1, 2, 7, 30, 41):
        x, w = hermegauss(count)
        rows += [(count, a, b) for a, b in zip(x, w / w.sum())]
    write("linking_nodes.csv", ("points", "ability", "weight"), rows)


def area():
    rows = []
    for n in range(40):
        lower = 0.2 if n % 3 == 0 else 0.0
        a, c = random.lognormal(0, 0.3, 2)
        b, d = random.normal(0, 1, 2)
        if n % 8 == 0:
            c = a
        old, new = ("logistic", [a, -a * b, lower, 1.0]), ("logistic", [c, -c * d, lower, 1.0])
        gap = lambda t: float(probabilities(old, numpy.float64(t))[1] - probabilities(new, numpy.float64(t))[1])
        crossing = (a * b - c * d) / (a - c) if a != c else b
        ends = [-80.0] + sorted(x for x in (b, d, crossing) if -80 < x < 80) + [80.0]
        parts = [quad(gap, s, e, epsabs=1e-13, epsrel=1e-13, limit=400)[0] for s, e in zip(ends, ends[1:])]
        difference = math.sqrt(W @ (expected(old, X) - expected(new, X)) ** 2)
        rows.append((a, -a * b, c, -c * d, lower, sum(parts), sum(abs(part) for part in parts), difference))
    columns = ("old_slope", "old_intercept", "new_slope", "new_intercept", "lower", "signed", "unsigned", "difference")
    write("linking_area.csv", columns, rows)


def z_scores(x):
    q1, q2, q3 = numpy.quantile(x, [0.25, 0.5, 0.75])
    return (x - q2) / (0.74 * (q3 - q1))


def robust(a, b, c, d, limit=1.645):
    """z of slopes and locations, A, B, agreements, from slopes and difficulties new (a, b) and old (c, d)."""
    ratio = numpy.log(a) - numpy.log(c)
    z_slope = z_scores(ratio)
    A = math.exp(ratio[abs(z_slope) < limit].mean())
    shift = d - A * b
    z_location = z_scores(shift)
    B = shift[(abs(z_slope) < limit) & (abs(z_location) < limit)].mean()
    agreement = [numpy.corrcoef(a, c)[0, 1], a.std() / A / c.std(), numpy.corrcoef(b, d)[0, 1], A * b.std() / d.std()]
    return z_slope, z_location, A, B, agreement


def drifting(count, items):
    a, b = random.lognormal(0.1, 0.3, count), random.normal(0, 1, count)
    c, d = a / 1.15 * numpy.exp(random.normal(0, 0.05, count)), 1.15 * b - 0.2 + random.normal(0, 0.05, count)
    for position, (slope, shift) in items.items():
        c[position] *= slope
        d[position] += shift
    return a, b, c, d


def robust_z():
    rows, agreements = [], []
    for number in range(6):
        count = int(random.integers(10, 25))
        a, b, c, d = drifting(count, {2: (1.0, 0.8), 5: (1.8, 0.0), 7: (1.0, -0.5)})
        z_slope, z_location, A, B, agreement = robust(a, b, c, d)
        for anchor in range(count):
            values = (a[anchor], -a[anchor] * b[anchor], c[anchor], -c[anchor] * d[anchor])
            rows.append((number, anchor, *values, z_slope[anchor], z_location[anchor]))
        agreements.append((number, A, B, *agreement))
    columns = ("set", "anchor", "new_slope", "new_intercept", "old_slope", "old_intercept", "slope_z", "location_z")
    write("linking_robust_z.csv", columns, rows)
    columns = ("set", "slope", "intercept", "slope_correlation", "slope_ratio", "correlation", "ratio")
    write("linking_agreement.csv", columns, agreements)
    return rows


def unsigned(a, b, c, d):
    if a == c:
        return abs(d - b)
    return abs(2 * (c - a) / (a * c) * numpy.logaddexp(0, a * c * (d - b) / (c - a)) - (d - b))


def purified(rows):
    """The sets of the robust z, purified by three statistics around a mean–mean link."""
    out = []
    limits = (("robust_z", 2.7), ("unsigned_area", 0.3), ("weighted_difference", 0.06))
    for number in sorted({row[0] for row in rows}):
        own = [row for row in rows if row[0] == number]
        a, c = numpy.array([r[2] for r in own]), numpy.array([r[4] for r in own])
        b, d = numpy.array([-r[3] / r[2] for r in own]), numpy.array([-r[5] / r[4] for r in own])
        for statistic, limit in limits:
            kept, order = list(range(len(own))), 0
            while True:
                A = a[kept].mean() / c[kept].mean()
                B = d[kept].mean() - A * b[kept].mean()
                if statistic == "robust_z":
                    z = robust(a[kept], b[kept], c[kept], d[kept], limit)
                    value = numpy.maximum(abs(z[0]), abs(z[1]))
                elif statistic == "unsigned_area":
                    value = numpy.array([unsigned(c[k], d[k], a[k] / A, A * b[k] + B) for k in kept])
                else:
                    gap = lambda k: logistic(c[k] * (X - d[k])) - logistic(a[k] / A * (X - A * b[k] - B))
                    value = numpy.array([math.sqrt(W @ gap(k) ** 2) for k in kept])
                worst = int(value.argmax())
                if value[worst] < limit or len(kept) <= 8:
                    break
                out.append((number, statistic, limit, order, kept[worst], value[worst]))
                kept.pop(worst)
                order += 1
            out.append((number, statistic, limit, -1, len(kept), A))
    write("linking_purified.csv", ("set", "statistic", "limit", "order", "anchor", "value"), out)


def cusum():
    item = ("divide", [1.1, 1.0, 2.0, 0.4, -0.3])
    rows, upper, lower = [], 0.0, 0.0
    for n in range(200):
        ability = random.normal(0, 1)
        p = probabilities(("divide", [1.1, 1.0, 2.0, 0.4, -0.3 + (0.9 if n > 100 else 0)]), numpy.float64(ability))
        category = int(random.choice(3, p=p / p.sum()))
        p = probabilities(item, numpy.float64(ability))
        mean = float(p @ [0, 1, 2])
        residual = (category - mean) / math.sqrt(float(p @ [0, 1, 4]) - mean**2)
        upper, lower = max(0.0, upper + residual - 0.25), min(0.0, lower + residual + 0.25)
        rows.append((ability, category, residual, upper, lower))
    write("linking_cusum.csv", ("ability", "category", "residual", "upper", "lower"), rows)


def run_length():
    """Brook & Evans: the sum on a fine grid of states, for normal residuals."""

    def one_sided(k, h, shift, cells=1001):
        width = 2 * h / (2 * cells - 1)
        centres = width * numpy.arange(cells)
        step = centres[None, :] - centres[:, None] + k - shift
        P = norm.cdf(step + width / 2) - norm.cdf(step - width / 2)
        P[:, 0] = norm.cdf(step[:, 0] + width / 2)
        return numpy.linalg.solve(numpy.eye(cells) - P, numpy.ones(cells))[0]

    rows = []
    for k, h in ((0.25, 4.0), (0.25, 8.0), (0.5, 4.0), (0.5, 5.0), (1.0, 3.0)):
        for shift in (0.0, 0.25, 0.5, 1.0, 1.5):
            rows.append((k, h, shift, 1 / (1 / one_sided(k, h, shift) + 1 / one_sided(k, h, -shift))))
    write("linking_run_length.csv", ("reference", "limit", "shift", "length"), rows)


linking()
nodes()
area()
purified(robust_z())
cusum()
run_length()
