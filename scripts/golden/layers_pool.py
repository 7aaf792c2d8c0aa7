"""Pooling: maximum and average over 1, 2 and 3 axes, over whole maps, and LeNet's trainable subsampling."""

import numpy as np
import torch
import torch.nn.functional as F

import formula
from layer_case import BATCH, run
from windows import pad, pads_of

MAX = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
AVERAGE = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}


def window(rank):
    """Parameters of pooling that the cases leave out."""
    return {"kernel": [2] * rank, "stride": [2] * rank, "padding": "valid", "pads": [0, 0] * rank, "ceil": False}


def symmetric(pads):
    """PyTorch's own padding argument, where both sides are alike; None where they differ."""
    return pads[::2] if pads[::2] == pads[1::2] else None


def maximum(rank):
    def case(name, shape, **params):
        params = window(rank) | params

        def compute(xs, _):
            pads = pads_of(params, xs[0].shape[2:])
            own = symmetric(pads)
            x = xs[0] if own else pad(xs[0], pads, -np.inf)
            return MAX[rank](x, params["kernel"], params["stride"], own or 0, ceil_mode=params["ceil"])

        return run(name, f"maxpool{rank}d", params, [shape], compute)

    return case


def maxpool1d():
    case = maximum(1)
    return [
        case("m5", (3, 17), kernel=[4], stride=[4]),
        case("overlapping", (2, 9), kernel=[3]),
        case("causal", (2, 7), kernel=[3], stride=[1], padding="explicit", pads=[2, 0]),
        case("ceil", (2, 8), kernel=[3], ceil=True),
    ]


def maxpool3d():
    case = maximum(3)
    return [
        case("two", (2, 4, 6, 5)),
        case("c3d-first", (2, 3, 4, 6), kernel=[1, 2, 2], stride=[1, 2, 2]),
        case("c3d-last", (2, 2, 5, 5), padding="explicit", pads=[0, 0, 0, 1, 0, 1]),
        case("overlapping", (1, 5, 5, 6), kernel=[2, 3, 3], stride=[1, 2, 1], padding="same"),
        case("ceil-padded", (1, 4, 5, 6), kernel=[3, 3, 2], ceil=True, padding="explicit", pads=[1, 1, 1, 1, 0, 0]),
        case("ceil-one-frame", (2, 1, 2, 3), ceil=True, padding="explicit", pads=[0, 0, 1, 1, 1, 1]),
    ]


def maxpool2d():
    case = maximum(2)
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


def average(rank):
    """Pairs of cases: padding counted and not."""

    def case(name, shape, **params):
        params = window(rank) | {"countPadding": False} | params

        def compute(xs, _):
            pads = pads_of(params, shape[1:])
            kernel, stride, counted = params["kernel"], params["stride"], params["countPadding"]
            own = symmetric(pads)
            if own:
                return AVERAGE[rank](xs[0], kernel, stride, own, params["ceil"], counted)
            total = AVERAGE[rank](pad(xs[0], pads), kernel, stride)
            inside = AVERAGE[rank](pad(torch.ones_like(xs[0]), pads, float(counted)), kernel, stride)
            return total / inside

        return run(name, f"avgpool{rank}d", params, [shape], compute)

    def both(rows):
        return [
            case(f"{name}-{'counted' if counted else 'uncounted'}", shape, countPadding=counted, **params)
            for name, shape, params in rows
            for counted in (False, True)
        ]

    return both


def avgpool1d():
    return average(1)([
        ("two", (3, 9), {}),
        ("same", (2, 8), {"kernel": [5], "stride": [1], "padding": "same"}),
        ("padded-asymmetric", (2, 7), {"kernel": [3], "padding": "explicit", "pads": [0, 2]}),
        ("ceil-padded", (2, 8), {"kernel": [3], "ceil": True, "padding": "explicit", "pads": [1, 1]}),
        ("ceil-wider-than-all", (2, 2), {"kernel": [4], "stride": [3], "ceil": True}),
    ])  # fmt: skip


def avgpool3d():
    return average(3)([
        ("two", (2, 4, 5, 6), {}),
        ("same", (1, 3, 4, 5), {"kernel": [2, 3, 3], "stride": [1, 1, 2], "padding": "same"}),
        ("padded", (2, 4, 3, 5), {"kernel": [3, 2, 3], "padding": "explicit", "pads": [1, 1, 0, 0, 1, 1]}),
        ("ceil", (1, 5, 6, 4), {"kernel": [2, 3, 3], "stride": [2, 2, 3], "ceil": True}),
        ("ceil-padded", (1, 4, 5, 4), {"ceil": True, "padding": "explicit", "pads": [1, 1, 0, 0, 1, 1]}),
    ])  # fmt: skip


def avgpool2d():
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
    return average(2)(rows)


def over_whole_maps(kind, functions):
    def case(name, shape, keep):
        rank = len(shape) - 1

        def compute(xs, _):
            y = functions[rank](xs[0], 1)
            return y if keep else y.flatten(1)

        return run(name, kind, {"keep": keep}, [shape], compute)

    return [
        case("sequence", (3, 7), False),
        case("maps", (3, 5, 4), False),
        case("maps-kept", (2, 4, 5), True),
        case("volume", (2, 2, 3, 4), False),
    ]


def global_avgpool():
    return over_whole_maps(
        "global-avgpool", {1: F.adaptive_avg_pool1d, 2: F.adaptive_avg_pool2d, 3: F.adaptive_avg_pool3d}
    )


def global_maxpool():
    return over_whole_maps(
        "global-maxpool", {1: F.adaptive_max_pool1d, 2: F.adaptive_max_pool2d, 3: F.adaptive_max_pool3d}
    )


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
