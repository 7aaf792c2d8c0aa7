"""Writes models of torchvision as torch.onnx.export makes them: python3 onnx_models.py FOLDER MODEL:SIZE...

FOLDER gets MODEL.onnx with random weights and averages, MODEL.input.npy and MODEL.output.npy, by PyTorch itself.
"""

import pathlib
import sys

import numpy
import torch
import torchvision

folder = pathlib.Path(sys.argv[1])
for wanted in sys.argv[2:]:
    name, size = wanted.split(":")
    torch.manual_seed(0)
    options = {"aux_logits": False, "init_weights": True} if name == "googlenet" else {}
    model = getattr(torchvision.models, name)(weights=None, num_classes=20, **options)
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            for values in (module.weight, module.bias, module.running_mean):
                values.data += 0.2 * torch.randn(values.shape)
            module.running_var.data *= 1 + 0.2 * torch.rand(module.running_var.shape)
    model.eval()
    images = torch.randn(2, 3, int(size), int(size))
    with torch.no_grad():
        outputs = model(images)
    torch.onnx.export(model, images, str(folder / f"{name}.onnx"), opset_version=13, input_names=["image"],
                      output_names=["scores"], dynamic_axes={"image": {0: "batch"}, "scores": {0: "batch"}})  # fmt: skip
    numpy.save(folder / f"{name}.input.npy", images.numpy())
    numpy.save(folder / f"{name}.output.npy", outputs.numpy())
