"""Limited-information statistics of the fits in tests/reference/calibration, from mirt's estimates.

Expected moments by direct summation over 61 points, their derivatives by central differences, covariances by direct
summation, the quadratic form by the orthogonal complement of the derivatives. Then the same with the faults that
explain mirt's values, which must come out (see the README beside the fits).
"""

from collections import Counter

import numpy as np
import scipy

import calibration
import provenance

THETA = np.linspace(-6, 6, 61)
DIFFERENCE = 1e-5


def weights(spread):
    w = np.exp(-THETA**2 / 2 / spread**2)
    return w / w.sum()


def features(kind, categories):
    """Features of one item alone, and in pairs: arrays over its categories."""
    score, chosen = [np.arange(categories) * 1.0], list(np.eye(categories)[1:])
    return {"scores": (score, score), "categories": (chosen, chosen), "categories_then_scores": (chosen, score)}[kind]


def moments(kind, sizes):
    """Each moment: {item: feature}."""
    own = [features(kind, size) for size in sizes]
    found = [{i: f} for i, (alone, _) in enumerate(own) for f in alone]
    for i in range(len(sizes)):
        found += [{j: g, i: f} for j in range(i) for g in own[j][1] for f in own[i][1]]
    return found


def given(moment, curves):
    row = np.ones_like(THETA)
    for item, feature in moment.items():
        row = row * (feature @ curves[item])
    return row


def expected(kind, model, values, count):
    curves, spread = calibration.curves(model, values, count, THETA)
    return np.array([given(m, curves) @ weights(spread) for m in moments(kind, [len(c) for c in curves])])


def covariance(listed, curves, w):
    e = np.array([given(m, curves) @ w for m in listed])
    x = np.empty((len(listed), len(listed)))
    for a, one in enumerate(listed):
        for b, other in enumerate(listed[: a + 1]):
            both = {item: one.get(item, 1.0) * other.get(item, 1.0) for item in one | other}
            x[a, b] = x[b, a] = given(both, curves) @ w - e[a] * e[b]
    return x


def observed(listed, x):
    """Means and numbers of people."""
    found = []
    for moment in listed:
        there = ~np.isnan(x[:, list(moment)]).any(1)
        value = np.ones(there.sum())
        for item, feature in moment.items():
            value = value * feature[x[there, item].astype(int)]
        found.append((value.mean(), there.sum()))
    return np.array(found).T


def form(residual, xi, complement):
    y = complement.T @ residual
    return float(y @ np.linalg.solve(complement.T @ xi @ complement, y))


def statistic(kind, model, values, x, wrong=None):
    count = x.shape[1]
    curves, spread = calibration.curves(model, values, count, THETA)
    listed = moments(kind, [len(c) for c in curves])
    mean, people = observed(listed, x)
    residual = people / np.sqrt(len(x)) * (mean - expected(kind, model, values, count))
    slopes = wrong if wrong is not None else np.array([
        (expected(kind, model, values + h, count) - expected(kind, model, values - h, count)) / (2 * DIFFERENCE)
        for h in np.eye(len(values)) * DIFFERENCE
    ]).T
    complement = np.linalg.qr(slopes, mode="complete")[0][:, slopes.shape[1]:]
    assert np.linalg.matrix_rank(slopes) == slopes.shape[1]
    return form(residual, covariance(listed, curves, weights(spread)), complement), complement.shape[1]


def baseline(kind, x):
    """The independence model, by the same quadratic form; columns of its derivatives made independent first."""
    sizes = [int(np.nanmax(column)) + 1 for column in x.T]
    shares = [np.array([np.mean(column[~np.isnan(column)] == k) for k in range(size)]) for column, size in zip(x.T, sizes)]
    curves = [np.repeat(share[:, None], len(THETA), 1) for share in shares]
    w, listed = weights(1.0), moments(kind, sizes)
    mean, people = observed(listed, x)
    e = np.array([given(m, curves) @ w for m in listed])
    slopes = []
    for item, size in enumerate(sizes):
        for k in range(1, size):
            moved = [c.copy() for c in curves]
            moved[item][k] += 1
            moved[item][0] -= 1
            slopes.append([given(m, moved) @ w - before for m, before in zip(listed, e)])
    complement = scipy.linalg.null_space(np.array(slopes), rcond=1e-9)
    return form(people / np.sqrt(len(x)) * (mean - e), covariance(listed, curves, w), complement), complement.shape[1]


def tucker_lewis(own, base):
    return (base[0] / base[1] - own[0] / own[1]) / (base[0] / base[1] - 1)


