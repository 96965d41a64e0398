"""Lognormal times: densities, calibration, speed, fit, thresholds, mixtures, and ability and speed together.

Every figure is found on another way than in the crate: multivariate normal likelihoods with dense matrices, derivatives
by complex steps, quadrature over two dimensions, optimisers of scipy.
"""

import numpy
import scipy
from scipy.integrate import quad
from scipy.optimize import brentq, minimize
from scipy.stats import chi2, lognorm, multivariate_normal, norm

import provenance

SEED = 20061
STEP = 1e-30
LIBRARIES = [numpy, scipy]
random = numpy.random.default_rng(SEED)


def write(name, columns, rows):
    provenance.write(f"response_time_{name}.csv", columns, rows, __file__, LIBRARIES, SEED)


def density():
    rows = []
    for intensity in (1.0, 3.2, 5.0):
        for discrimination in (0.7, 1.9, 4.0):
            for speed in (-0.8, 0.0, 0.5):
                law = lognorm(s=1 / discrimination, scale=numpy.exp(intensity - speed))
                for seconds in (0.4, 12.0, 95.0, 2000.0):
                    row = (intensity, discrimination, speed, seconds)
                    rows.append((*row, float(law.logpdf(seconds)), float(law.mean())))
    write("density", ("intensity", "discrimination", "speed", "seconds", "log_density", "expected_seconds"), rows)


# Eighty people, six items, about one time in seven missing.
PEOPLE, ITEMS = 80, 6
INTENSITY = numpy.array([2.5, 3.0, 3.3, 3.6, 4.0, 4.4])
DISCRIMINATION = numpy.array([1.5, 2.2, 1.8, 2.8, 1.2, 2.0])
DEVIATION = 0.35


def simulated_times():
    speed = random.normal(0, DEVIATION, PEOPLE)
    logs = INTENSITY - speed[:, None] + random.normal(size=(PEOPLE, ITEMS)) / DISCRIMINATION
    seconds = numpy.round(numpy.exp(logs), 2)
    seconds[random.random((PEOPLE, ITEMS)) < 0.15] = numpy.nan
    return seconds


def given(row):
    return numpy.flatnonzero(~numpy.isnan(row))


def marginal(parameters, logs):
    """Sum of multivariate normal log densities; analytic, so that complex steps differentiate it."""
    beta, alpha, sigma = parameters[:ITEMS], parameters[ITEMS : 2 * ITEMS], parameters[-1]
    total = 0
    for row in logs:
        own = given(row)
        if len(own) == 0:
            continue
        covariance = numpy.diag(1 / alpha[own] ** 2) + sigma**2
        distance = row[own] - beta[own]
        total -= 0.5 * (
            len(own) * numpy.log(2 * numpy.pi)
            + numpy.log(numpy.linalg.det(covariance))
            + distance @ numpy.linalg.solve(covariance, distance)
        )
    return total


def gradient(function, at):
    out = numpy.empty(len(at))
    for n in range(len(at)):
        shifted = at.astype(complex)
        shifted[n] += 1j * STEP
        out[n] = function(shifted).imag / STEP
    return out


def hessian(function, at, step=1e-5):
    out = numpy.empty((len(at), len(at)))
    for n in range(len(at)):
        shift = numpy.zeros(len(at))
        shift[n] = step
        out[n] = (gradient(function, at + shift) - gradient(function, at - shift)) / (2 * step)
    return (out + out.T) / 2


def calibration(seconds):
    logs = numpy.log(seconds)
    truth = numpy.concatenate([INTENSITY, DISCRIMINATION, [DEVIATION]])
    best = minimize(lambda x: -marginal(x, logs), truth, jac=lambda x: -gradient(lambda y: marginal(y, logs), x)).x
    for _ in range(4):  # Newton, until rounding
        best = best - numpy.linalg.solve(hessian(lambda y: marginal(y, logs), best), gradient(lambda y: marginal(y, logs), best))
    errors = numpy.sqrt(numpy.diag(numpy.linalg.inv(-hessian(lambda y: marginal(y, logs), best))))
    likelihood = float(marginal(best, logs))
    rows = []
    for item in range(ITEMS):
        rows.append(("intensity", item, best[item], errors[item], likelihood))
        rows.append(("discrimination", item, best[ITEMS + item], errors[ITEMS + item], likelihood))
    rows.append(("speed_deviation", 0, best[-1], errors[-1], likelihood))
    write("calibration", ("parameter", "item", "estimate", "standard_error", "log_likelihood"), rows)


