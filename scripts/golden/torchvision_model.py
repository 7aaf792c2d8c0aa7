"""Writes a torchvision model with random weights of a fixed seed, an input and its logits.

    torchvision_model.py MODEL FOLDER [--images N]
    torchvision_model.py --list FILE MODEL...

The first makes `weights.safetensors`, `input.npy` and `logits.npy`; the second only lists names and shapes, as JSON.
MODEL `small-densenet` is a narrow one for images of 32, small enough to be kept with the tests.
"""

import argparse
import json
import pathlib

import numpy as np
import torch
import torchvision

import safetensors_file

SEED = 20141


def build(name):
    torch.manual_seed(SEED)
    # its own initialization of GoogLeNet takes minutes
    options = {"init_weights": False} if name == "googlenet" else {}
    if name == "small-densenet":
        model = torchvision.models.DenseNet(4, (2, 3), 8, num_classes=5).eval()
    else:
        model = getattr(torchvision.models, name)(weights=None, **options).eval()
    norms = [module for module in model.modules() if isinstance(module, torch.nn.BatchNorm2d)]
    for norm in norms:
        torch.nn.init.uniform_(norm.weight, 0.5, 1.5)
        torch.nn.init.normal_(norm.bias, 0, 0.2)
        norm.momentum = 1.0
    for module in model.modules():
        # units that add little, as after training: else a deep network blows rounding up to the fourth digit
        if isinstance(module, torchvision.models.resnet.Bottleneck):
            torch.nn.init.uniform_(module.bn3.weight, 0.1, 0.3)
        elif isinstance(module, torchvision.models.resnet.BasicBlock):
            torch.nn.init.uniform_(module.bn2.weight, 0.1, 0.3)
    if norms:
        # running averages near those of the data keep activations, and so rounding, within bounds
        with torch.no_grad():
            model.train()(noise(name, 4))
            model.eval()
        for norm in norms:
            norm.running_mean += torch.randn_like(norm.running_mean) * 0.2 * norm.running_var.sqrt()
            norm.running_var *= torch.empty_like(norm.running_var).uniform_(0.8, 1.2)
    for module in model.modules():
        if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)) and module.bias is not None:
            torch.nn.init.normal_(module.bias, 0, 0.1)
    return model


def noise(name, images):
    size = 32 if name.startswith("small-") else 224
    return torch.randn(images, 3, size, size, generator=torch.Generator().manual_seed(SEED + images))


def run(name, folder, images):
    model = build(name)
    x = noise(name, images)
    with torch.no_grad():
        logits = model(x)
    tensors = {key: value.numpy() for key, value in model.state_dict().items()}
    tensors = {key: value for key, value in tensors.items() if value.dtype == np.float32}
    folder.mkdir(parents=True, exist_ok=True)
    safetensors_file.write(folder / "weights.safetensors", tensors, {"format": "pt"})
    np.save(folder / "input.npy", x.numpy())
    np.save(folder / "logits.npy", logits.numpy())


def list_names(file, names):
    shapes = {name: {key: list(value.shape) for key, value in build(name).state_dict().items()} for name in names}
    file.write_text(json.dumps(shapes, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", type=int, default=3)
    parser.add_argument("--list", type=pathlib.Path)
    parser.add_argument("names", nargs="+")
    given = parser.parse_args()
    if given.list:
        list_names(given.list, given.names)
    else:
        run(given.names[0], pathlib.Path(given.names[1]), given.images)
