"""Fits with the Python package mirt: python mirt_fit.py DATA PERSONS ITEMS KIND. One JSON line on standard output.

DATA is one signed byte a cell, person by person, -1 where an item was not presented. Time is processor time of the fit
alone, without standard errors. Intercepts are those of slope-intercept form.
"""

import importlib.metadata
import json
import resource
import sys
import time

import mirt
import numpy
from mirt.estimation.priors import BetaPrior

NODES = 61
NODES_OF_TWO_DIMENSIONS = 25


def options(kind, items):
    if kind == "grm":
        return {"model": "GRM", "n_quadpts": NODES}
    if kind == "3pl":
        return {"model": "3PL", "n_quadpts": NODES, "priors": {"guessing": BetaPrior(5, 17)}}
    if kind == "two-dimensions":
        half = items // 2
        syntax = f"F1 = 1-{half}\nF2 = {half + 1}-{items}\nCOV = F1*F2"
        return {"model": "2PL", "n_quadpts": NODES_OF_TWO_DIMENSIONS, "spec": syntax}
    return {"model": "2PL", "n_quadpts": NODES}


def parameters_of(model, kind):
    values = {name: numpy.asarray(value).tolist() for name, value in model.parameters.items()}
    if kind == "two-dimensions":
        pairs = zip(values["slopes"], values["intercepts"])
        return [{"slopes": slopes, "intercepts": [intercept], "lower": 0.0} for slopes, intercept in pairs]
    slopes = values["discrimination"]
    thresholds = values["thresholds"] if kind == "grm" else [[one] for one in values["difficulty"]]
    lower = values.get("guessing", [0.0] * len(slopes))
    return [
        {"slopes": [slope], "intercepts": [-slope * one for one in own], "lower": least}
        for slope, own, least in zip(slopes, thresholds, lower)
    ]


def main(data, persons, items, kind):
    cells = numpy.fromfile(data, dtype=numpy.int8).reshape(int(persons), int(items)).astype(int)
    start = time.process_time()
    found = mirt.fit_mirt(cells, compute_standard_errors=False, **options(kind, int(items)))
    seconds = time.process_time() - start
    result = {
        "version": importlib.metadata.version("mirt"),
        "processor_s": seconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
        "items": parameters_of(found.model, kind),
    }
    if kind == "two-dimensions":
        result["correlation"] = float(numpy.asarray(found.factor_correlation)[0][1])
    print(json.dumps(result))


main(*sys.argv[1:])
