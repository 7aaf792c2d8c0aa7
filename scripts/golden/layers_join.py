"""Layers that join or reshape maps: add, concat, padding."""

import torch

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


def pad2d():
    def case(name, shape, amounts):
        return run(name, "pad2d", {"amounts": amounts}, [shape], lambda xs, _: pad(xs[0], amounts))

    return [
        case("all-sides", (2, 4, 3), [2, 2, 2, 2]),
        case("sides-differ", (2, 3, 4), [0, 1, 2, 3]),
        case("nothing", (2, 3, 3), [0, 0, 0, 0]),
    ]
