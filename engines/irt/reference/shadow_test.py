"""Whole tests worth most under rules that do not lie within one another, by HiGHS through scipy.optimize.milp."""

import numpy as np
import scipy
from scipy.optimize import Bounds, LinearConstraint, milp

import provenance

SEED = 20260829
random = np.random.default_rng(SEED)

rules, weights, items, results = [], [], [], []
for case in range(24):
    size = int(random.integers(40, 121))
    length = int(random.integers(8, 21))
    area, level, kind = random.integers(0, 5, size), random.integers(0, 4, size), random.integers(0, 6, size)
    ai, village = random.random(size) < 0.25, random.random(size) < 0.3
    words = np.floor(30 + 15 * level + 90 * random.random(size))
    seconds = np.floor(20 + words / 2 + 40 * random.random(size))
    score = np.round(random.gamma(2.0, 0.3, size) - 0.1, 6)
    family = np.where(random.random(size) < 0.3, random.integers(0, max(2, size // 8), size), -1)
    own = []
    for a in range(5):
        own.append((area == a, int(length * 0.10), int(np.ceil(length * 0.35))))
    for a in range(4):
        own.append((level == a, int(length * 0.15), int(np.ceil(length * 0.40))))
    for a in range(6):
        own.append((kind == a, int(length * 0.08), int(np.ceil(length * 0.30))))
    own.append((ai, int(length * 0.15), int(np.ceil(length * 0.30))))
    own.append((village, int(length * 0.2), int(np.ceil(length * 0.40))))
    # Narrow enough to bind: below the mean and within some hundredths.
    own.append((words, length * 78, length * 84))
    own.append((seconds, length * 74, length * (78 if case % 2 else 81)))
    for _ in range(size // 12):
        pair = np.zeros(size, dtype=bool)
        pair[random.choice(size, 2, replace=False)] = True
        own.append((pair, 0, 1))
    given = random.choice(size, case % 4, replace=False)

    rows = [np.ones(size)] + [np.asarray(row, dtype=float) for row, _, _ in own]
    lower = [length] + [low for _, low, _ in own]
    upper = [length] + [high for _, _, high in own]
    for one in np.unique(family[family >= 0]):
        rows.append((family == one).astype(float))
        lower.append(0)
        upper.append(1)
    fixed = np.zeros(size)
    fixed[given] = 1
    found = milp(
        -score,
        constraints=LinearConstraint(np.array(rows), lower, upper),
        bounds=Bounds(fixed, np.ones(size)),
        integrality=np.ones(size),
        options={"mip_rel_gap": 0.0},
    )
    # 2: no test obeys all rules, which two given items can bring about.
    assert found.status in (0, 2), found.message
    for position in range(size):
        items.append((case, position, float(score[position]), int(family[position])))
    for number, (row, low, high) in enumerate(own):
        rules.append((case, number, low, high))
        weights += [(case, number, int(p), float(row[p])) for p in np.flatnonzero(row)]
    value = float(-found.fun) if found.status == 0 else float("nan")
    results.append((case, length, " ".join(str(one) for one in given), value))

libraries = [np, scipy]
provenance.write("shadow_test_items.csv", ("case", "position", "score", "family"), items, __file__, libraries, SEED)
provenance.write("shadow_test_rules.csv", ("case", "rule", "minimum", "maximum"), rules, __file__, libraries, SEED)
provenance.write("shadow_test_weights.csv", ("case", "rule", "position", "weight"), weights, __file__, libraries, SEED)
provenance.write("shadow_test.csv", ("case", "length", "given", "value"), results, __file__, libraries, SEED)
print(sum(np.isnan(r[3]) for r in results), "of", len(results), "cases cannot be met")
