"""The item with the largest determinant of the posterior precision, by numpy determinants of 5 × 5 matrices."""

import numpy as np

import provenance

SEED = 20260803
random = np.random.default_rng(SEED)

pool = []
for position in range(90):
    a, b = round(float(random.uniform(1.1, 2.1)), 6), round(float(random.uniform(-2, 2)), 6)
    pool.append((position, position % 5, a, b, float(random.choice([0.0, 0.25, 1 / 14]))))

posteriors, choices = [], []
for case in range(40):
    root = random.normal(0, 0.35, (5, 5)) + 0.5 * np.eye(5)
    covariance = root @ root.T + 0.05 * np.eye(5)
    covariance = (covariance + covariance.T) / 2
    mean = random.normal(0, 0.9, 5)
    precision = np.linalg.inv(covariance)
    ratios = []
    for _, d, a, b, c in pool:
        right = c + (1 - c) / (1 + np.exp(-a * (mean[d] - b)))
        slope = a * (right - c) * (1 - right) / (1 - c)
        information = np.zeros((5, 5))
        information[d, d] = slope**2 / (right * (1 - right))
        ratios.append(np.linalg.det(precision + information) / np.linalg.det(precision))
    for d in range(5):
        posteriors.append((case, d, -1, float(mean[d])))
        posteriors += [(case, d, e, float(covariance[d, e])) for e in range(5)]
    choices.append((case, int(np.argmax(ratios)), float(max(ratios))))

provenance.write("choice_pool.csv", ("position", "dimension", "a", "b", "c"), pool, __file__, [np], SEED)
provenance.write("choice_posteriors.csv", ("case", "row", "column", "value"), posteriors, __file__, [np], SEED)
provenance.write("choice.csv", ("case", "position", "determinant_ratio"), choices, __file__, [np], SEED)
