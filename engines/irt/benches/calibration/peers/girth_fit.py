"""Fits with girth: python girth_fit.py DATA PERSONS ITEMS KIND. One JSON line on standard output.

DATA is one signed byte a cell, person by person, -1 where an item was not presented. Time is processor time of the fit
alone. Intercepts are those of slope-intercept form, -slope * difficulty.
"""

import importlib.metadata
import json
import resource
import sys
import time

import girth
import numpy

NODES = {"quadrature_n": 61, "quadrature_bounds": (-6, 6)}


def main(data, persons, items, kind):
    cells = numpy.fromfile(data, dtype=numpy.int8).reshape(int(persons), int(items)).T.astype(int)
    if kind == "sparse":
        cells = girth.tag_missing_data(cells, [0, 1])
    fit = girth.grm_mml if kind == "grm" else girth.twopl_mml
    start = time.process_time()
    found = fit(cells, NODES)
    seconds = time.process_time() - start
    slopes, difficulties = found["Discrimination"], found["Difficulty"]
    parameters = [
        {"slopes": [slope], "intercepts": [-slope * one for one in numpy.atleast_1d(difficulty)], "lower": 0.0}
        for slope, difficulty in zip(slopes.tolist(), numpy.asarray(difficulties).tolist())
    ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    version = importlib.metadata.version("girth")
    print(json.dumps({"version": version, "processor_s": seconds, "peak_mb": peak, "items": parameters}))


main(*sys.argv[1:])