def speeds(seconds):
    """With the parameters the times were drawn with; they stand in the table of items."""
    people, residuals = [], []
    for person, row in enumerate(numpy.log(seconds)):
        own = given(row)
        if len(own) < 2:
            continue
        alpha, distance = DISCRIMINATION[own], INTENSITY[own] - row[own]
        (estimate,), (rest,), *_ = numpy.linalg.lstsq(alpha[:, None], alpha * distance, rcond=None)
        error = 1 / numpy.linalg.norm(alpha)
        design = numpy.append(alpha, 1 / DEVIATION)
        (expected,), *_ = numpy.linalg.lstsq(design[:, None], numpy.append(alpha * distance, 0), rcond=None)
        spread = 1 / numpy.linalg.norm(design)
        degrees = len(own) - 1
        fit = (float(rest), degrees, float(chi2.sf(rest, degrees)))
        people.append((person, float(estimate), float(error), float(expected), float(spread), *fit))
        covariance = numpy.diag(1 / alpha**2) + DEVIATION**2
        for n, item in enumerate(own):
            others = numpy.arange(len(own)) != n
            weights = numpy.linalg.solve(covariance[others][:, others], covariance[others, n])
            mean = -(weights @ distance[others])
            variance = covariance[n, n] - weights @ covariance[others, n]
            z = (-distance[n] - mean) / numpy.sqrt(variance)
            residuals.append((person, int(item), float(z), float(2 * norm.sf(abs(z)))))
    columns = ("person", "ml", "ml_error", "eap", "eap_error", "statistic", "degrees_of_freedom", "p_value")
    write("speed", columns, people)
    write("residuals", ("person", "item", "z", "p_value"), residuals)


def thresholds(seconds):
    means = numpy.nanmean(seconds, axis=0)
    write(
        "thresholds",
        ("item", "nt10", "nt15", "nt40"),
        [(n, *(float(min(10, share * means[n])) for share in (0.10, 0.15, 0.40))) for n in range(ITEMS)],
    )


def mixtures():
    rows, seconds = [], []
    for case, (share, rapid, effortful) in enumerate(
        [(0.12, (1.0, 0.35), (3.4, 0.45)), (0.3, (0.6, 0.5), (2.6, 0.4)), (0.0, (1.0, 1.0), (3.0, 0.5))]
    ):
        fast = random.random(500) < share
        logs = numpy.where(fast, random.normal(*rapid, 500), random.normal(*effortful, 500))
        own = numpy.round(numpy.exp(logs), 3)
        seconds += [(case, float(one)) for one in own]
        if share == 0:
            continue
        logs = numpy.log(own)

        def likelihood(x):
            p = 1 / (1 + numpy.exp(-x[0]))
            parts = p * norm.pdf(logs, x[1], numpy.exp(x[2])), (1 - p) * norm.pdf(logs, x[3], numpy.exp(x[4]))
            return numpy.log(parts[0] + parts[1]).sum()

        start = [numpy.log(share / (1 - share)), rapid[0], numpy.log(rapid[1]), effortful[0], numpy.log(effortful[1])]
        best = minimize(lambda x: -likelihood(x), start, method="BFGS", options={"gtol": 1e-7}).x
        best = minimize(
            lambda x: -likelihood(x), best, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13, "maxfev": 20000}
        ).x
        p, m1, s1, m2, s2 = 1 / (1 + numpy.exp(-best[0])), best[1], numpy.exp(best[2]), best[3], numpy.exp(best[4])
        one = norm.logpdf(logs, logs.mean(), logs.std()).sum()
        advantage = 2 * (likelihood(best) - one) - 3 * numpy.log(500)
        root = brentq(lambda x: p * norm.pdf(x, m1, s1) - (1 - p) * norm.pdf(x, m2, s2), m1, m2, xtol=1e-14)
        rows.append((case, p, m1, s1, m2, s2, likelihood(best), advantage, numpy.exp(root)))
    columns = ("case", "share", "rapid_mean", "rapid_deviation", "effortful_mean", "effortful_deviation")
    write("mixture", (*columns, "log_likelihood", "advantage", "threshold"), rows)
    write("mixture_times", ("case", "seconds"), seconds)


