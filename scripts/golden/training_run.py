"""Some training steps of a network, in PyTorch float64, from weights and batches that formula.py makes."""

import dataclasses
import json

import numpy as np
import torch

import formula
from networks import LENET5, LENET5_FAR, LENET5_MODERN, Network

# at most so many values of every weight's end, at equal distances, go into the file
SAMPLES = 256


@dataclasses.dataclass(frozen=True)
class Run:
    name: str
    network: Network
    # as the engine's `OptimizerConfig`
    optimizer: dict
    # one a step
    rates: tuple
    batch: int
    # rows that count, one a step
    counts: tuple


# batches short of rows among full ones
COUNTS = (8, 8, 8, 5, 8, 8, 8, 7, 8, 1)


def falling(rate):
    """The rate changes on the way, which tells apart where momentum stands to it."""
    return (rate,) * 4 + (rate / 2,) * 3 + (rate / 10,) * 3


def sgd(momentum, decay):
    return {"type": "sgd", "momentum": momentum, "weightDecay": decay}


def adam(decay):
    return {"type": "adam", "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": decay}


RUNS = [
    Run("lenet5-sgd-momentum", LENET5, sgd(0.9, 0), falling(1e-3), 8, COUNTS),
    Run("lenet5-far-codes", LENET5_FAR, sgd(0.9, 0), falling(1e-3), 8, COUNTS),
    Run("lenet5-modern-adam", LENET5_MODERN, adam(0), falling(2e-3), 8, COUNTS),
    Run("lenet5-modern-adam-decay", LENET5_MODERN, adam(0.02), falling(2e-3), 8, COUNTS),
    Run("lenet5-modern-sgd", LENET5_MODERN, sgd(0, 0), falling(5e-2), 8, COUNTS),
    Run("lenet5-modern-sgd-momentum-decay", LENET5_MODERN, sgd(0.9, 0.02), falling(2e-2), 8, COUNTS),
]


def batch_of(network, step, count):
    """Rows are their class's pattern and noise, half and half, so that there is something to learn."""
    draws = formula.scramble(np.arange(count, dtype=np.uint32) + np.uint32(formula.seed_of(f"labels/{step}")))
    labels = (draws % np.uint32(network.classes)).astype(np.int64)
    patterns = formula.tensor("patterns", (network.classes, *network.input))
    noise = formula.tensor(f"noise/{step}", (count, *network.input))
    return torch.tensor(0.5 * patterns[labels] + 0.5 * noise).to(torch.float32), torch.tensor(labels)


def optimizer_of(config, weights):
    """Decay spares biases and other vectors, as the engine's layouts say."""
    groups = [
        {"params": [w for w in weights if w.dim() > 1], "weight_decay": config["weightDecay"]},
        {"params": [w for w in weights if w.dim() == 1], "weight_decay": 0},
    ]
    if config["type"] == "sgd":
        return torch.optim.SGD(groups, lr=1, momentum=config["momentum"])
    return torch.optim.Adam(groups, betas=(config["beta1"], config["beta2"]), eps=config["epsilon"])


def train(run, dtype):
    """Losses and right answers a step, and the weights after the last, in the given precision."""
    network = run.network
    weights = {
        name: torch.tensor(network.initial(name), dtype=dtype, requires_grad=name not in network.frozen)
        for name in network.weights
    }
    optimizer = optimizer_of(run.optimizer, [w for w in weights.values() if w.requires_grad])
    losses, correct = [], []
    for step, (rate, count) in enumerate(zip(run.rates, run.counts)):
        for group in optimizer.param_groups:
            group["lr"] = rate
        images, labels = batch_of(network, step, count)
        optimizer.zero_grad()
        outputs = network.forward(images.to(dtype), weights)
        loss = network.loss(outputs, labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        answers = (-outputs if network.distances else outputs).argmax(1)
        correct.append(int((answers == labels).sum()))
    return losses, correct, {name: w.detach().numpy() for name, w in weights.items()}


def result(run):
    """The run's description and arrays, and how far PyTorch's own float32 is from its float64."""
    losses, correct, weights = train(run, torch.float64)
    single, _, _ = train(run, torch.float32)
    arrays = {"losses": np.array(losses), "correct": np.array(correct, dtype=np.int32)}
    for name, end in weights.items():
        flat, first = end.ravel(), run.network.initial(name).ravel()
        arrays[f"{name}/sample"] = flat[:: -(-flat.size // SAMPLES)].copy()
        arrays[f"{name}/moved"] = np.array([np.linalg.norm(flat - first)])
    network = run.network
    for name, values in network.given.items():
        arrays[f"{name}/initial"] = values.astype(np.float32)
    description = {
        "preset": network.preset,
        "optimizer": run.optimizer,
        "rates": run.rates,
        "batch": run.batch,
        "counts": run.counts,
        "samples": SAMPLES,
        "weights": [
            {"name": name, "shape": shape, "bound": network.bound(name)} for name, shape in network.weights.items()
        ],
    }
    apart = max(abs(a - b) / abs(b) for a, b in zip(single, losses))
    return {"run": json.dumps(description)}, arrays, losses, apart
