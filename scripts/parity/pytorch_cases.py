"""Runs generated PyTorch models: python3 pytorch_cases.py FOLDER RATE, with a case in each of the folder's folders.

A case holds model.py, train.py, weights.safetensors and expected.safetensors: `input`, `labels`, `logits` and, for each
weight after one training step, `after/<name>`; double.json and double.bin hold the same step in float64. Prints one
JSON object a case: the difference of outputs (`output`), of the way the weights moved (`step`), of both in float64
(`double`), and how far PyTorch's own float32 step is from its float64 one (`own`).
"""

import copy
import importlib.util
import json
import math
import pathlib
import sys

import torch


def load(path, name):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def largest(got, expected):
    """Largest difference in parts of the largest value."""
    return float((got - expected).abs().max() / expected.abs().max().clamp(min=1e-30))


def moved(model, loss_of, inputs, labels, rate):
    """What the network gives in training, and how far one plain SGD step moves each weight and running average."""
    model = copy.deepcopy(model).train()
    before = {name: value.detach().clone() for name, value in model.state_dict().items()}
    outputs = model(inputs)
    loss_of(outputs, labels).backward()
    with torch.no_grad():
        for weight in model.parameters():
            if weight.grad is not None:
                weight -= rate * weight.grad
    way = {name: value.double() - before[name].double() for name, value in model.state_dict().items()}
    return (outputs[0] if isinstance(outputs, tuple) else outputs).detach(), way


def apart(ours, theirs):
    """Worst length of a difference, in parts of the way that tensor went; idle biases are judged by the others."""
    lengths = {name: float(theirs[name].norm()) for name in ours}
    least = 1e-3 * max(lengths.values())
    return max(float((ours[name] - theirs[name]).norm()) / max(lengths[name], least, 1e-30) for name in ours)


def read_doubles(folder):
    """Float64 arrays that lie one after the other, by name."""
    values = torch.frombuffer(bytearray((folder / "double.bin").read_bytes()), dtype=torch.float64)
    arrays = {}
    for name, shape in json.loads((folder / "double.json").read_text()):
        arrays[name], values = values[: math.prod(shape)].reshape(shape), values[math.prod(shape) :]
    return arrays


def without_chance(model):
    model = copy.deepcopy(model)
    for module in model.modules():
        if hasattr(module, "p"):
            module.p = 0.0
    return model


def check(folder, rate):
    model_file = load(folder / "model.py", "model")
    train_file = load(folder / "train.py", "train")
    expected, _ = model_file.read_safetensors(folder / "expected.safetensors")
    model = model_file.load_weights(model_file.build_model(), folder / "weights.safetensors").eval()
    inputs, labels = expected["input"], expected["labels"].long()
    with torch.no_grad():
        result = {"output": largest(model(inputs), expected["logits"])}
    before, still = model.state_dict(), without_chance(model)
    ours = {n[6:]: v.double() - before[n[6:]].double() for n, v in expected.items() if n.startswith("after/")}
    if not ours:
        return result
    _, single = moved(still, train_file.loss_of, inputs, labels, rate)
    logits, double = moved(still.double(), train_file.loss_of, inputs.double(), labels, rate)
    exact = read_doubles(folder)
    result["double"] = max(largest(logits, exact.pop("logits")), apart(exact, double))
    result["step"] = apart(ours, single)
    result["own"] = apart({name: single[name] for name in ours}, double)
    return result


if __name__ == "__main__":
    torch.set_num_threads(2)
    root, rate = pathlib.Path(sys.argv[1]), float(sys.argv[2])
    for folder in sorted(root.iterdir()):
        try:
            result = check(folder, rate)
        except Exception as error:  # one broken case must not hide the others
            result = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps({"case": folder.name, **result}), flush=True)
