"""Layers over vectors: dense, flatten, auxiliary outputs and LeNet's RBF output."""

import numpy as np
import torch.nn.functional as F

import formula
from layer_case import run


def dense():
    def case(name, features, units, bias):
        weights = {"weight": (units, features)} | ({"bias": (units,)} if bias else {})
        params = {"units": units, "bias": bias}
        return run(name, "dense", params, [(features,)], lambda xs, ws: F.linear(xs[0], ws["weight"], ws.get("bias")), weights)

    return [case("bias", 12, 7, True), case("no-bias", 9, 5, False), case("one-unit", 6, 1, True)]


def flatten():
    def case(name, shape):
        return run(name, "flatten", {}, [shape], lambda xs, _: xs[0].flatten(1))

    return [case("maps", (3, 4, 5)), case("vector", (7,))]


def auxiliary():
    """Passes its input on; what its loss adds is the training runs' matter."""
    return [run("logits", "auxiliary", {"weight": 0.3}, [(10,)], lambda xs, _: xs[0] * 1)]


def rbf():
    def case(name, classes):
        codes = np.where(formula.tensor(f"rbf/{name}/codes", (classes, 84)) < 0, -1.0, 1.0)

        def compute(xs, ws):
            return (xs[0][:, None, :] - ws["codes"][None]).pow(2).sum(2)

        return run(name, "rbf", {"classes": classes}, [(84,)], compute, {"codes": codes}, frozen=("codes",))

    return [case("digits", 10), case("letters", 26)]
