"""Layers that join, cut, reorder or resize maps."""

import torch
import torch.nn.functional as F

from layer_case import run
from windows import pad


def add():
    def case(name, shapes):
        return run(name, "add", {}, shapes, lambda xs, _: sum(xs[1:], xs[0]))

    return [case("two", [(3, 4, 5)] * 2), case("three", [(7,)] * 3)]


def concat():
    def case(name, shapes):
        return run(name, "concat", {}, shapes, lambda xs, _: torch.cat(xs, 1))

    return [case("maps", [(2, 4, 3), (3, 4, 3), (1, 4, 3)]), case("vectors", [(5,), (3,)])]


def multiply():
    def case(name, shapes):
        def compute(xs, _):
            rank = max(x.dim() for x in xs)
            product = 1.0
            for x in xs:
                product = product * (x.reshape(*x.shape, *[1] * (rank - 2)) if x.dim() == 2 else x)
            return product

        return run(name, "multiply", {}, shapes, compute)

    return [
        case("two", [(3, 4, 5)] * 2),
        case("vectors", [(7,)] * 3),
        case("gate", [(3, 4, 2), (3,)]),
        case("places", [(1, 4, 5), (3, 4, 5), (3, 1, 1)]),
    ]


def pad2d():
    def case(name, shape, amounts, mode="zero"):
        def compute(xs, _):
            return pad(xs[0], amounts, mode="constant" if mode == "zero" else mode)

        return run(name, "pad2d", {"amounts": amounts, "mode": mode}, [shape], compute)

    return [
        case("all-sides", (2, 4, 3), [2, 2, 2, 2]),
        case("sides-differ", (2, 3, 4), [0, 1, 2, 3]),
        case("nothing", (2, 3, 3), [0, 0, 0, 0]),
        case("reflect", (2, 5, 6), [4, 4, 4, 4], "reflect"),
        case("reflect-sides-differ", (2, 4, 3), [0, 3, 2, 1], "reflect"),
    ]


def slice_channels():
    def case(name, shape, begin, count):
        params = {"begin": begin, "count": count}
        return run(name, "slice", params, [shape], lambda xs, _: xs[0][:, begin : begin + count])

    return [case("maps", (5, 3, 4), 1, 3), case("vector", (7,), 0, 2), case("all", (3, 4), 0, 3)]


def zero_pad_shortcut():
    def case(name, shape, channels, stride):
        def compute(xs, _):
            taken = xs[0][:, :, :: stride[0], :: stride[1]]
            return F.pad(taken, (0, 0, 0, 0, 0, channels - shape[0]))

        return run(name, "zero-pad-shortcut", {"channels": channels, "stride": stride}, [shape], compute)

    return [
        case("resnet", (3, 6, 8), 6, [2, 2]),
        case("odd", (2, 5, 7), 3, [2, 3]),
        case("channels-alone", (2, 3, 3), 5, [1, 1]),
        case("stride-alone", (2, 4, 4), 2, [2, 2]),
    ]


def channel_shuffle():
    def case(name, shape, groups):
        def compute(xs, _):
            return xs[0].unflatten(1, (groups, shape[0] // groups)).transpose(1, 2).flatten(1, 2)

        return run(name, "channel-shuffle", {"groups": groups}, [shape], compute)

    return [case("maps", (6, 3, 2), 2), case("vector", (12,), 3), case("one", (3, 2, 2), 1)]


def reshape():
    def case(name, shape, target):
        return run(name, "reshape", {"shape": target}, [shape], lambda xs, _: xs[0].reshape(len(xs[0]), *target))

    return [case("maps", (24,), [2, 3, 4]), case("sequence", (3, 4, 5), [6, -1]), case("volume", (8, 3), [2, 2, -1, 3])]


def permute():
    def case(name, shape, order):
        return run(name, "permute", {"order": order}, [shape], lambda xs, _: xs[0].permute(0, *order))

    return [
        case("sequence", (3, 5), [2, 1]),
        case("maps", (3, 4, 5), [3, 1, 2]),
        case("volume", (2, 3, 4, 5), [2, 4, 1, 3]),
    ]


def upsample():
    linear = {1: "linear", 2: "bilinear", 3: "trilinear"}

    def case(name, shape, scale, interpolation):
        def compute(xs, _):
            if interpolation == "nearest":
                return F.interpolate(xs[0], scale_factor=scale, mode="nearest")
            return F.interpolate(xs[0], scale_factor=scale, mode=linear[len(shape) - 1], align_corners=False)

        return run(name, "upsample", {"scale": scale, "interpolation": interpolation}, [shape], compute)

    shapes = {"sequence": (2, 5), "maps": (2, 3, 4), "volume": (1, 2, 3, 2), "one-place": (2, 1, 3)}
    return [
        case(f"{name}-{interpolation}-{scale}", shape, scale, interpolation)
        for name, shape in shapes.items()
        for interpolation in ("nearest", "linear")
        for scale in (2, 3)
    ] + [case("same-size", (2, 3, 3), 1, "linear")]
