"""Pooling: maximum, average, and LeNet's trainable subsampling."""

import numpy as np
import torch
import torch.nn.functional as F

import formula
from layer_case import BATCH, run
from windows import pad, pads_of

WINDOW = {"kernel": [2, 2], "stride": [2, 2], "padding": "valid", "pads": [0, 0, 0, 0], "ceil": False}


def symmetric(pads):
    """PyTorch's own padding argument, where both sides are alike; None where they differ."""
    return [pads[0], pads[2]] if pads[0] == pads[1] and pads[2] == pads[3] else None


def maxpool2d():
    def case(name, shape, **params):
        params = WINDOW | params

        def compute(xs, _):
            pads = pads_of(params, xs[0].shape[2:])
            own = symmetric(pads)
            x = xs[0] if own else pad(xs[0], pads, -np.inf)
            return F.max_pool2d(x, params["kernel"], params["stride"], own or 0, ceil_mode=params["ceil"])

        return run(name, "maxpool2d", params, [shape], compute)

    # few distinct values: the gradient belongs to the first of equal maxima, row by row
    ties = np.floor(formula.tensor("maxpool2d/ties", (BATCH, 2, 7, 7), 2.0))
    return [
        case("two-by-two", (3, 6, 8)),
        case("leaves-rest", (2, 7, 5)),
        case("overlapping", (2, 7, 9), kernel=[3, 3]),
        case("overlapping-dense", (2, 5, 6), kernel=[3, 2], stride=[1, 1]),
        case("stride-jumps-kernel", (2, 8, 8), stride=[3, 4]),
        case("padded", (2, 6, 7), kernel=[3, 3], padding="explicit", pads=[1, 1, 1, 1]),
        case("padded-asymmetric", (2, 6, 7), kernel=[3, 3], padding="explicit", pads=[0, 2, 1, 0]),
        case("same-asymmetric", (2, 6, 8), kernel=[3, 3], padding="same"),
        case("ceil", (2, 6, 8), kernel=[3, 3], ceil=True),
        case("ceil-padded", (2, 6, 8), kernel=[3, 3], ceil=True, padding="explicit", pads=[1, 1, 1, 1]),
        case("ceil-last-on-padding", (2, 5, 5), kernel=[2, 2], ceil=True, padding="explicit", pads=[1, 1, 1, 1]),
        case("ties", ties, kernel=[3, 3], stride=[2, 2]),
        case("ties-overlapping", ties, kernel=[3, 3], stride=[1, 1], padding="same"),
    ]


def avgpool2d():
    def case(name, shape, **params):
        params = WINDOW | {"countPadding": False} | params

        def compute(xs, _):
            pads = pads_of(params, shape[1:])
            kernel, stride, counted = params["kernel"], params["stride"], params["countPadding"]
            own = symmetric(pads)
            if own:
                return F.avg_pool2d(xs[0], kernel, stride, own, params["ceil"], counted)
            total = F.avg_pool2d(pad(xs[0], pads), kernel, stride, divisor_override=1)
            ones = torch.ones_like(xs[0])
            return total / F.avg_pool2d(pad(ones, pads, float(counted)), kernel, stride, divisor_override=1)

        return run(name, "avgpool2d", params, [shape], compute)

    rows = [
        ("two-by-two", (3, 6, 8), {}),
        ("leaves-rest", (2, 7, 5), {}),
        ("global", (3, 5, 4), {"kernel": [5, 4], "stride": [1, 1]}),
        ("overlapping", (2, 7, 9), {"kernel": [3, 2], "stride": [2, 1]}),
        ("padded", (2, 6, 7), {"kernel": [3, 3], "padding": "explicit", "pads": [1, 1, 1, 1]}),
        ("padded-asymmetric", (2, 6, 7), {"kernel": [3, 3], "padding": "explicit", "pads": [0, 2, 1, 0]}),
        ("same", (2, 5, 6), {"kernel": [3, 3], "stride": [1, 1], "padding": "same"}),
        ("same-asymmetric", (2, 6, 8), {"kernel": [3, 3], "padding": "same"}),
        ("ceil", (2, 6, 8), {"kernel": [3, 3], "ceil": True}),
        ("ceil-far", (2, 7, 8), {"kernel": [2, 3], "stride": [3, 3], "ceil": True}),
        ("ceil-padded", (2, 6, 8), {"kernel": [3, 3], "ceil": True, "padding": "explicit", "pads": [1, 1, 1, 1]}),
        ("ceil-last-on-padding", (2, 5, 5), {"ceil": True, "padding": "explicit", "pads": [1, 1, 1, 1]}),
    ]
    return [
        case(f"{name}-{'counted' if counted else 'uncounted'}", shape, countPadding=counted, **params)
        for name, shape, params in rows
        for counted in (False, True)
    ]


def subsampling():
    def case(name, shape, **params):
        params = {"kernel": [2, 2], "stride": [2, 2]} | params

        def compute(xs, ws):
            total = F.avg_pool2d(xs[0], params["kernel"], params["stride"], divisor_override=1)
            return total * ws["coefficient"][:, None, None] + ws["bias"][:, None, None]

        weights = {"coefficient": (shape[0],), "bias": (shape[0],)}
        return run(name, "subsampling", params, [shape], compute, weights)

    return [
        case("lenet", (6, 8, 8)),
        case("leaves-rest", (2, 7, 5)),
        case("overlapping", (3, 7, 7), kernel=[3, 2], stride=[2, 1]),
    ]
