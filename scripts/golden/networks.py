"""Networks in PyTorch, under the names that the presets give their weights.

To add one: a function `(x, w) -> outputs` and a `Network` with the shapes and the first values of its weights.
"""

import dataclasses
import math
from typing import Callable

import numpy as np
import torch
import torch.nn.functional as F

import formula
import losses


@dataclasses.dataclass(frozen=True)
class Network:
    preset: str
    input: tuple
    classes: int
    # name: shape, in the document's order
    weights: dict
    forward: Callable
    loss: Callable = F.cross_entropy
    # outputs are distances: the smallest names the class
    distances: bool = False
    frozen: tuple = ()
    # first values that no formula gives, by name
    given: dict = dataclasses.field(default_factory=dict)
    bounds: dict = dataclasses.field(default_factory=dict)

    def bound(self, name):
        """First values lie within +- this: variance 2 / fan-in for kernels and matrices; None for given ones."""
        shape = self.weights[name]
        usual = math.sqrt(6 / math.prod(shape[1:])) if len(shape) > 1 else 0.25
        return None if name in self.given else self.bounds.get(name, usual)

    def initial(self, name):
        if name in self.given:
            return self.given[name]
        return formula.tensor(f"{self.preset}/{name}", self.weights[name], self.bound(name))


def layers(**kernels):
    """`name=(weight shape)` to the weight's and the bias's shapes."""
    shapes = {}
    for name, shape in kernels.items():
        shapes |= {f"{name}.weight": shape, f"{name}.bias": (shape[0],)}
    return shapes


def lenet5_modern(x, w):
    x = F.max_pool2d(F.relu(F.conv2d(x, w["conv1.weight"], w["conv1.bias"])), 2)
    x = F.max_pool2d(F.relu(F.conv2d(x, w["conv2.weight"], w["conv2.bias"])), 2)
    x = F.relu(F.linear(x.flatten(1), w["fc1.weight"], w["fc1.bias"]))
    x = F.relu(F.linear(x, w["fc2.weight"], w["fc2.bias"]))
    return F.linear(x, w["output.weight"], w["output.bias"])


C3 = "012 123 234 345 045 015 0123 1234 2345 0345 0145 0125 0134 1245 0235 012345".split()


def lenet5(x, w):
    def squash(a):
        return 1.7159 * torch.tanh(2 / 3 * a)

    def subsample(a, name):
        total = F.avg_pool2d(a, 2, divisor_override=1)
        return total * w[f"{name}.coefficient"][:, None, None] + w[f"{name}.bias"][:, None, None]

    def partial(a):
        maps, first = [], 0
        for column, sources in enumerate(C3):
            kernels = w["c3.weight"][first : first + len(sources)]
            bias = w["c3.bias"][column : column + 1]
            maps.append(F.conv2d(a[:, [int(row) for row in sources]], kernels[None], bias))
            first += len(sources)
        return torch.cat(maps, 1)

    x = squash(F.conv2d(x, w["c1.weight"], w["c1.bias"]))
    x = squash(partial(squash(subsample(x, "s2"))))
    x = squash(F.conv2d(squash(subsample(x, "s4")), w["c5.weight"], w["c5.bias"]))
    x = squash(F.linear(x.flatten(1), w["f6.weight"], w["f6.bias"]))
    return (x[:, None, :] - w["output.codes"][None]).pow(2).sum(2)


LENET5_MODERN = Network(
    preset="lenet5-modern",
    input=(1, 32, 32),
    classes=10,
    weights=layers(conv1=(6, 1, 5, 5), conv2=(16, 6, 5, 5), fc1=(120, 400), fc2=(84, 120), output=(10, 84)),
    forward=lenet5_modern,
)

def near_codes():
    """Codes that differ in two places each, so that a loss of distances has close rivals to weigh."""
    common = np.where(formula.tensor("lenet5/codes", (84,)) < 0, -1.0, 1.0)
    codes = np.tile(common, (10, 1))
    codes[np.arange(10), np.arange(10)] *= -1
    return codes


LENET5 = Network(
    preset="lenet5",
    input=(1, 32, 32),
    classes=10,
    weights=layers(c1=(6, 1, 5, 5))
    | {"s2.coefficient": (6,), "s2.bias": (6,)}
    | {"c3.weight": (60, 5, 5), "c3.bias": (16,)}
    | {"s4.coefficient": (16,), "s4.bias": (16,)}
    | layers(c5=(120, 16, 5, 5), f6=(84, 120))
    | {"output.codes": (10, 84)},
    forward=lenet5,
    loss=losses.digit_map,
    distances=True,
    frozen=("output.codes",),
    # scaled tanh of 1 is 1: F6 starts near all codes
    given={"output.codes": near_codes(), "f6.bias": near_codes().mean(0).round()},
    bounds={"f6.weight": 0.01},
)

# distances about 80, where exp(-y) is nothing beside exp(-j)
LENET5_FAR = dataclasses.replace(
    LENET5, given={"output.codes": np.where(formula.tensor("lenet5/far-codes", (10, 84)) < 0, -1.0, 1.0)}, bounds={}
)
