"""PyTorch's side of bench-cpu.ts: trains a network on one batch, a number of seconds for every line of standard input.

A line is a layout (`contiguous` or `channels_last`) and a number of seconds; the answer is the milliseconds of every
step as a JSON list. The first line written says what PyTorch this is.
"""

import argparse
import json
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F


def lenet5_modern():
    return (1, 32, 32), nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip


NETWORKS = {"lenet5-modern": lenet5_modern}


def blas():
    """File of the BLAS that matrix products go through."""
    with open("/proc/self/maps") as maps:
        files = {line.split()[-1] for line in maps if "blas" in line}
    return sorted(files, key=lambda file: "libopenblas" not in file)[0] if files else "built in"


def gflops():
    """Speed of a 1,024 matrix product: tells a tuned BLAS (tens) from the reference one (about two)."""
    a = torch.randn(1024, 1024)
    times = []
    for _ in range(6):
        start = time.perf_counter()
        a @ a
        times.append(time.perf_counter() - start)
    return 2 * 1024**3 / min(times) / 1e9


def trainer(network, optimizer, batch, layout):
    """A function that does one training step."""
    torch.manual_seed(1)
    shape, model = NETWORKS[network]()
    images, labels = torch.randn(batch, *shape), torch.randint(0, 10, (batch,))
    if layout == "channels_last":
        model = model.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    if optimizer == "adam":
        update = torch.optim.Adam(model.parameters(), lr=1e-3)
    else:
        update = torch.optim.SGD(model.parameters(), lr=1e-2, momentum=0.9)

    def step():
        update.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        update.step()
        return loss.item()

    return step


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("network", choices=NETWORKS)
    parser.add_argument("--optimizer", choices=["sgd", "adam"], required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    steps = {}
    for layout in ("contiguous", "channels_last"):
        steps[layout] = trainer(given.network, given.optimizer, given.batch, layout)
        for _ in range(20):
            steps[layout]()
    print(json.dumps({"torch": torch.__version__, "blas": blas(), "gflops": round(gflops(), 1)}), flush=True)
    for line in sys.stdin:
        layout, seconds = line.split()
        times, end = [], time.perf_counter() + float(seconds)
        while not times or time.perf_counter() < end:
            start = time.perf_counter()
            steps[layout]()
            times.append((time.perf_counter() - start) * 1e3)
        print(json.dumps(times), flush=True)


if __name__ == "__main__":
    main()