def wrong_slopes(model, values, count):
    """Derivatives of expected scores with mirt's faults."""
    curves, spread = calibration.curves(model, values, count, THETA)
    scores, w = [np.arange(len(c)) @ c for c in curves], weights(spread)
    own = values[: len(values) - (model in ("PCM", "Rasch"))].reshape(count, -1)

    def item(i):
        p, e = curves[i], scores[i]
        if model == "3PL":
            return np.array([THETA * p[0] * p[1], p[0] * p[1], p[0]])
        k = np.arange(len(p))
        by_intercept = [p[j] * (k[j] - e) for j in range(1, len(p))]
        if model != "gpcm":
            return np.array(by_intercept)
        z = k[:, None] * own[i][0] * THETA + np.concatenate([[0.0], own[i][1:]])[:, None]
        return np.array([(k**2 @ p - e * (k @ np.exp(z - z.max(0)))) * THETA, *by_intercept])

    rows, size = [], own.shape[1]
    for parts in [{i: 1.0} for i in range(count)] + [{j: scores[i], i: scores[j]} for i in range(count) for j in range(i)]:
        row = np.zeros(own.size)
        for i, other in parts.items():
            row[i * size:(i + 1) * size] = item(i) @ (w * other)
        rows.append(row)
    return np.array(rows)


def wrong_baseline(x):
    """R's pivoted Householder vectors of the first categories, the complement read as if all categories counted."""
    sizes = [int(np.nanmax(column)) + 1 for column in x.T]
    count, mu = len(sizes), np.nanmean(x, 0)
    pairs = [(i, j) for i in range(count) for j in range(i + 1, count)]
    listed = [(i,) for i in range(count)] + pairs
    slopes = np.array([[1.0 * (i in m) * np.prod([mu[j] for j in m if j != i]) for i in range(count)] for m in listed])
    q, rest = np.eye(len(listed)), slopes.copy()
    for column in range(count):
        u = rest[column:, column] / np.copysign(np.linalg.norm(rest[column:, column]), rest[column, column])
        u[0] += 1
        mirror = np.eye(len(listed))
        mirror[column:, column:] -= np.outer(u, u) / u[0]
        rest, q = mirror @ rest, q @ mirror
    shares = [np.array([np.mean(c[~np.isnan(c)] == k) for k in range(s)]) for c, s in zip(x.T, sizes)]
    power = lambda m: np.prod([np.arange(sizes[i]) ** n @ shares[i] for i, n in Counter(m).items()])
    xi = np.array([[power(a + b) - power(a) * power(b) for b in listed] for a in listed])
    there = ~np.isnan(x)
    residual = [0.0] * count
    for i, j in pairs:
        both = there[:, i] & there[:, j]
        residual.append(both.sum() / np.sqrt(len(x)) * (np.mean(x[both, i] * x[both, j]) - mu[i] * mu[j]))
    used = sum(size - 1 for size in sizes)
    return form(np.array(residual), xi, q[:, used:]), len(listed) - used


def check_faults(fit, file, model, values, x):
    mirt = (file["M2"]["M2"], file["M2"]["df"])
    if model in ("3PL", "gpcm", "PCM", "Rasch"):
        wrong, _ = statistic("scores", model, values, x, wrong_slopes(model, values, x.shape[1]))
        assert abs(wrong - mirt[0]) < 1e-3 * mirt[0], (fit, wrong, mirt)
    if model in ("graded", "gpcm", "PCM", "rsm"):
        wrong = tucker_lewis(mirt, wrong_baseline(x))
        assert abs(wrong - file["M2"]["TLI"]) < 1e-4, (fit, wrong, file["M2"]["TLI"])


if __name__ == "__main__":
    rows = []
    for fit in calibration.FITS:
        file, x = calibration.load(fit), calibration.answers(fit)
        model, values = calibration.parameters(file)
        check_faults(fit, file, model, values, x)
        for kind in ("scores", "categories", "categories_then_scores"):
            own, base = statistic(kind, model, values, x), baseline(kind, x)
            rows.append((fit, kind, own[0], own[1], base[0], base[1], float(tucker_lewis(own, base))))
            print(*rows[-1], file["M2"]["M2"], flush=True)
    columns = ["fit", "moments", "statistic", "degrees_of_freedom", "baseline", "baseline_degrees_of_freedom", "tucker_lewis"]
    provenance.write("limited_information.csv", columns, rows, __file__, [np, scipy])
