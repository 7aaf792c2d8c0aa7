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
    # of the engine's `StepConfig`, beside batch and optimizer: `loss`, `clip`, `average`
    more: dict = dataclasses.field(default_factory=dict)


# batches short of rows among full ones
COUNTS = (8, 8, 8, 5, 8, 8, 8, 7, 8, 1)


def falling(rate):
    """The rate changes on the way, which tells apart where momentum stands to it."""
    return (rate,) * 4 + (rate / 2,) * 3 + (rate / 10,) * 3


def sgd(momentum, decay, **more):
    return {"type": "sgd", "momentum": momentum, "weightDecay": decay, **more}


def adam(decay, kind="adam", beta2=0.999):
    return {"type": kind, "beta1": 0.9, "beta2": beta2, "epsilon": 1e-8, "weightDecay": decay}


def rmsprop(momentum, decay):
    return {"type": "rmsprop", "smoothing": 0.95, "epsilon": 1e-8, "momentum": momentum, "weightDecay": decay}


RUNS = [
    Run("lenet5-sgd-momentum", LENET5, sgd(0.9, 0), falling(1e-3), 8, COUNTS),
    Run("lenet5-far-codes", LENET5_FAR, sgd(0.9, 0), falling(1e-3), 8, COUNTS),
    Run("lenet5-modern-adam", LENET5_MODERN, adam(0), falling(2e-3), 8, COUNTS),
    Run("lenet5-modern-adam-decay", LENET5_MODERN, adam(0.02), falling(2e-3), 8, COUNTS),
    Run("lenet5-modern-sgd", LENET5_MODERN, sgd(0, 0), falling(5e-2), 8, COUNTS),
    Run("lenet5-modern-sgd-momentum-decay", LENET5_MODERN, sgd(0.9, 0.02), falling(2e-2), 8, COUNTS),
    Run("lenet5-modern-nesterov", LENET5_MODERN, sgd(0.9, 0.02, nesterov=True), falling(1e-2), 8, COUNTS),
    Run("lenet5-modern-adamw", LENET5_MODERN, adam(0.1, "adamw", 0.99), falling(2e-3), 8, COUNTS),
    Run("lenet5-modern-rmsprop", LENET5_MODERN, rmsprop(0, 0), falling(3e-4), 8, COUNTS),
    Run("lenet5-modern-rmsprop-momentum-decay", LENET5_MODERN, rmsprop(0.8, 0.02), falling(1e-4), 8, COUNTS),
    # lengths of the gradient are on both sides of the bound
    Run("lenet5-modern-clipped", LENET5_MODERN, sgd(0.9, 0.02), falling(2e-2), 8, COUNTS, {"clip": 12.0}),
    Run("lenet5-modern-averaged", LENET5_MODERN, sgd(0.9, 0), falling(2e-2), 8, COUNTS, {"average": 0.8}),
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
        return torch.optim.SGD(groups, lr=1, momentum=config["momentum"], nesterov=config.get("nesterov", False))
    if config["type"] == "rmsprop":
        alpha, epsilon, momentum = config["smoothing"], config["epsilon"], config["momentum"]
        return torch.optim.RMSprop(groups, lr=1, alpha=alpha, eps=epsilon, momentum=momentum)
    kind = torch.optim.AdamW if config["type"] == "adamw" else torch.optim.Adam
    return kind(groups, betas=(config["beta1"], config["beta2"]), eps=config["epsilon"])


def holder(weights):
    """The weights as a module, which is what PyTorch averages."""
    module = torch.nn.Module()
    module.all = torch.nn.ParameterList([torch.nn.Parameter(w, requires_grad=False) for w in weights.values()])
    return module


def average_of(run, weights):
    if "average" not in run.more:
        return None
    keep = run.more["average"]
    return torch.optim.swa_utils.AveragedModel(holder(weights), avg_fn=lambda a, w, _: keep * a + (1 - keep) * w)


def train(run, dtype):
    """Losses and right answers a step, the weights after the last, and their average, in the given precision."""
    network = run.network
    weights = {
        name: torch.tensor(network.initial(name), dtype=dtype, requires_grad=name not in network.frozen)
        for name in network.weights
    }
    trained = [w for w in weights.values() if w.requires_grad]
    optimizer = optimizer_of(run.optimizer, trained)
    average = average_of(run, weights)
    losses, correct = [], []
    for step, (rate, count) in enumerate(zip(run.rates, run.counts)):
        for group in optimizer.param_groups:
            group["lr"] = rate
        images, labels = batch_of(network, step, count)
        optimizer.zero_grad()
        outputs = network.forward(images.to(dtype), weights)
        loss = network.loss(outputs, labels)
        loss.backward()
        if "clip" in run.more:
            torch.nn.utils.clip_grad_norm_(trained, run.more["clip"])
        optimizer.step()
        if average:
            average.update_parameters(holder(weights))
        losses.append(loss.item())
        answers = (-outputs if network.distances else outputs).argmax(1)
        correct.append(int((answers == labels).sum()))
    ends = {name: w.detach().numpy() for name, w in weights.items()}
    if average:
        averages = [w.detach().numpy() for w in average.module.parameters()]
        return losses, correct, ends, dict(zip(ends, averages))
    return losses, correct, ends, {}


def result(run):
    """The run's description and arrays, and how far PyTorch's own float32 is from its float64."""
    losses, correct, weights, averages = train(run, torch.float64)
    single, _, _, _ = train(run, torch.float32)
    arrays = {"losses": np.array(losses), "correct": np.array(correct, dtype=np.int32)}
    for name, end in weights.items():
        flat, first = end.ravel(), run.network.initial(name).ravel()
        arrays[f"{name}/sample"] = flat[:: -(-flat.size // SAMPLES)].copy()
        arrays[f"{name}/moved"] = np.array([np.linalg.norm(flat - first)])
    for name, end in averages.items():
        flat = end.ravel()
        arrays[f"{name}/average"] = flat[:: -(-flat.size // SAMPLES)].copy()
    network = run.network
    for name, values in network.given.items():
        arrays[f"{name}/initial"] = values.astype(np.float32)
    description = {
        "preset": network.preset,
        "optimizer": run.optimizer,
        "rates": run.rates,
        "batch": run.batch,
        "counts": run.counts,
        **run.more,
        "samples": SAMPLES,
        "weights": [
            {"name": name, "shape": shape, "bound": network.bound(name)} for name, shape in network.weights.items()
        ],
    }
    apart = max(abs(a - b) / abs(b) for a, b in zip(single, losses))
    return {"run": json.dumps(description)}, arrays, losses, apart