# Ability and speed of 250 people; eight items of two parameters; a third of the people lack the last two items.
JOINT_PEOPLE = 250
SLOPES = numpy.array([0.9, 1.1, 1.3, 1.5, 1.7, 1.2, 1.0, 1.4])
INTERCEPTS = numpy.array([1.2, 0.8, 0.3, 0.0, -0.4, -0.9, 0.5, -0.2])
JOINT_INTENSITY = numpy.array([2.6, 2.9, 3.1, 3.3, 3.5, 3.8, 3.0, 3.4])
JOINT_DISCRIMINATION = numpy.array([1.6, 2.0, 1.8, 2.4, 1.5, 2.1, 1.9, 1.7])


def simulated_people():
    covariance = [[1.0, 0.55 * 0.4], [0.55 * 0.4, 0.4**2]]
    theta, tau = random.multivariate_normal([0.2, -0.05], covariance, JOINT_PEOPLE).T
    chance = 1 / (1 + numpy.exp(-(SLOPES * theta[:, None] + INTERCEPTS)))
    right = (random.random(chance.shape) < chance).astype(float)
    logs = JOINT_INTENSITY - tau[:, None] + random.normal(size=chance.shape) / JOINT_DISCRIMINATION
    seconds = numpy.round(numpy.exp(logs), 2)
    missing = numpy.arange(JOINT_PEOPLE) % 3 == 0
    right[numpy.ix_(missing, [6, 7])] = numpy.nan
    seconds[numpy.ix_(missing, [6, 7])] = numpy.nan
    return right, seconds


def answers_at(row, theta):
    own = given(row)
    u = SLOPES[own] * theta[:, None] + INTERCEPTS[own]
    return -numpy.logaddexp(0, numpy.where(row[own] == 1, -u, u)).sum(axis=1)


def by_person(x, right, logs, theta):
    """Log marginal of every person: times are multivariate normal given ability, ability by the rectangle rule."""
    (mean, deviation, speed_mean, speed_deviation, correlation) = x
    slope = correlation * speed_deviation / deviation
    spread = speed_deviation**2 * (1 - correlation**2)
    prior = norm.logpdf(theta, mean, deviation)
    out = []
    for answers, times in zip(right, logs):
        own = given(times)
        covariance = numpy.diag(1 / JOINT_DISCRIMINATION[own] ** 2) + spread
        shift = speed_mean + slope * (theta - mean)
        distance = times[own] - JOINT_INTENSITY[own] + shift[:, None]
        of_times = multivariate_normal.logpdf(distance, numpy.zeros(len(own)), covariance)
        logarithm = answers + of_times + prior
        largest = logarithm.max()
        out.append(largest + numpy.log(numpy.exp(logarithm - largest).sum() * (theta[1] - theta[0])))
    return numpy.array(out)


def joint(right, seconds):
    theta = numpy.linspace(-8, 8, 321)
    logs = numpy.log(seconds)
    answers = [answers_at(row, theta) for row in right]
    total = lambda x: -by_person(x, answers, logs, theta).sum()
    best = minimize(total, [0.1, 1.0, 0.0, 0.4, 0.5], method="BFGS", options={"gtol": 1e-5}).x
    best = minimize(
        total, best, method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-13, "maxfev": 3000, "initial_simplex": best + 1e-4 * numpy.eye(6, 5)},
    ).x
    scores = []
    for n in range(5):
        shift = numpy.zeros(5)
        shift[n] = 1e-4
        up, down = by_person(best + shift, answers, logs, theta), by_person(best - shift, answers, logs, theta)
        scores.append((up - down) / 2e-4)
    error = numpy.sqrt(numpy.linalg.inv(numpy.array(scores) @ numpy.array(scores).T)[4, 4])
    columns = ("ability_mean", "ability_deviation", "speed_mean", "speed_deviation", "correlation", "correlation_error")
    write("joint", columns, [(*best, error)])


