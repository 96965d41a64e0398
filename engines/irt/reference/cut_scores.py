"""Cut scores at a response probability of .67: means by mpmath, order by scikit-learn's isotonic regression."""

import mpmath
import numpy
import sklearn
from mpmath import mpf
from sklearn.isotonic import IsotonicRegression

import provenance

SEED = 20260801
mpmath.mp.dps = 50
random = numpy.random.default_rng(SEED)
items, cuts = [], []
for dimension in range(6):
    means, counts = [], []
    # Later dimensions have levels that descend more often, so that several neighbours are pooled.
    for level in range(1, 9):
        count = int(random.integers(1, 7))
        centre = (level - 4.5) * (0.6 - 0.2 * dimension)
        abilities = []
        for _ in range(count):
            a = round(float(random.uniform(0.6, 2.4)), 6)
            b = round(float(random.normal(centre, 0.7)), 6)
            c = float(random.choice([0.0, 0.25, 1 / 14, 1 / 3]))
            items.append((dimension, level, a, b, c))
            p = mpf(0.67)
            abilities.append(mpf(b) + mpmath.log((p - mpf(c)) / (1 - p)) / mpf(a))
        means.append(float(mpmath.fsum(abilities) / count))
        counts.append(count)
    ordered = IsotonicRegression().fit_transform(range(8), means, sample_weight=counts)
    for level in range(8):
        cuts.append((dimension, level + 1, counts[level], means[level], float(ordered[level])))

libraries = [mpmath, numpy, sklearn]
provenance.write("cut_score_items.csv", ("dimension", "level", "a", "b", "c"), items, __file__, libraries, SEED)
provenance.write(
    "cut_scores.csv", ("dimension", "level", "items", "unordered", "ability"), cuts, __file__, libraries, SEED
)
