"""Ranks seeds of whole networks' first weights: python3 scripts/golden/seeds.py resnet-20 [number of seeds]

A run is a measure of an engine only where it goes the same way after a few roundings. The margin of a seed is how far
PyTorch itself ends from its float64 run in float32, and in float64 from first weights moved by up to a millionth; an
engine's own result has no part in it. The seed with the smallest margin of the losses, relative to what is steady,
is the one for deep_runs.py.
"""

import dataclasses
import sys

import torch

import deep_runs


def margins(run):
    losses, _, layers = deep_runs.train(run, torch.float64)
    return deep_runs.margin(run, losses, deep_runs.starts(layers), deep_runs.ends(layers))


if __name__ == "__main__":
    torch.set_num_threads(1)
    name, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 8
    run = next(run for run in deep_runs.RUNS if run.name == name)
    ranked = []
    for seed in range(count):
        loss, weight = margins(dataclasses.replace(run, seed=seed))
        print(f"{name}, seed {seed}: losses {loss:.1e}, weights {weight:.1e}", flush=True)
        ranked.append((max(loss / deep_runs.STEADY[0], weight / deep_runs.STEADY[1]), seed))
    worst, best = min(ranked)
    print(f"{name}: seed {best}, at {worst:.2f} of what is steady")
