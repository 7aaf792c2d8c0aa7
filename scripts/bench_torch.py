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


def vgg_small():
    layers, channels = [], 3
    for filters in (64, 64, None, 128, 128, None, 256, 256, None):
        if filters is None:
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU()]
            channels = filters
    head = [nn.Flatten(), nn.Linear(4096, 256), nn.ReLU(), nn.Linear(256, 10)]
    return (3, 32, 32), nn.Sequential(*layers, *head)


class ResidualBlock(nn.Module):
    def __init__(self, channels, filters, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, filters, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(filters)
        self.shortcut = nn.Identity()
        if stride > 1:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels, filters, 1, stride, bias=False), nn.BatchNorm2d(filters)
            )

    def forward(self, x):
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(y + self.shortcut(x))


def resnet_20():
    layers, channels = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()], 16
    for filters in (16, 32, 64):
        for block in range(3):
            layers.append(ResidualBlock(channels, filters, 2 if block == 0 and filters > 16 else 1))
            channels = filters
    return (3, 32, 32), nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


class DenseLayer(nn.Module):
    def __init__(self, channels, growth):
        super().__init__()
        self.norm, self.conv = nn.BatchNorm2d(channels), nn.Conv2d(channels, growth, 3, 1, 1, bias=False)

    def forward(self, x):
        return torch.cat([x, self.conv(F.relu(self.norm(x)))], 1)


def densenet_small():
    layers, channels = [nn.Conv2d(3, 16, 3, 1, 1, bias=False)], 16
    for block in range(3):
        for _ in range(6):
            layers.append(DenseLayer(channels, 12))
            channels += 12
        layers += [nn.BatchNorm2d(channels), nn.ReLU()]
        if block < 2:
            layers += [nn.Conv2d(channels, channels, 1, bias=False), nn.AvgPool2d(2)]
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 10)]
    return (3, 32, 32), nn.Sequential(*layers, *head)


NETWORKS = {
    "lenet5-modern": lenet5_modern,
    "vgg-small": vgg_small,
    "resnet-20": resnet_20,
    "densenet-small": densenet_small,
}


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
    parser.add_argument("--clock", choices=["wall", "processor"], default="wall")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    now = time.process_time if given.clock == "processor" else time.perf_counter
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
            start = now()
            steps[layout]()
            times.append((now() - start) * 1e3)
        print(json.dumps(times), flush=True)


if __name__ == "__main__":
    main()
