"""Writes a small network of PyTorch as ONNX, as torch.onnx.export makes it, with an input and its logits.

    onnx_model.py FOLDER

`torch.onnx` keeps batch norm apart and its batch free, by a shape it computes; `torch-folded.onnx` is exported for one
batch size with batch norm folded into convolutions.
"""

import pathlib
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 5, stride=2, padding=(2, 1), bias=False), nn.BatchNorm2d(8), nn.ReLU())
        self.left = nn.Conv2d(8, 8, 3, padding=1, groups=2)
        self.right = nn.Conv2d(8, 8, 3, padding=2, dilation=2)
        self.norm = nn.InstanceNorm2d(16, affine=True)
        self.up = nn.ConvTranspose2d(16, 6, 3, stride=2, padding=1, output_padding=1)
        self.pool = nn.MaxPool2d(3, 2, ceil_mode=True)
        self.mean = nn.AvgPool2d(2, padding=1, count_include_pad=False)
        self.squeeze = nn.Conv2d(6, 6, 1)
        self.hidden = nn.Linear(6 * 5 * 5, 12)
        self.fc = nn.Linear(12, 5)

    def forward(self, x):
        x = self.stem(x)
        x = torch.cat([F.leaky_relu(self.left(x), 0.2), F.elu(self.right(x))], 1)
        x = self.up(F.silu(self.norm(x)))
        x = x + x * torch.sigmoid(self.squeeze(F.adaptive_avg_pool2d(x, 1)))
        x = F.gelu(self.mean(self.pool(x)))
        x = x.view(x.size(0), -1)
        return self.fc(torch.tanh(self.hidden(x)))


if __name__ == "__main__":
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(5)
    model = Net().eval()
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm2d, nn.InstanceNorm2d)):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.3)
        if isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.running_mean, 0, 0.3)
            nn.init.uniform_(module.running_var, 0.5, 1.5)
    x = torch.randn(2, 3, 16, 17)
    with torch.no_grad():
        np.save(folder / "logits.npy", model(x).numpy())
    np.save(folder / "input.npy", x.numpy())
    names = {"input_names": ["x"], "output_names": ["y"]}
    torch.onnx.export(
        model,
        x,
        folder / "torch.onnx",
        **names,
        opset_version=16,
        dynamic_axes={"x": {0: "n"}, "y": {0: "n"}},
        training=torch.onnx.TrainingMode.PRESERVE,
        do_constant_folding=False,
    )
    torch.onnx.export(model, x, folder / "torch-folded.onnx", **names, opset_version=11)
