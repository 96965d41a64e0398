"""Differential item functioning on simulated answers, person by person with numpy and scipy; areas by mpmath.

Nothing here shares a formula with the Rust code where there is another way: the variance of ln(alpha) in the form of
Phillips and Holland, the expected counts of Breslow and Day by root finding, the logistic regression on single people
with raw scores, areas by integration.
"""

import mpmath
import numpy
import scipy
from scipy.optimize import brentq
from scipy.stats import chi2, norm

import provenance

SEED = 20260811
LIBRARIES = [numpy, scipy]
random = numpy.random.default_rng(SEED)


def simulate():
    """Three groups of different ability; 16 items, some of which favour a group; some answers are missing (-1)."""
    sizes, means = (420, 260, 180), (0.0, -0.5, 0.3)
    slopes = random.uniform(0.7, 2.0, 16)
    difficulties = numpy.linspace(-1.8, 1.8, 16)[random.permutation(16)]
    shift = numpy.zeros((3, 16))
    shift[1, [2, 5, 9]] = 0.8, -0.6, 0.5
    shift[2, [3, 9]] = 0.9, -0.7
    turn = numpy.ones((3, 16))
    turn[1, [7, 11]] = 0.25, 2.5
    group = numpy.repeat(numpy.arange(3), sizes)
    ability = random.normal(numpy.array(means)[group], 1.0)
    logit = slopes * turn[group] * (ability[:, None] - difficulties - shift[group])
    answers = (random.random(logit.shape) < 1 / (1 + numpy.exp(-logit))).astype(int)
    for person in random.choice(len(group), 40, replace=False):
        answers[person, random.integers(16)] = -1
    order = random.permutation(len(group))
    return group[order], answers[order]


def simulate_ordered():
    """Two groups, six items of scores 0 to 3 (one never gives a 2), two of which favour a group."""
    group = numpy.repeat(numpy.arange(2), (350, 240))
    ability = random.normal(-0.4 * group, 1.0)
    answers = numpy.zeros((len(group), 6), dtype=int)
    for item in range(6):
        middle = random.normal(0, 0.6) + (0.6 if item == 1 else -0.35 if item == 4 else 0) * group
        for threshold in (-1.0, 0.1, 1.1):
            answers[:, item] += ability * 1.4 - middle - threshold > random.logistic(size=len(group))
    answers[answers[:, 3] == 2, 3] = 3
    order = random.permutation(len(group))
    return group[order], answers[order]


def text_rows(group, answers):
    return [(int(g), "".join("." if cell < 0 else str(cell) for cell in row)) for g, row in zip(group, answers)]


def matched(group, answers, item, matching):
    """Score, group and answer of the people with all answers."""
    used = sorted(set(matching) | {item})
    complete = (answers[:, used] >= 0).all(axis=1)
    return answers[complete][:, used].sum(axis=1), group[complete], answers[complete, item]


def fourfolds(score, group, answer):
    for level in numpy.unique(score):
        here = score == level
        yield [numpy.sum(here & (group == g) & (answer == a)) for g in (0, 1) for a in (1, 0)]


def mantel_haenszel(tables):
    tables = [t for t in tables if sum(t) > 1]
    a, b, c, d = numpy.array(tables, dtype=float).T
    people, reference, focal, right, wrong = a + b + c + d, a + b, c + d, a + c, b + d
    expected = reference * right / people
    variance = reference * focal * right * wrong / (people**2 * (people - 1))
    chi = (abs(numpy.sum(a - expected)) - 0.5) ** 2 / variance.sum()
    alpha = numpy.sum(a * d / people) / numpy.sum(b * c / people)
    terms = (a * d + alpha * b * c) * (a + d + alpha * (b + c)) / people**2
    return chi, chi2.sf(chi, 1), alpha, terms.sum() / (2 * numpy.sum(a * d / people) ** 2)


def standardised(tables):
    both = [t for t in tables if t[0] + t[1] > 0 and t[2] + t[3] > 0]
    weights = numpy.array([t[2] + t[3] for t in both], dtype=float)
    weights /= weights.sum()
    reference = numpy.array([t[0] / (t[0] + t[1]) for t in both])
    focal = numpy.array([t[2] / (t[2] + t[3]) for t in both])
    spread = [f * (1 - f) / (t[2] + t[3]) + r * (1 - r) / (t[0] + t[1]) for r, f, t in zip(reference, focal, both)]
    return float(weights @ (focal - reference)), float(numpy.sqrt(weights**2 @ numpy.array(spread)))


