"""Bookmark, modified Angoff and errors of item-mapping cuts: root finding by scipy, statistics by numpy."""

import csv
import math

import numpy
import scipy
from scipy.optimize import brentq

import provenance

SEED = 20260812
random = numpy.random.default_rng(SEED)


def write(name, columns, rows):
    provenance.write(name, columns, rows, __file__, [numpy, scipy], SEED)


def logistic(x):
    return 1 / (1 + math.exp(-x))


def item(n):
    """Model, slope, lower asymptote, intercepts of the categories above the lowest."""
    a, b = random.lognormal(0.1, 0.3), random.normal(0, 1)
    if n % 3 == 0:
        return "logistic", a, 0.25 if n % 2 else 0.0, [-a * b]
    if n % 3 == 1:
        return "graded", a, 0.0, sorted((-a * (b + random.normal(0, 1)) for _ in range(2)), reverse=True)
    return "divide", a, 0.0, list(numpy.cumsum([-a * (b + random.normal(0, 0.7)) for _ in range(2)]))


def probabilities(one, theta):
    model, a, c, d = one
    if model == "logistic":
        right = c + (1 - c) * logistic(a * theta + d[0])
        return [1 - right, right]
    if model == "graded":
        above = [1.0, *(logistic(a * theta + x) for x in d), 0.0]
        return [above[k] - above[k + 1] for k in range(len(d) + 1)]
    weights = [1.0, *(math.exp((k + 1) * a * theta + x) for k, x in enumerate(d))]
    return [w / sum(weights) for w in weights]


def expected(one, theta):
    return sum(k * p for k, p in enumerate(probabilities(one, theta)))


def root(function):
    return brentq(function, -60, 60, xtol=1e-14, rtol=1e-15, maxiter=500)


items = [item(n) for n in range(12)]
write(
    "standard_setting_items.csv",
    ("item", "model", "slope", "lower", "first", "second"),
    [(n, m, a, c, d[0], d[1] if len(d) > 1 else 0.0) for n, (m, a, c, d) in enumerate(items)],
)

pages = []
for probability in (0.5, 0.67, 0.8):
    own = [
        (probability, n, k, root(lambda t: sum(probabilities(one, t)[k:]) - probability))
        for n, one in enumerate(items)
        for k in range(1, len(one[3]) + 1)
    ]
    pages += sorted(own, key=lambda page: page[3])
write("standard_setting_pages.csv", ("probability", "item", "category", "location"), pages)

bookmarks = []
booklet = [page[3] for page in pages if page[0] == 0.67]
for panel, raters in enumerate((2, 3, 8, 15)):
    marks = random.integers(5, 15, raters)
    cuts = numpy.array([booklet[page] for page in marks])
    error = cuts.std(ddof=1) / math.sqrt(raters)
    summary = (cuts.mean(), numpy.median(cuts), cuts.std(ddof=1), error, math.sqrt(math.pi / 2) * error)
    bookmarks += [(panel, rater, int(page), *summary) for rater, page in enumerate(marks)]
columns = ("panel", "rater", "page", "mean", "median", "deviation", "error", "median_error")
write("standard_setting_bookmark.csv", columns, bookmarks)

# Angoff: a full panel, and one with gaps.
raters, ratings_of = 7, {}
for panel in ("full", "gaps"):
    ratings = numpy.zeros((raters, len(items)))
    for rater in range(raters):
        cut = random.normal(0.4, 0.3)
        for n, one in enumerate(items):
            most = len(one[3])
            ratings[rater, n] = round(min(max(expected(one, cut) + random.normal(0, 0.12), 0.02), most - 0.02), 2)
            if panel == "gaps" and (rater + n) % 5 == 0:
                ratings[rater, n] = numpy.nan
    ratings_of[panel] = ratings
rows = [
    (panel, r, n, ratings[r, n]) for panel, ratings in ratings_of.items() for r in range(raters) for n in range(len(items))
]
write("standard_setting_ratings.csv", ("panel", "rater", "item", "rating"), rows)


