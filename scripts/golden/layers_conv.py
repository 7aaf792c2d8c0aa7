"""Convolutions: conv2d and LeNet's partially connected one."""

import torch
import torch.nn.functional as F

from layer_case import run
from windows import pad, pads_of


def conv2d():
    def case(name, shape, **params):
        params = {"kernel": [3, 3], "stride": [1, 1], "padding": "valid", "dilation": [1, 1], "groups": 1} | params
        params = {"pads": [0, 0, 0, 0], "bias": True} | params
        weights = {"weight": (params["filters"], shape[0] // params["groups"], *params["kernel"])}
        if params["bias"]:
            weights["bias"] = (params["filters"],)

        def compute(xs, ws):
            x = pad(xs[0], pads_of(params, shape[1:]))
            return F.conv2d(
                x, ws["weight"], ws.get("bias"), params["stride"], 0, params["dilation"], params["groups"]
            )

        return run(name, "conv2d", params, [shape], compute, weights)

    return [
        case("valid", (3, 7, 6), filters=4),
        case("one-by-one", (5, 4, 3), filters=3, kernel=[1, 1]),
        case("lenet-c1", (1, 9, 9), filters=3, kernel=[5, 5]),
        case("same-odd", (2, 6, 5), filters=3, kernel=[3, 5], padding="same"),
        case("same-even-kernel", (2, 6, 5), filters=3, kernel=[2, 4], padding="same"),
        case("same-stride-asymmetric", (2, 8, 6), filters=3, stride=[2, 2], padding="same"),
        case("strides-differ", (2, 9, 8), filters=3, stride=[1, 3], padding="explicit", pads=[1, 1, 1, 1]),
        case("stride-leaves-rest", (2, 8, 9), filters=3, stride=[3, 4]),
        case("stride-jumps-kernel", (2, 7, 7), filters=3, kernel=[1, 1], stride=[2, 3], bias=False),
        case("explicit-asymmetric", (2, 5, 6), filters=3, padding="explicit", pads=[0, 2, 1, 0], bias=False),
        case("padding-beyond-kernel", (2, 3, 3), filters=2, kernel=[2, 2], padding="explicit", pads=[2, 3, 0, 3]),
        case("dilation", (2, 9, 8), filters=3, dilation=[2, 3]),
        case("dilation-same", (2, 6, 7), filters=2, dilation=[2, 2], padding="same"),
        case("dilation-stride", (2, 9, 9), filters=2, dilation=[2, 2], stride=[2, 2], padding="same"),
        case("groups", (6, 5, 5), filters=4, groups=2, padding="same"),
        case("depthwise", (4, 6, 5), filters=4, groups=4, padding="same", bias=False),
        case("depthwise-multiplier", (3, 5, 5), filters=6, groups=3, stride=[2, 2], padding="same"),
        case(
            "everything", (4, 11, 10), filters=6, groups=2, kernel=[3, 2], stride=[2, 3], dilation=[2, 1],
            padding="explicit", pads=[1, 2, 0, 1],
        ),
    ]  # fmt: skip


def partial_conv2d():
    def case(name, shape, table, **params):
        params = {"kernel": [3, 3], "stride": [1, 1], "padding": "valid", "pads": [0] * 4, "bias": True} | params
        columns = len(table[0])
        # one stored kernel for each mark, output map by output map
        pairs = [(row, column) for column in range(columns) for row in range(len(table)) if table[row][column]]
        weights = {"weight": (len(pairs), *params["kernel"])}
        if params["bias"]:
            weights["bias"] = (columns,)

        def compute(xs, ws):
            x = pad(xs[0], pads_of(params, shape[1:]))
            maps = []
            for column in range(columns):
                rows = [row for row, other in pairs if other == column]
                kernels = [ws["weight"][pairs.index((row, column))] for row in rows]
                bias = ws["bias"][column : column + 1] if params["bias"] else None
                maps.append(F.conv2d(x[:, rows], torch.stack(kernels)[None], bias, params["stride"]))
            return torch.cat(maps, 1)

        return run(name, "partial-conv2d", {"table": table} | params, [shape], compute, weights)

    sources = "012 123 234 345 045 015 0123 1234 2345 0345 0145 0125 0134 1245 0235 012345".split()
    c3 = [[str(row) in maps for maps in sources] for row in range(6)]
    small = [[True, False, True], [True, True, False]]
    return [
        case("lenet-c3", (6, 7, 7), c3, kernel=[5, 5]),
        case("small-same", (2, 5, 4), small, padding="same"),
        case("small-stride", (2, 7, 8), small, stride=[2, 3], padding="explicit", pads=[1, 0, 0, 2], bias=False),
    ]