def breslow_day(tables, alpha):
    chi, used = 0.0, 0
    for a, b, c, d in tables:
        reference, focal, right = a + b, c + d, a + c
        if min(reference, focal, right, b + d) == 0:
            continue
        low, high = max(0, right - focal), min(reference, right)

        def odds(e):
            return e * (focal - right + e) - alpha * (reference - e) * (right - e)

        e = brentq(odds, low, high, xtol=1e-14, rtol=1e-15)
        variance = 1 / (1 / e + 1 / (reference - e) + 1 / (right - e) + 1 / (focal - right + e))
        chi += (a - e) ** 2 / variance
        used += 1
    return chi, used - 1, chi2.sf(chi, used - 1)


def regression(x, y):
    """Coefficients and log-likelihood of the logistic regression of y on x."""
    beta = numpy.zeros(x.shape[1])
    for _ in range(60):
        p = 1 / (1 + numpy.exp(-x @ beta))
        root = numpy.sqrt(p * (1 - p))
        beta = beta + numpy.linalg.lstsq(root[:, None] * x, (y - p) / root, rcond=None)[0]
    p = 1 / (1 + numpy.exp(-x @ beta))
    return beta, numpy.sum(numpy.log(numpy.where(y == 1, p, 1 - p)))


def logistic(score, group, answer):
    one, score = numpy.ones(len(score)), score.astype(float)
    people, share = len(score), answer.mean()
    constant = people * (share * numpy.log(share) + (1 - share) * numpy.log(1 - share))

    def explained(fit):
        return (1 - numpy.exp((constant - fit[1]) * 2 / people)) / (1 - numpy.exp(constant * 2 / people))

    level = regression(numpy.column_stack([one, score]), answer)
    shift = regression(numpy.column_stack([one, score, group]), answer)
    turn = regression(numpy.column_stack([one, score, group, score * group]), answer)
    for effect, small, large in (("uniform", level, shift), ("nonuniform", shift, turn), ("both", level, turn)):
        coefficients = list(large[0]) + [0.0] * (4 - len(large[0]))
        yield effect, 2 * (large[1] - small[1]), explained(large) - explained(small), *coefficients


def generalised(score, group, answer):
    groups = int(group.max())
    excess, covariance = numpy.zeros(groups), numpy.zeros((groups, groups))
    for level in numpy.unique(score):
        here = score == level
        people, wrong = here.sum(), numpy.sum(answer[here] == 0)
        if people < 2:
            continue
        own = numpy.array([numpy.sum(group[here] == g) for g in range(1, groups + 1)])
        seen = numpy.array([numpy.sum((group[here] == g) & (answer[here] == 0)) for g in range(1, groups + 1)])
        excess += seen - own * wrong / people
        covariance += wrong * (people - wrong) / people**2 / (people - 1) * (people * numpy.diag(own) - numpy.outer(own, own))
    chi = float(excess @ numpy.linalg.solve(covariance, excess))
    return chi, chi2.sf(chi, groups)


def mantel(score, group, answer):
    excess = variance = difference = squares = 0.0
    shared = [k for k in numpy.unique(score) if len(set(group[score == k])) == 2]
    all_focal = sum(numpy.sum((score == k) & (group == 1)) for k in shared)
    for k in shared:
        y, focal = answer[score == k].astype(float), group[score == k] == 1
        n, f, r = len(y), focal.sum(), (~focal).sum()
        # A sum of f of n scores drawn without replacement.
        own = f * r / n * y.var(ddof=1)
        excess += y[focal].sum() - f * y.mean()
        variance += own
        difference += f / all_focal * (y[focal].mean() - y[~focal].mean())
        squares += (f / all_focal * (1 / f + 1 / r)) ** 2 * own
    chi = excess**2 / variance
    return chi, chi2.sf(chi, 1), difference, squares**0.5, difference / answer.std(ddof=1)


def coefficient_alpha(answers):
    covariance, n = numpy.cov(answers.T), answers.shape[1]
    return n / (n - 1) * (1 - numpy.trace(covariance) / covariance.sum())