def posterior(right, seconds):
    """Dense quadrature over ability and speed with population (0, 1, 0, 0.4, 0.5)."""
    theta, tau = numpy.meshgrid(numpy.linspace(-7, 7, 561), numpy.linspace(-2.5, 2.5, 1001), indexing="ij")
    prior = multivariate_normal.logpdf(numpy.dstack([theta, tau]), [0, 0], [[1, 0.2], [0.2, 0.16]])
    rows = []
    for person in range(12):
        logarithm = prior + answers_at(right[person], theta[:, 0])[:, None]
        for item in given(seconds[person]):
            distance = numpy.log(seconds[person, item]) - JOINT_INTENSITY[item] + tau
            logarithm = logarithm - 0.5 * (JOINT_DISCRIMINATION[item] * distance) ** 2
        weight = numpy.exp(logarithm - logarithm.max())
        weight /= weight.sum()
        means = (weight * theta).sum(), (weight * tau).sum()
        x, y = theta - means[0], tau - means[1]
        spreads = numpy.sqrt((weight * x * x).sum()), numpy.sqrt((weight * y * y).sum())
        rows.append((person, means[0], spreads[0], means[1], spreads[1], (weight * x * y).sum() / (spreads[0] * spreads[1])))
    write("posterior", ("person", "ability", "ability_error", "speed", "speed_error", "correlation"), rows)


# Two logistic items with floors, one graded, one nominal; slope, then lower, intercepts, scores.
FORMS = [
    ("logistic", 1.2, 0.2, (0.3,), ()),
    ("logistic", 1.8, 0.0, (-0.5,), ()),
    ("graded", 1.4, 0.0, (1.0, -0.6), ()),
    ("nominal", 1.0, 0.0, (0.4, -0.3), (0.7, 2.0)),
]


def category(form, chosen, theta):
    kind, slope, lower, intercepts, scores = form
    u = slope * theta
    if kind == "logistic":
        right = lower + (1 - lower) / (1 + numpy.exp(-(u + intercepts[0])))
        return right if chosen == 1 else 1 - right
    if kind == "graded":
        above = [1.0, *(1 / (1 + numpy.exp(-(u + intercept))) for intercept in intercepts), 0.0]
        return above[chosen] - above[chosen + 1]
    weights = [1.0, *(numpy.exp(score * u + intercept) for score, intercept in zip(scores, intercepts))]
    return weights[chosen] / sum(weights)


def effort_moderated():
    rows = []
    for chosen in ((1, 0, 2, 1), (0, 1, 0, 2), (1, 1, 1, 0)):
        for rapid in ((0, 0, 0, 0), (1, 0, 0, 1), (0, 1, 1, 0), (1, 1, 1, 1)):
            moments = []
            for kept in ((1, 1, 1, 1), tuple(1 - flag for flag in rapid)):
                def weight(theta, kept=kept):
                    value = norm.pdf(theta, 0.3, 1.1)
                    for form, answer, keep in zip(FORMS, chosen, kept):
                        value *= category(form, answer, theta) if keep else 1
                    return value

                of = lambda f: quad(lambda t: f(t) * weight(t), -12, 12, epsabs=1e-15, epsrel=1e-13, limit=400, points=[0])[0]
                total = of(lambda t: 1.0)
                mean = of(lambda t: t) / total
                moments += [mean, float(numpy.sqrt(of(lambda t: (t - mean) ** 2) / total))]
            rows.append((*chosen, *rapid, *moments))
    columns = [f"answer{n}" for n in range(4)] + [f"rapid{n}" for n in range(4)]
    write("effort_moderated", (*columns, "all", "all_error", "effortful", "effortful_error"), rows)


def main():
    density()
    seconds = simulated_times()
    cells = [(p, j, float(seconds[p, j])) for p in range(PEOPLE) for j in range(ITEMS) if not numpy.isnan(seconds[p, j])]
    write("times", ("person", "item", "seconds"), cells)
    items = zip(INTENSITY, DISCRIMINATION)
    write("items", ("item", "intensity", "discrimination", "speed_deviation"), [(n, *one, DEVIATION) for n, one in enumerate(items)])
    calibration(seconds)
    speeds(seconds)
    thresholds(seconds)
    mixtures()
    right, seconds = simulated_people()
    columns = ("item", "slope", "intercept", "intensity", "discrimination")
    write("joint_items", columns, [(n, *one) for n, one in enumerate(zip(SLOPES, INTERCEPTS, JOINT_INTENSITY, JOINT_DISCRIMINATION))])
    cells = [(p, int(j), int(right[p, j]), float(seconds[p, j])) for p in range(JOINT_PEOPLE) for j in given(seconds[p])]
    write("joint_people", ("person", "item", "category", "seconds"), cells)
    joint(right, seconds)
    posterior(right, seconds)
    effort_moderated()


main()
