"""Five areas: populations by the exact marginal likelihood, posteriors of partial-credit answers by dense quadrature, averages
over errors of item parameters, chances of classes by draws, values of subscores by regression on true scores."""

import numpy as np
import scipy
from numpy.polynomial.hermite_e import hermegauss
from scipy import optimize

import provenance

SEED = 20261129
random = np.random.default_rng(SEED)
libraries = [np, scipy]


def logistic(x):
    return 1 / (1 + np.exp(-x))


def grid(dimensions, nodes, half=7.0):
    axis = np.linspace(-half, half, nodes)
    mesh = np.meshgrid(*[axis] * dimensions, indexing="ij")
    return axis, np.stack([one.ravel() for one in mesh], axis=1)


def density(points, mean, covariance):
    away = points - mean
    exponent = np.einsum("ni,ij,nj->n", away, np.linalg.inv(covariance), away)
    return np.exp(-0.5 * exponent) / np.sqrt(np.linalg.det(2 * np.pi * covariance))


def populations():
    """Answers of people, and mean and covariance at the maximum of the marginal likelihood on a dense grid."""
    answer_rows, result_rows = [], []
    for case, dimensions, count, items, free in [
        ("one_free", 1, 150, 15, "mean_and_covariance"),
        ("one_covariance", 1, 150, 15, "covariance"),
        ("two_correlations", 2, 150, 16, "correlations"),
        ("two_free", 2, 150, 16, "mean_and_covariance"),
        ("three_correlations", 3, 120, 18, "correlations"),
    ]:
        mean = np.full(dimensions, 0.3 if "mean" in free else 0.0)
        deviation = 1.2 if free != "correlations" else 1.0
        covariance = deviation**2 * (0.6 * np.ones((dimensions, dimensions)) + 0.4 * np.eye(dimensions))
        axis, points = grid(dimensions, {1: 801, 2: 101, 3: 41}[dimensions], {1: 9.0, 2: 7.0, 3: 5.5}[dimensions])
        step = (axis[1] - axis[0]) ** dimensions
        tables = np.empty((count, len(points)))
        for person in range(count):
            ability = random.multivariate_normal(mean, covariance)
            log = np.zeros(len(points))
            for n in range(items):
                d = n % dimensions
                a, b = round(float(random.uniform(0.8, 2.0)), 4), round(float(random.normal(0, 1)), 4)
                correct = bool(random.random() < logistic(a * (ability[d] - b)))
                log += -np.logaddexp(0, (-1 if correct else 1) * a * (points[:, d] - b))
                answer_rows.append((case, person, d, a, b, int(correct)))
            tables[person] = np.exp(log)
        pairs = [(i, j) for i in range(dimensions) for j in range(i)]

        def unpack(x):
            x = list(x)
            m = np.array([x.pop(0) for _ in range(dimensions)]) if "mean" in free else np.zeros(dimensions)
            s = np.exp([x.pop(0) for _ in range(dimensions)]) if free != "correlations" else np.ones(dimensions)
            r = np.eye(dimensions)
            for i, j in pairs:
                r[i, j] = r[j, i] = np.tanh(x.pop(0))
            return m, r * np.outer(s, s)

        def loss(x):
            m, c = unpack(x)
            if np.linalg.eigvalsh(c)[0] < 1e-6:
                return 1e10
            return -np.log(tables @ density(points, m, c) * step).sum()

        size = dimensions * (("mean" in free) + (free != "correlations")) + len(pairs)
        start = np.full(size, 0.2)
        end = optimize.minimize(loss, start, method="BFGS", options={"gtol": 1e-6})
        end = optimize.minimize(loss, end.x, method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-11, "maxiter": 20000, "maxfev": 20000})
        m, c = unpack(end.x)
        print(case, m, c, end.fun)
        for i in range(dimensions):
            result_rows.append((case, free, dimensions, i, -1, float(m[i])))
            result_rows += [(case, free, dimensions, i, j, float(c[i, j])) for j in range(dimensions)]
    provenance.write("population_answers.csv", ("case", "person", "dimension", "a", "b", "correct"), answer_rows, __file__, libraries, SEED)
    provenance.write("population.csv", ("case", "free", "dimensions", "row", "column", "value"), result_rows, __file__, libraries, SEED)