def sibtest(group, answers, item, convention):
    matching = [other for other in range(answers.shape[1]) if other != item]
    complete = (answers >= 0).all(axis=1)
    group, answers = group[complete], answers[complete]
    score, y = answers[:, matching].sum(axis=1), answers[:, item]
    levels, n = numpy.unique(score), len(matching)
    counts = numpy.array([[numpy.sum((score == k) & (group == g)) for k in levels] for g in (0, 1)])
    means, variances, truths = [], [], []
    for g in (0, 1):
        own = [y[(score == k) & (group == g)] for k in levels]
        means.append([one.mean() if len(one) else numpy.nan for one in own])
        variances.append([one.var(ddof=1) if len(one) > 1 else 0.0 for one in own])
        centre = score[group == g].mean()
        truths.append((centre + coefficient_alpha(answers[group == g][:, matching]) * (levels - centre)) / n)
    means, variances, truths = numpy.array(means), numpy.array(variances), numpy.array(truths)
    compared = (counts > 5).all(axis=0) & (variances > 0).all(axis=0)
    compared[[0, -1]] = False
    weights = numpy.where(compared, counts.sum(axis=0), 0) / counts.sum(axis=0)[compared].sum()
    difference = numpy.zeros(len(levels))
    for k in numpy.flatnonzero(compared):
        moved = []
        for g in (0, 1):
            if convention == "mirt":
                low, high = k - 1, k + 1
                rise = numpy.nan_to_num(means[g][high]) - numpy.nan_to_num(means[g][low])
            else:
                occupied = numpy.flatnonzero(counts[g])
                low = max([j for j in occupied if j < k], default=k)
                high = min([j for j in occupied if j > k], default=k)
                rise = means[g][high] - means[g][low]
            slope = rise / (truths[g][high] - truths[g][low])
            moved.append(means[g][k] + slope * (truths[:, k].mean() - truths[g][k]))
        difference[k] = moved[0] - moved[1]
    larger = counts.max(axis=0)
    used = (counts > 0).all(axis=0) & (larger / len(y) > 0.01)
    if convention != "mirt":
        used &= compared
    slope, constant = numpy.polyfit(levels[used], difference[used], 1, w=numpy.sqrt(larger[used]))
    at = -constant / slope
    if convention == "mirt":
        at = float(f"{at:.0e}")
    with numpy.errstate(divide="ignore", invalid="ignore"):
        parts = numpy.where(compared, weights**2 * (variances / counts).sum(axis=0), 0.0)
    beta, error = float(weights @ difference), float(numpy.sqrt(parts.sum()))
    above = levels > at
    sums = [(float((weights * difference)[side].sum()), float(parts[side].sum())) for side in (~above, above)]
    tested = [(one, variance) for one, variance in sums if variance > 0]
    chi = sum(one**2 / variance for one, variance in tested)
    crossing = abs(sums[0][0] - sums[1][0]), chi, len(tested), chi2.sf(chi, len(tested)), float(at)
    return beta, error, (beta / error) ** 2, chi2.sf((beta / error) ** 2, 1), *crossing, int(compared.sum())


def purify(group, answers):
    """Mantel-Haenszel of all items, the flagged ones taken out of the score until they stay the same."""
    items = range(answers.shape[1])
    flagged, rounds = None, -1
    while True:
        matching = [item for item in items if not flagged or item not in flagged]
        results = [mantel_haenszel(list(fourfolds(*matched(group, answers, item, matching)))) for item in items]
        now = {item for item in items if results[item][1] < 0.05}
        rounds += 1
        if now == flagged:
            return results, flagged, rounds
        flagged = now


