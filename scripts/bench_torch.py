"""PyTorch's side of bench.ts: trains a network on one batch, a number of seconds for every line of standard input.

The network is a Python file with `build_model()`, as Layerloom writes it from a document. A line is a layout
(`contiguous` or `channels_last`) and a number of seconds; the answer is the milliseconds of every step as a JSON list.
The first line written says what PyTorch this is and how many parameters the model has.
"""

import argparse
import json
import runpy
import sys
import time

import torch
import torch.nn.functional as F


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


def loss_of(outputs, labels):
    """Cross-entropy; of auxiliary classifiers 0.3 each, as GoogLeNet has it."""
    if torch.is_tensor(outputs):
        return F.cross_entropy(outputs, labels)
    return F.cross_entropy(outputs[0], labels) + 0.3 * sum(F.cross_entropy(one, labels) for one in outputs[1:])


def trainer(given, layout):
    """A function that does one training step, and the model's number of parameters."""
    torch.manual_seed(1)
    model = runpy.run_path(given.model)["build_model"]().train()
    images = torch.randn(given.batch, *given.shape)
    labels = torch.randint(0, given.classes, (given.batch,))
    if layout == "channels_last":
        model = model.to(memory_format=torch.channels_last)
        images = images.contiguous(memory_format=torch.channels_last)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    if given.optimizer == "adam":
        update = torch.optim.Adam(trained, lr=1e-3)
    else:
        update = torch.optim.SGD(trained, lr=1e-3, momentum=0.9)

    def step():
        update.zero_grad(set_to_none=True)
        loss = loss_of(model(images), labels)
        loss.backward()
        update.step()
        return loss.item()

    return step, sum(parameter.numel() for parameter in trained)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--shape", type=lambda text: [int(n) for n in text.split(",")], required=True)
    parser.add_argument("--classes", type=int, required=True)
    parser.add_argument("--optimizer", choices=["sgd", "adam"], required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--clock", choices=["wall", "processor"], default="wall")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    now = time.process_time if given.clock == "processor" else time.perf_counter
    steps, parameters = {}, 0
    for layout in ("contiguous", "channels_last"):
        steps[layout], parameters = trainer(given, layout)
        begin = time.perf_counter()
        for _ in range(20):
            steps[layout]()
            if time.perf_counter() - begin > 2:
                break
    about = {"torch": torch.__version__, "blas": blas(), "gflops": round(gflops(), 1), "parameters": parameters}
    print(json.dumps(about), flush=True)
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
