"""Layers that normalize."""

import torch.nn.functional as F

import formula
from layer_case import run


def affine(params, shape):
    return {"weight": shape, "bias": shape} if params["affine"] else {}


def batchnorm():
    # the shares of 4 samples are exact in float32
    def case(name, shape, training, batch=4, **params):
        params = {"momentum": 0.1, "epsilon": 1e-5, "affine": True} | params
        variances = abs(formula.tensor(f"batchnorm/{name}/variances", shape[:1])) + 0.5
        weights = affine(params, shape[:1]) | {"running_mean": shape[:1], "running_var": variances}

        def compute(xs, ws):
            averages = ws["running_mean"], ws["running_var"]
            rest = training, params["momentum"], params["epsilon"]
            return F.batch_norm(xs[0], *averages, ws.get("weight"), ws.get("bias"), *rest)

        frozen = ("running_mean", "running_var")
        return run(name, "batchnorm", params, [shape], compute, weights, frozen, training, batch)

    return [
        case("maps", (3, 4, 5), True),
        case("maps-after-training", (3, 4, 5), False),
        case("sequence", (2, 9), True, momentum=0.01),
        case("volume", (2, 2, 3, 4), True, epsilon=1e-3),
        case("vector", (5,), True, batch=8),
        case("vector-after-training", (5,), False),
        case("plain", (4, 3, 3), True, affine=False, momentum=1.0),
        case("plain-after-training", (4, 3, 3), False, affine=False, epsilon=1e-3),
    ]


def layernorm():
    def case(name, shape, over, **params):
        params = {"over": over, "epsilon": 1e-5, "affine": True} | params
        normal = shape if over == "sample" else shape[:1]

        def compute(xs, ws):
            if over == "sample":
                return F.layer_norm(xs[0], shape, ws.get("weight"), ws.get("bias"), params["epsilon"])
            last = xs[0].movedim(1, -1)
            return F.layer_norm(last, normal, ws.get("weight"), ws.get("bias"), params["epsilon"]).movedim(-1, 1)

        return run(name, "layernorm", params, [shape], compute, affine(params, normal))

    return [
        case("vector", (9,), "sample"),
        case("maps", (3, 4, 5), "sample"),
        case("sequence-plain", (3, 7), "sample", affine=False),
        case("convnext", (6, 3, 4), "channels", epsilon=1e-6),
        case("vector-channels", (8,), "channels"),
        case("volume", (5, 2, 3, 2), "channels", epsilon=1e-3),
    ]


def instancenorm():
    def case(name, shape, **params):
        params = {"epsilon": 1e-5, "affine": True} | params

        def compute(xs, ws):
            return F.instance_norm(xs[0], None, None, ws.get("weight"), ws.get("bias"), eps=params["epsilon"])

        return run(name, "instancenorm", params, [shape], compute, affine(params, shape[:1]))

    return [
        case("maps", (3, 4, 5)),
        case("plain", (2, 5, 4), affine=False, epsilon=1e-3),
        case("sequence", (2, 9)),
        case("volume", (2, 2, 3, 4)),
    ]


def groupnorm():
    def case(name, shape, groups, **params):
        params = {"groups": groups, "epsilon": 1e-5, "affine": True} | params

        def compute(xs, ws):
            return F.group_norm(xs[0], groups, ws.get("weight"), ws.get("bias"), params["epsilon"])

        return run(name, "groupnorm", params, [shape], compute, affine(params, shape[:1]))

    return [
        case("maps", (6, 4, 3), 2),
        case("one", (3, 4, 5), 1, epsilon=1e-3),
        case("each", (3, 4, 5), 3, affine=False),
        case("vector", (12,), 3),
        case("volume", (4, 2, 3, 2), 2),
    ]


def lrn():
    def case(name, shape, n, k, alpha, beta):
        params = {"n": n, "k": k, "alpha": alpha, "beta": beta}
        # PyTorch takes the mean where the paper takes the sum
        return run(name, "lrn", params, [shape], lambda xs, _: F.local_response_norm(xs[0], n, alpha * n, beta, k))

    return [
        case("alexnet", (7, 4, 3), 5, 2.0, 1e-4, 0.75),
        case("strong", (6, 3, 4), 3, 1.0, 0.5, 0.75),
        case("even", (5, 3, 3), 4, 1.0, 0.3, 0.5),
        case("wider-than-channels", (3, 3, 4), 9, 0.5, 0.2, 1.5),
        case("sequence", (6, 8), 5, 2.0, 0.1, 0.75),
        case("volume", (5, 2, 3, 2), 3, 2.0, 0.1, 0.75),
    ]
