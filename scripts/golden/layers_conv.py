"""Convolutions: over 1, 2 and 3 axes, depthwise, transposed, and LeNet's partially connected one."""

import torch
import torch.nn.functional as F

from layer_case import run
from windows import pad, pads_of

CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}


def sliding(rank):
    """Parameters of a convolution that the cases leave out."""
    window = {"kernel": [3] * rank, "stride": [1] * rank, "padding": "valid", "dilation": [1] * rank}
    return window | {"pads": [0, 0] * rank, "groups": 1, "bias": True}


def convolve(rank, params, groups):
    """The layer, for `run`."""

    def compute(xs, ws):
        x = pad(xs[0], pads_of(params, xs[0].shape[2:]))
        return CONV[rank](x, ws["weight"], ws.get("bias"), params["stride"], 0, params["dilation"], groups)

    return compute


def with_bias(params, weight, count):
    return {"weight": weight} | ({"bias": (count,)} if params["bias"] else {})


def ordinary(rank):
    def case(name, shape, **params):
        params = sliding(rank) | params
        weight = (params["filters"], shape[0] // params["groups"], *params["kernel"])
        weights = with_bias(params, weight, params["filters"])
        return run(name, f"conv{rank}d", params, [shape], convolve(rank, params, params["groups"]), weights)

    return case


def conv1d():
    case = ordinary(1)
    return [
        case("valid", (3, 9), filters=4),
        case("m5", (1, 40), filters=3, kernel=[16], stride=[4]),
        case("same-stride", (2, 8), filters=3, stride=[2], padding="same"),
        case("causal", (2, 11), filters=3, kernel=[2], dilation=[3], padding="explicit", pads=[3, 0]),
        case("groups", (4, 7), filters=6, groups=2, kernel=[2], stride=[3], bias=False),
    ]


def conv3d():
    case = ordinary(3)
    return [
        case("c3d", (2, 4, 5, 4), filters=3, padding="same"),
        case("axes-differ", (2, 5, 6, 4), filters=2, kernel=[1, 3, 2], stride=[2, 1, 3]),
        case("dilation", (1, 5, 4, 5), filters=2, kernel=[2, 2, 2], dilation=[2, 1, 3], bias=False),
        case(
            "everything", (4, 5, 6, 5), filters=2, groups=2, kernel=[2, 3, 2], stride=[2, 1, 2], dilation=[1, 2, 1],
            padding="explicit", pads=[1, 0, 2, 1, 0, 1],
        ),
        case("same-asymmetric", (2, 4, 3, 6), filters=2, kernel=[2, 3, 3], stride=[2, 2, 2], padding="same"),
    ]  # fmt: skip


def depthwise_conv2d():
    def case(name, shape, multiplier, **params):
        params = sliding(2) | params
        del params["groups"]
        maps = shape[0] * multiplier
        weights = with_bias(params, (maps, 1, *params["kernel"]), maps)
        compute = convolve(2, params, shape[0])
        return run(name, "depthwise-conv2d", {"multiplier": multiplier} | params, [shape], compute, weights)

    return [
        case("mobilenet", (4, 6, 5), 1, padding="same", bias=False),
        case("multiplier", (3, 7, 6), 2, stride=[2, 2], padding="same"),
        case("dilation", (2, 8, 7), 3, kernel=[2, 3], dilation=[2, 2], padding="explicit", pads=[1, 0, 2, 1]),
    ]


def transposed_conv2d():
    def case(name, shape, **params):
        params = sliding(2) | params
        weight = (shape[0], params["filters"] // params["groups"], *params["kernel"])
        reach = [params["dilation"][axis] * (params["kernel"][axis] - 1) + 1 for axis in (0, 1)]
        whole = [(shape[1 + axis] - 1) * params["stride"][axis] + reach[axis] for axis in (0, 1)]
        if params["padding"] == "same":
            target = [shape[1 + axis] * params["stride"][axis] for axis in (0, 1)]
            pads = pads_of(params, target)
        else:
            pads = pads_of(params, shape[1:])
            target = [whole[axis] - pads[2 * axis] - pads[2 * axis + 1] for axis in (0, 1)]

        def compute(xs, ws):
            options = {"stride": params["stride"], "groups": params["groups"], "dilation": params["dilation"]}
            y = F.conv_transpose2d(xs[0], ws["weight"], None, **options)
            # what no window reaches is 0, what the padding takes is cut off
            y = pad(y, [0, max(0, target[0] + pads[0] - whole[0]), 0, max(0, target[1] + pads[2] - whole[1])])
            y = y[:, :, pads[0] : pads[0] + target[0], pads[2] : pads[2] + target[1]]
            return y + ws["bias"][:, None, None] if params["bias"] else y

        weights = with_bias(params, weight, params["filters"])
        return run(name, "transposed-conv2d", params, [shape], compute, weights)

    return [
        case("dcgan", (3, 4, 4), filters=2, kernel=[4, 4], stride=[2, 2], padding="explicit", pads=[1, 1, 1, 1]),
        case("valid", (2, 3, 4), filters=3, stride=[2, 3]),
        case("same", (2, 4, 3), filters=3, stride=[2, 2], padding="same"),
        case("same-dense", (2, 5, 4), filters=3, kernel=[3, 5], padding="same", bias=False),
        case("same-stride-jumps-kernel", (2, 3, 3), filters=2, kernel=[2, 1], stride=[3, 2], padding="same"),
        case("cut-asymmetric", (2, 4, 4), filters=2, stride=[2, 1], padding="explicit", pads=[2, 0, 1, 0]),
        case("dilation-groups", (4, 3, 4), filters=6, groups=2, kernel=[2, 3], stride=[2, 1], dilation=[2, 2]),
    ]


def conv2d():
    case = ordinary(2)
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
