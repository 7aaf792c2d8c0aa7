"""Activations, softmax, and the dropping layers as they are after training."""

import numpy as np
import torch
import torch.nn.functional as F

from layer_case import run

# beyond 20 every one of them saturates; zero is where relu has its corner
EXTREMES = np.array([[0.0, -0.0, 1e-3, -1e-3, 1.0, -1.0, 30.0, -30.0], [5.0, -5.0, 80.0, -80.0, 0.5, -0.5, 2.0, -2.0]])


def pointwise(kind, function, params=None, suffix=""):
    def case(name, shape):
        return run(name + suffix, kind, params or {}, [shape], lambda xs, _: function(xs[0]))

    return [case("maps", (3, 4, 5)), case("vector", (11,)), case("extremes", EXTREMES)]


def relu():
    return pointwise("relu", F.relu)


def tanh():
    return pointwise("tanh", torch.tanh)


def sigmoid():
    return pointwise("sigmoid", torch.sigmoid)


def scaled_tanh():
    def case(name, shape, amplitude, slope):
        params = {"amplitude": amplitude, "slope": slope}
        return run(name, "scaled-tanh", params, [shape], lambda xs, _: amplitude * torch.tanh(slope * xs[0]))

    return [
        case("lenet", (3, 4, 5), 1.7159, 2 / 3),
        case("extremes", EXTREMES, 1.7159, 2 / 3),
        case("others", (9,), 0.5, 3.0),
    ]


def leaky_relu():
    rows = [("", 0.01), ("-steep", 0.3)]
    return [
        case
        for suffix, slope in rows
        for case in pointwise("leaky-relu", lambda x, slope=slope: F.leaky_relu(x, slope), {"slope": slope}, suffix)
    ]


def elu():
    rows = [("", 1.0), ("-half", 0.5)]
    return [
        case
        for suffix, alpha in rows
        for case in pointwise("elu", lambda x, alpha=alpha: F.elu(x, alpha), {"alpha": alpha}, suffix)
    ]


def gelu():
    exact = pointwise("gelu", F.gelu, {"formula": "exact"})
    return exact + pointwise("gelu", lambda x: F.gelu(x, approximate="tanh"), {"formula": "tanh"}, "-tanh")


def silu():
    return pointwise("silu", F.silu)


def softmax():
    def case(name, shape):
        return run(name, "softmax", {}, [shape], lambda xs, _: torch.softmax(xs[0], 1))

    # exp overflows unless the largest is subtracted first
    large = np.array([[1000.0, 999.5, 998.0, 990.0], [-1000.0, -1001.0, -1000.5, -1500.0]])
    return [case("classes", (10,)), case("maps", (4, 3, 2)), case("large", large)]


def dropout():
    def case(name, shape, rate):
        return run(name, "dropout", {"rate": rate}, [shape], lambda xs, _: F.dropout(xs[0], rate, training=False))

    return [case("vector", (9,), 0.5), case("maps", (2, 3, 4), 0.25)]


def channel_dropout():
    def case(name, shape, rate):
        params = {"rate": rate}
        return run(name, "channel-dropout", params, [shape], lambda xs, _: F.dropout2d(xs[0], rate, training=False))

    return [case("maps", (2, 3, 4), 0.25)]


def stochastic_depth():
    def case(name, shape, per):
        return run(name, "stochastic-depth", {"rate": 0.5, "per": per}, [shape], lambda xs, _: xs[0] * 1.0)

    return [case("sample", (2, 3, 4), "sample"), case("batch", (7,), "batch")]
