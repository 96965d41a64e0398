"""Reads the fits in tests/reference/calibration: answers, and items as arrays of category probabilities."""

import json
import pathlib

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests" / "reference" / "calibration"
FITS = ["ref_rasch__Rasch", "ref_2pl__2PL", "ref_3pl__3PL_expbeta5_17", "ref_grm__graded", "ref_gpcm__gpcm",
        "ref_pcm__PCM", "ref_rsm__rsm"]


def answers(fit):
    lines = (FOLDER / (fit.split("__")[0] + ".csv")).read_text().split("\n")[1:]
    return np.array([[float(cell) if cell else np.nan for cell in line.split(",")] for line in lines if line])


def load(fit):
    return json.loads((FOLDER / (fit + ".json")).read_text())


def parameters(file):
    """Per item its model and its parameters; the free ones of the whole test and how they make those."""
    columns, rows = file["items"]["cols"], file["items"]["values"]
    items = [{name: value for name, value in zip(columns, row) if isinstance(value, (int, float))} for row in rows]
    model = file["model"].split("_")[0]
    spread = file["cov"]["values"][0][0] ** 0.5
    if model == "rsm":
        steps = [items[0][f"b{k}"] for k in range(1, 10) if f"b{k}" in items[0]]
        return model, np.array(steps + [item["c"] for item in items[1:]] + [spread])
    free = {"Rasch": ["d"], "2PL": ["a1", "d"], "3PL": ["a1", "d", "g"]}.get(model)
    values = []
    for item in items:
        names = free or (["a1"] if model in ("graded", "gpcm") else [])
        if free is None:
            names = names + [f"d{k}" for k in range(1, 10) if f"d{k}" in item]
        values += [item[name] for name in names]
    return model, np.array(values + ([spread] if model in ("Rasch", "PCM") else []))


def curves(model, values, count, theta):
    """Probabilities of every item: categories x abilities; and the spread of ability."""
    spread = values[-1] if model in ("Rasch", "PCM", "rsm") else 1.0
    if model == "rsm":
        steps = len(values) - 1 - (count - 1)
        location = np.concatenate([[0.0], values[steps:steps + count - 1]])
        k = np.arange(steps + 1)
        d = np.concatenate([[0.0], -np.cumsum(values[:steps])])
        return [softmax(k[:, None] * theta + (d + k * c)[:, None]) for c in location], spread
    own = values[: len(values) - (model in ("Rasch", "PCM"))].reshape(count, -1)
    return [curve(model, item, theta) for item in own], spread


def softmax(z):
    e = np.exp(z - z.max(0))
    return e / e.sum(0)


def curve(model, item, theta):
    logistic = lambda x: 1 / (1 + np.exp(-x))
    if model in ("Rasch", "2PL", "3PL"):
        a, d = (1.0, item[0]) if model == "Rasch" else item[:2]
        g = item[2] if model == "3PL" else 0.0
        return np.array([(1 - g) * logistic(-(a * theta + d)), g + (1 - g) * logistic(a * theta + d)])
    if model == "graded":
        above = np.array([np.ones_like(theta), *[logistic(item[0] * theta + d) for d in item[1:]], np.zeros_like(theta)])
        return above[:-1] - above[1:]
    a, d = (1.0, item) if model == "PCM" else (item[0], item[1:])
    k = np.arange(len(d) + 1)
    return softmax(k[:, None] * a * theta + np.concatenate([[0.0], d])[:, None])
