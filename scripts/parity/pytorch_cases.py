"""Runs generated PyTorch models: python3 pytorch_cases.py FOLDER RATE, with a case in each of the folder's folders.

A case holds model.py, train.py, weights.safetensors and expected.safetensors: for each batch `0/input`, `0/labels`,
`0/logits` and, for each weight after one training step, `0/after/<name>`. Prints one JSON object a case: the worst
difference of outputs over all batches; of the way the weights moved the difference in the batch where it is smallest,
since a ReLU or a maximum that hangs on the rounding turns single gradients over, on either side; and beside it how far
PyTorch's own float32 step is from its float64 one in that batch.
"""

import copy
import importlib.util
import json
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
    """How far one plain SGD step moves each weight and running average."""
    model = copy.deepcopy(model).train()
    before = {name: value.detach().clone() for name, value in model.state_dict().items()}
    loss_of(model(inputs), labels).backward()
    with torch.no_grad():
        for weight in model.parameters():
            if weight.grad is not None:
                weight -= rate * weight.grad
    return {name: value.double() - before[name].double() for name, value in model.state_dict().items()}


def apart(ours, theirs):
    """Worst length of a difference, in parts of the way that tensor went; idle biases are judged by the others."""
    lengths = {name: float(theirs[name].norm()) for name in ours}
    least = 1e-3 * max(lengths.values())
    return max(float((ours[name] - theirs[name]).norm()) / max(lengths[name], least, 1e-30) for name in ours)


def check(folder, rate):
    model_file = load(folder / "model.py", "model")
    train_file = load(folder / "train.py", "train")
    expected, _ = model_file.read_safetensors(folder / "expected.safetensors")
    model = model_file.load_weights(model_file.build_model(), folder / "weights.safetensors")
    outputs, steps, batches = [], [], len({name.split("/")[0] for name in expected})
    for batch in range(batches):
        own = {name.split("/", 1)[1]: value for name, value in expected.items() if name.startswith(f"{batch}/")}
        inputs, labels = own["input"], own["labels"].long()
        model.eval()
        with torch.no_grad():
            outputs.append(largest(model(inputs), own["logits"]))
        before = model.state_dict()
        ours = {n[6:]: v.double() - before[n[6:]].double() for n, v in own.items() if n.startswith("after/")}
        if not ours:
            continue
        # chance is switched off on both sides
        still = copy.deepcopy(model)
        for module in still.modules():
            if hasattr(module, "p"):
                module.p = 0.0
        single = moved(still, train_file.loss_of, inputs, labels, rate)
        double = moved(still.double(), train_file.loss_of, inputs.double(), labels, rate)
        steps.append((apart(ours, single), apart({name: single[name] for name in ours}, double)))
    result = {"output": max(outputs)}
    return result | ({"step": min(steps)[0], "own": min(steps)[1]} if steps else {})


if __name__ == "__main__":
    torch.set_num_threads(2)
    root, rate = pathlib.Path(sys.argv[1]), float(sys.argv[2])
    for folder in sorted(root.iterdir()):
        try:
            result = check(folder, rate)
        except Exception as error:  # one broken case must not hide the others
            result = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps({"case": folder.name, **result}), flush=True)