def areas():
    mpmath.mp.dps = 50
    rows = []

    def curve(a, b, lower, upper):
        return lambda t: mpmath.mpf(lower) + (mpmath.mpf(upper) - lower) / (1 + mpmath.exp(-mpmath.mpf(a) * (t - mpmath.mpf(b))))

    cases = [
        (1.0, 0.0, 1.0, 0.5, 0.0, 1.0), (1.5, -1.0, 0.8, 0.3, 0.0, 1.0), (0.6, 1.2, 2.4, -0.7, 0.25, 1.0),
        (1.2, 0.4, 1.2000001, -0.4, 0.0, 1.0), (0.9, 0.0, 2.0, 0.0, 0.2, 0.95), (2.5, -2.0, 0.3, 2.0, 0.0, 1.0),
    ]
    for a_r, b_r, a_f, b_f, lower, upper in cases:
        reference, focal = curve(a_r, b_r, lower, upper), curve(a_f, b_f, lower, upper)
        cut = [mpmath.mpf(b_r), mpmath.mpf(b_f)]
        if a_r != a_f:
            cut.append((mpmath.mpf(a_f) * b_f - mpmath.mpf(a_r) * b_r) / (mpmath.mpf(a_f) - a_r))
        for low, high in ((-mpmath.inf, mpmath.inf), (-4, 4)):
            # Beyond 500 logits the slowest curve here is within 1e-60 of its asymptote.
            ends = [-500 if low == -mpmath.inf else low, 500 if high == mpmath.inf else high]
            steps = list(range(-4, 5)) + [-40, -15, -8, 8, 15, 40, -150, 150]
            points = sorted({mpmath.mpf(x) for x in ends + [s for s in steps if ends[0] < s < ends[1]] + [c for c in cut if ends[0] < c < ends[1]]})
            values = [mpmath.quad(lambda t: reference(t) - focal(t), [p, q]) for p, q in zip(points, points[1:])]
            signed, unsigned = mpmath.fsum(values), mpmath.fsum(abs(value) for value in values)
            rows.append((a_r, b_r, a_f, b_f, lower, upper, "all" if low == -mpmath.inf else "four", float(signed), float(unsigned)))
    return rows


def main():
    columns, people = ("group", "answers"), simulate()
    group, answers = people
    provenance.write("fairness_answers.csv", columns, text_rows(*people), __file__, LIBRARIES, SEED)
    pair = group < 2
    items = range(answers.shape[1])
    two, regressions = [], []
    for item in items:
        seen = matched(group[pair], answers[pair], item, items)
        tables = list(fourfolds(*seen))
        tested = mantel_haenszel(tables)
        two.append((item, *tested, *standardised(tables), *breslow_day(tables, tested[2]), len(seen[0])))
        regressions.extend((item, *row) for row in logistic(*seen))
    names = "item,chi_square,p,alpha,variance,p_dif,p_dif_error,homogeneity,homogeneity_df,homogeneity_p,people".split(",")
    provenance.write("fairness_two_groups.csv", names, two, __file__, LIBRARIES, SEED)
    names = "item,effect,chi_square,gain,constant,slope,shift,turn".split(",")
    provenance.write("fairness_logistic.csv", names, regressions, __file__, LIBRARIES, SEED)
    results, flagged, rounds = purify(group[pair], answers[pair])
    rows = [(item, result[0], result[2], int(item in flagged), rounds) for item, result in enumerate(results)]
    names = "item,chi_square,alpha,flagged,rounds".split(",")
    provenance.write("fairness_purified.csv", names, rows, __file__, LIBRARIES, SEED)
    rows = [(item, *generalised(*matched(group, answers, item, items))) for item in items]
    provenance.write("fairness_many_groups.csv", ("item", "chi_square", "p"), rows, __file__, LIBRARIES, SEED)
    rows = [(item, way, *sibtest(group[pair], answers[pair], item, way)) for item in items for way in ("published", "mirt")]
    names = "item,convention,beta,error,chi_square,p,crossing,crossing_chi_square,crossing_df,crossing_p,at,scores"
    provenance.write("fairness_sibtest.csv", names.split(","), rows, __file__, LIBRARIES, SEED)
    group, answers = simulate_ordered()
    provenance.write("fairness_ordered_answers.csv", columns, text_rows(group, answers), __file__, LIBRARIES, SEED)
    rows = [(item, *mantel(*matched(group, answers, item, range(6)))) for item in range(6)]
    names = "item,chi_square,p,difference,error,relative".split(",")
    provenance.write("fairness_ordered.csv", names, rows, __file__, LIBRARIES, SEED)
    rows = []
    for effect in (0.0, 0.3, 1.5, -1.5, 4.0):
        for error in (0.1, 0.5, 0.9, 3.0):
            for level in (0.01, 0.05, 0.2):
                z = norm.isf(level / 2)
                rows.append((effect, error, level, float(norm.sf(z - abs(effect) / error) + norm.cdf(-z - abs(effect) / error))))
    provenance.write("fairness_power.csv", ("effect", "error", "significance", "power"), rows, __file__, LIBRARIES)
    names = "reference_a,reference_b,focal_a,focal_b,lower,upper,range,signed,unsigned".split(",")
    provenance.write("fairness_area.csv", names, areas(), __file__, [mpmath])


main()
