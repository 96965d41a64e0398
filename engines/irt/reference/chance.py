"""Chance of a blind answer by listing every answer that the page accepts."""

import itertools

import provenance


def subsets(count):
    return [frozenset(i for i in range(count) if number >> i & 1) for number in range(2**count)]


rows = []
for k in range(2, 9):
    rows.append(("single_choice", k, 0, 1.0 / len(list(range(k)))))
    rows.append(("multiple_choice", k, 0, 1.0 / len([s for s in subsets(k) if 0 < len(s) < k])))
    rows.append(("mark", k, 0, 1.0 / len([s for s in subsets(k) if s])))
    rows.append(("order", k, 0, 1.0 / len(list(itertools.permutations(range(k))))))
    for left in range(1, k + 1):
        rows.append(("matching", left, k, 1.0 / len(list(itertools.permutations(range(k), left)))))

provenance.write("chance.csv", ("type", "count", "right", "chance"), rows, __file__, [])