def intraclass(x):
    k, n = x.shape
    grand = x.mean()
    R = k * ((x.mean(axis=0) - grand) ** 2).sum() / (n - 1)
    C = n * ((x.mean(axis=1) - grand) ** 2).sum() / (k - 1)
    total = ((x - grand) ** 2).sum()
    E = (total - R * (n - 1) - C * (k - 1)) / ((n - 1) * (k - 1))
    return (
        (R - E) / (R + (k - 1) * E + k * (C - E) / n),
        (R - E) / (R + (C - E) / n),
        (R - E) / (R + (k - 1) * E),
        (R - E) / R,
    )


rows = []
for panel, ratings in ratings_of.items():
    abilities, scores = [], []
    for r in range(raters):
        rated = [n for n in range(len(items)) if not math.isnan(ratings[r, n])]
        total = sum(ratings[r, n] for n in rated)
        theta = root(lambda t: sum(expected(items[n], t) for n in rated) - total)
        abilities.append(theta)
        scores.append(sum(expected(one, theta) for one in items))
    scores = numpy.array(scores)
    error = scores.std(ddof=1) / math.sqrt(raters)
    ability = root(lambda t: sum(expected(one, t) for one in items) - scores.mean())
    T = lambda t: sum(expected(one, t) for one in items)
    h = 1e-3
    slope = (8 * (T(ability + h) - T(ability - h)) - (T(ability + 2 * h) - T(ability - 2 * h))) / (12 * h)
    rows += [(panel, "score_mean", 0, scores.mean()), (panel, "score_error", 0, error)]
    rows += [(panel, "ability", 0, ability), (panel, "ability_error", 0, error / slope)]
    model = numpy.array([expected(one, ability) for one in items])
    for r in range(raters):
        rated = ~numpy.isnan(ratings[r])
        own = numpy.array([expected(one, abilities[r]) for one in items])
        gap = (ratings[r] - own)[rated]
        rows += [(panel, "rater_ability", r, abilities[r]), (panel, "rater_score", r, scores[r])]
        rows.append((panel, "rater_inconsistency", r, math.sqrt((gap**2).mean())))
        rows.append((panel, "rater_correlation", r, numpy.corrcoef(ratings[r][rated], model[rated])[0, 1]))
    for n in range(len(items)):
        rows.append((panel, "item_mean", n, numpy.nanmean(ratings[:, n])))
        rows.append((panel, "item_deviation", n, numpy.nanstd(ratings[:, n], ddof=1)))
        rows.append((panel, "item_expected", n, model[n]))
    if panel == "full":
        rows += [(panel, "intraclass", n, value) for n, value in enumerate(intraclass(ratings))]
write("standard_setting_angoff.csv", ("panel", "statistic", "position", "value"), rows)

# Errors of the cuts in cut_scores.csv, from its items.
with open(provenance.TABLES / "cut_score_items.csv", encoding="utf-8") as table:
    mapped = list(csv.DictReader(line for line in table if not line.startswith("#")))
with open(provenance.TABLES / "cut_scores.csv", encoding="utf-8") as table:
    cuts = list(csv.DictReader(line for line in table if not line.startswith("#")))
places = {}
for row in mapped:
    a, b, c = (float(row[name]) for name in "abc")
    theta = b + math.log((0.67 - c) / (1 - 0.67)) / a
    places.setdefault((row["dimension"], row["level"]), []).append(theta)
error_of = lambda x: numpy.std(x, ddof=1) / math.sqrt(len(x)) if len(x) > 1 else math.nan
rows = []
for cut in cuts:
    own = error_of(places[cut["dimension"], cut["level"]])
    shared = [o for o in cuts if o["dimension"] == cut["dimension"] and o["ability"] == cut["ability"]]
    groups = [places[o["dimension"], o["level"]] for o in shared]
    pooled = math.sqrt(sum((len(x) * error_of(x)) ** 2 for x in groups)) / sum(len(x) for x in groups)
    rows.append((cut["dimension"], cut["level"], own, pooled))
write("cut_score_errors.csv", ("dimension", "level", "unordered", "ability"), rows)
