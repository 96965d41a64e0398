"""Standardized log-likelihoods of the first people of three fits in tests/reference/calibration, at the most likely
ability found by bounded search; derivatives by five-point differences, sums spelled out as in Snijders (2001)."""

import numpy as np
import scipy
from scipy import optimize

import calibration
import provenance

PEOPLE = 25


def curves(model, values, count, theta):
    return calibration.curves(model, values, count, np.array([theta]))[0]


def log_posterior(theta, person, model, values, count, spread):
    own = curves(model, values, count, theta)
    return sum(np.log(own[i][int(k), 0]) for i, k in person) - theta**2 / 2 / spread**2


def fit(person, model, values, count, spread):
    grid = np.linspace(-5, 5, 401)
    start = max(grid, key=lambda t: log_posterior(t, person, model, values, count, spread))
    score = lambda t: by_ability(lambda c: sum(np.log(c[i][int(k), 0]) for i, k in person), model, values, count, t) - t / spread**2
    theta = optimize.brentq(score, start - 0.1, start + 0.1, xtol=1e-14)
    p = curves(model, values, count, theta)
    items = [i for i, _ in person]
    slopes = {i: np.array([by_ability(lambda c: c[i][k, 0], model, values, count, theta) for k in range(len(p[i]))]) for i in items}
    chances, logs = {i: p[i][:, 0] for i in items}, {i: np.log(p[i][:, 0]) for i in items}
    chosen = {i: (np.arange(len(chances[i])) == int(k)) * 1.0 for i, k in person}
    r = {i: slopes[i] / chances[i] for i in items}
    c = sum(slopes[i] @ logs[i] for i in items) / sum(slopes[i] @ r[i] for i in items)
    adjusted = {i: logs[i] - c * r[i] for i in items}
    w = sum((chosen[i] - chances[i]) @ logs[i] for i in items)
    variance = lambda value: sum(chances[i] @ value[i] ** 2 - (chances[i] @ value[i]) ** 2 for i in items)
    return theta, w / np.sqrt(variance(logs)), (w - c * theta / spread**2) / np.sqrt(variance(adjusted))


def by_ability(function, model, values, count, theta):
    """Derivative by a five-point difference: error about 1e-11."""
    h = 1e-3
    at = lambda t: function(curves(model, values, count, t))
    return (at(theta - 2 * h) - 8 * at(theta - h) + 8 * at(theta + h) - at(theta + 2 * h)) / (12 * h)


if __name__ == "__main__":
    rows = []
    for name in ["ref_3pl__3PL_expbeta5_17", "ref_gpcm__gpcm", "ref_rsm__rsm"]:
        file, x = calibration.load(name), calibration.answers(name)
        model, values = calibration.parameters(file)
        count = x.shape[1]
        spread = calibration.curves(model, values, count, np.zeros(1))[1]
        for row in range(PEOPLE):
            person = [(i, k) for i, k in enumerate(x[row]) if not np.isnan(k)]
            rows.append((name, row, *map(float, fit(person, model, values, count, spread))))
    provenance.write("person_fit.csv", ["fit", "person", "ability", "lz", "lz_star"], rows, __file__, [np, scipy])