def categories(form, slope, own, x):
    """Probabilities, category by category, of a graded ("graded", falling intercepts) or generalised partial-credit item."""
    u = slope * x
    if form == "graded":
        reached = [np.ones_like(x)] + [logistic(u + d) for d in own] + [np.zeros_like(x)]
        return [reached[k] - reached[k + 1] for k in range(len(own) + 1)]
    z = [np.zeros_like(x)] + [(k + 1) * u + d for k, d in enumerate(own)]
    total = sum(np.exp(one) for one in z)
    return [np.exp(one) / total for one in z]


def partial_credit():
    answer_rows, moment_rows = [], []
    for case, dimensions, items, correlation in [("one", 1, 12, 0.0), ("two", 2, 10, 0.7), ("three", 3, 12, 0.7)]:
        covariance = correlation * np.ones((dimensions, dimensions)) + (1 - correlation) * np.eye(dimensions)
        _, points = grid(dimensions, {1: 4001, 2: 501, 3: 141}[dimensions], 8.0)
        weight = density(points, np.zeros(dimensions), covariance)
        ability = random.multivariate_normal(np.zeros(dimensions), covariance)
        for n in range(items):
            d = n % dimensions
            form = ["graded", "partial"][(n // dimensions) % 2]
            slope = round(float(random.uniform(0.8, 2.0)), 4)
            own = [round(float(one), 4) for one in random.normal(0, 1.2, int(random.integers(2, 5)))]
            own = sorted(own, reverse=True) if form == "graded" else own
            chances = [float(one[0]) for one in categories(form, slope, own, np.array([ability[d]]))]
            category = int(random.choice(len(chances), p=np.array(chances) / sum(chances)))
            weight = weight * categories(form, slope, own, points[:, d])[category]
            answer_rows.append((case, d, form, slope, ";".join(map(repr, own)), category))
        weight /= weight.sum()
        mean = weight @ points
        second = (points * weight[:, None]).T @ points - np.outer(mean, mean)
        for i in range(dimensions):
            moment_rows.append((case, dimensions, correlation, i, -1, float(mean[i])))
            moment_rows += [(case, dimensions, correlation, i, j, float(second[i, j])) for j in range(dimensions)]
    provenance.write("posterior_categories_answers.csv", ("case", "dimension", "form", "slope", "own", "category"), answer_rows, __file__, libraries, SEED)
    provenance.write("posterior_categories.csv", ("case", "dimensions", "correlation", "row", "column", "value"), moment_rows, __file__, libraries, SEED)


def uncertain_items():
    """Averages over both parameters by 40 x 40 Gauss-Hermite nodes, and posteriors of parameters by conjugacy."""
    nodes, weights = hermegauss(40)
    weights = weights / weights.sum()
    rows = []
    for a in (0.6, 1.2, 2.5):
        for b, c in ((-1.0, 0.0), (0.5, 0.25)):
            for sa, sb, r in ((0.12, 0.12, 0.0), (0.2, 0.2, 0.5), (0.05, 0.1, -0.4)):
                z1, z2 = np.meshgrid(nodes, nodes, indexing="ij")
                w = np.outer(weights, weights)
                log_a = np.log(a) + sa * z1
                difficulty = b + sb * (r * z1 + np.sqrt(1 - r * r) * z2)
                for theta in (-3.0, -1.0, 0.0, 0.7, 2.5):
                    p = (w * (c + (1 - c) * logistic(np.exp(log_a) * (theta - difficulty)))).sum()
                    rows.append((a, b, c, sa, sb, r, theta, float(p)))
    provenance.write("uncertain_item.csv", ("a", "b", "c", "log_error", "error", "correlation", "theta", "right"), rows, __file__, libraries)
    rows = []
    for a, b, sa, sb, r in ((0.7, -0.4, 0.12, 0.12, 0.0), (2.4, 1.5, 0.2, 0.15, 0.5), (1.1, 0.0, 0.1, 0.3, -0.7)):
        mu, spread = np.array([0.1, 0.05]), np.diag([0.3**2, 1.1**2])
        error = np.array([[sa * sa, r * sa * sb], [r * sa * sb, sb * sb]])
        v = np.linalg.inv(np.linalg.inv(error) + np.linalg.inv(spread))
        m = v @ (np.linalg.inv(error) @ np.array([np.log(a), b]) + np.linalg.inv(spread) @ mu)
        rows.append((a, b, sa, sb, r, 0.1, 0.3, 0.05, 1.1, float(np.exp(m[0])), float(m[1]), float(v[0, 0] ** 0.5), float(v[1, 1] ** 0.5), float(v[0, 1] / (v[0, 0] * v[1, 1]) ** 0.5)))
    provenance.write("uncertain_item_within.csv", ("a", "b", "log_error", "error", "correlation", "log_mean", "log_spread", "mean", "spread", "a_within", "b_within", "log_error_within", "error_within", "correlation_within"), rows, __file__, libraries)


def level_sums():
    """Chances of classes by 4,000,000 draws; five dimensions, one to three cut scores each, the last two on one dimension."""
    rows = []
    for case in range(6):
        correlation = (0.0, 0.5, 0.7, 0.85, 0.3, 0.6)[case]
        deviation = np.array([0.3, 0.35, 0.4, 0.45, 0.5]) * (1 if case < 4 else 2)
        covariance = (correlation * np.ones((5, 5)) + (1 - correlation) * np.eye(5)) * np.outer(deviation, deviation)
        mean = np.round(random.normal(0.4, 0.6, 5), 4)
        draws = mean + random.standard_normal((4_000_000, 5)) @ np.linalg.cholesky(covariance).T
        cuts = [[-1.0, 0.0, 1.0]] * 4 + [[-0.5, 0.6], [0.2]]
        total = sum((draws[:, min(n, 4)] >= cut).astype(int) for n, levels in enumerate(cuts) for cut in levels)
        for low, high, whole in ((68.0, 80.0, 10.0), (78.0, 90.0, 12.0)):
            share = 100 * total / whole
            chances = [(share < low).mean(), ((share >= low) & (share < high)).mean(), (share >= high).mean()]
            rows.append((case, correlation, *map(float, mean), *map(float, deviation), low, high, whole, *map(float, chances)))
    columns = ("case", "correlation", *(f"mean{d}" for d in range(5)), *(f"deviation{d}" for d in range(5)), "low", "high", "whole", "p0", "p1", "p2")
    provenance.write("level_sum.csv", columns, rows, __file__, libraries, SEED)


def subscores():
    """Haberman's values of three scores; 200 people written down for agreement to rounding, and R² of regressions on the true
    scores of 1,000,000 people of the same covariance, which the values at the true covariance must meet."""
    true = np.array([[1.0, 0.8, 0.5], [0.8, 1.0, 0.6], [0.5, 0.6, 1.0]])
    reliability = np.array([0.85, 0.6, 0.8])
    error = np.diag(1 / reliability - 1)
    people = 1_000_000
    t = random.multivariate_normal(np.zeros(3), true, people)
    s = t + random.standard_normal((people, 3)) * np.sqrt(np.diag(error))
    x = s.sum(axis=1)
    regression = []
    for d in range(3):
        r2 = lambda predictors: 1 - np.linalg.lstsq(predictors, t[:, d], rcond=None)[1][0] / (t[:, d] ** 2).sum()
        regression.append((r2(s[:, [d]]), r2(x[:, None]), r2(np.stack([s[:, d], x], axis=1)), np.corrcoef(t[:, d], t.sum(axis=1))[0, 1]))
    # The covariance itself, as six people whose sample covariance it is: a scaled factor and its mirror image.
    factor = np.linalg.cholesky(true + error).T * np.sqrt(5 / 2)
    exact = np.concatenate([factor, -factor])
    score_rows, rows = [], []
    for case, scores in (("exact", exact), ("people", np.round(s[:200], 6))):
        covariance = np.cov(scores.T)
        with_whole = covariance.sum(axis=1)
        whole = covariance.sum()
        errors = (1 - reliability) * np.diag(covariance)
        true_whole = whole - errors.sum()
        score_rows += [(case, *map(float, row)) for row in scores]
        for d in range(3):
            tv = reliability[d] * covariance[d, d]
            shared = with_whole[d] - errors[d]
            c = np.array([tv, shared])
            m = np.array([[covariance[d, d], with_whole[d]], [with_whole[d], whole]])
            values = (reliability[d], shared**2 / (tv * whole), c @ np.linalg.solve(m, c) / tv, shared / (tv * true_whole) ** 0.5)
            rows.append((case, d, float(reliability[d]), *map(float, values), *map(float, regression[d])))
    provenance.write("subscores_scores.csv", ("case", "s0", "s1", "s2"), score_rows, __file__, libraries, SEED)
    columns = ("case", "part", "reliability", "own", "whole", "both", "true_correlation", "simulated_own", "simulated_whole", "simulated_both", "simulated_correlation")
    provenance.write("subscores.csv", columns, rows, __file__, libraries, SEED)


populations()
partial_credit()
uncertain_items()
level_sums()
subscores()
