"""Ten training steps of whole networks in PyTorch float64, from weights and batches that formula.py makes."""

import dataclasses
import json
from typing import Callable

import numpy as np
import torch
import torch.nn.functional as F

import deep_networks as nets
from deep_layers import Layers
from training_run import batch_of, falling, optimizer_of, sgd

# of every weight's end, at equal distances
SAMPLES = 24

# rows of a step: batches short of rows among full ones
BATCH = 6
COUNTS = (6, 4, 6, 6, 6, 6, 5, 6, 6, 3)


@dataclasses.dataclass(frozen=True)
class Run:
    name: str
    input: tuple
    forward: Callable
    rate: float
    optimizer: dict
    # decides the first weights; chosen by seeds.py so that no ReLU or maximum hangs on rounding
    seed: int = 0
    classes: int = nets.CLASSES


SGD, NESTEROV = sgd(0.9, 1e-3), sgd(0.9, 1e-3, nesterov=True)

RUNS = [
    Run("alexnet", (3, 63, 63), nets.alexnet, 5e-3, SGD, 1),
    Run("inception", (3, 32, 32), nets.inception, 5e-3, SGD),
    Run("resnet-20", (3, 8, 8), nets.resnet20, 1e-2, SGD),
    Run("preact-bottleneck", (3, 16, 16), nets.preact_bottleneck, 1e-2, SGD, 2),
    Run("densenet-bc", (3, 16, 16), nets.densenet_bc, 1e-2, NESTEROV, 7),
    Run("wide-resnet", (3, 8, 8), nets.wide_resnet, 1e-2, NESTEROV, 3),
    Run("m5", (1, 2000), nets.m5, 1e-2, SGD),
    Run("c3d", (3, 16, 32, 32), nets.c3d, 2e-3, SGD),
]


def train(run, dtype, noise=0.0):
    """Losses and right answers a step, and the layers with their last weights."""
    layers = Layers(f"{run.name}/{run.seed}", dtype, noise)
    # running averages move with every pass, so names and shapes come from layers of their own
    probe = Layers(layers.seed, dtype, noise)
    run.forward(probe, torch.zeros((2, *run.input), dtype=dtype))
    for fields in probe.described:
        layers.value(**fields)
    optimizer = optimizer_of(run.optimizer, [w for w in layers.values.values() if w.requires_grad])
    losses, correct = [], []
    for step, (rate, count) in enumerate(zip(falling(run.rate), COUNTS)):
        for group in optimizer.param_groups:
            group["lr"] = rate
        images, labels = batch_of(run, step, count)
        optimizer.zero_grad()
        outputs = run.forward(layers, images.to(dtype))
        loss = sum(weight * F.cross_entropy(logits, labels) for weight, logits in outputs)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        correct.append(int((outputs[0][1].argmax(1) == labels).sum()))
    return losses, correct, layers


def ends(layers):
    return {name: w.detach().double().numpy().ravel() for name, w in layers.values.items()}


def starts(layers):
    first = Layers(layers.seed, torch.float64)
    return {fields["name"]: first.value(**fields).detach().numpy().ravel() for fields in layers.described}


# parts of themselves that first weights are moved by: float32 rounds to 6e-8, and sums of many terms to several times that
NOISES = (1e-7, 3e-7, -3e-7, 1e-6, -1e-6)
# margins of losses and weights beyond which a run is no measure of an engine
STEADY = (1e-5, 3e-4)


def margin(run, losses, first, last):
    """How far PyTorch's float32, and float64 from weights some roundings away, end from float64: losses and weights."""
    others = [train(run, torch.float32), *(train(run, torch.float64, noise) for noise in NOISES)]
    loss = max(abs(a - b) / b for other, _, _ in others for a, b in zip(other, losses))
    weight = 0.0
    for _, _, layers in others:
        before = starts(layers)
        for name, end in ends(layers).items():
            way, other = np.linalg.norm(last[name] - first[name]), np.linalg.norm(end - before[name])
            still = max(way, 1e-3 * np.linalg.norm(first[name]))
            weight = max(weight, np.abs(end - last[name]).max() / np.abs(last[name]).max(), abs(other - way) / still)
    return loss, weight


def result(run):
    """The run's description and arrays, and its margins."""
    losses, correct, layers = train(run, torch.float64)
    weights = ends(layers)
    first = starts(layers)
    samples, moved = [], []
    for fields in layers.described:
        end = weights[fields["name"]]
        samples.append(end[:: -(-end.size // SAMPLES)])
        moved.append(np.linalg.norm(end - first[fields["name"]]))
    off = margin(run, losses, first, weights)
    if off[0] > STEADY[0] or off[1] > STEADY[1]:
        print(f"{run.name}: float32 goes another way (losses {off[0]:.1e}, weights {off[1]:.1e}): choose another seed")
    description = {
        "seed": layers.seed,
        "input": run.input,
        "classes": run.classes,
        "optimizer": run.optimizer,
        "rates": falling(run.rate),
        "batch": BATCH,
        "counts": COUNTS,
        "samples": SAMPLES,
        "margin": {"losses": off[0], "weights": off[1]},
        "weights": layers.described,
    }
    arrays = {
        "losses": np.array(losses),
        "correct": np.array(correct, dtype=np.int32),
        "samples": np.concatenate(samples),
        "moved": np.array(moved),
    }
    return {"run": json.dumps(description)}, arrays, losses, off
