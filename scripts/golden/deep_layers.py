"""Layers of whole networks: weights and running averages come about by name at the first pass, from formula.py."""

import math

import torch
import torch.nn.functional as F

import formula


class Layers:
    """Weights of one network in one precision, and the layers that use them, under the app's names."""

    def __init__(self, seed, dtype, noise=0.0):
        self.seed, self.dtype, self.noise = seed, dtype, noise
        self.values, self.described = {}, []

    def value(self, name, shape, center=0.0, bound=0.0, trainable=True):
        """Within `bound` of `center`, rounded to float32; `noise` moves it by so many parts of itself."""
        if name not in self.values:
            start = torch.tensor(center + formula.tensor(f"{self.seed}/{name}", shape, bound)).to(torch.float32)
            moved = 1 + self.noise * torch.tensor(formula.tensor(f"noise/{name}", shape))
            self.values[name] = (start.double() * moved).to(self.dtype).requires_grad_(trainable)
            fields = {"name": name, "shape": shape, "center": center, "bound": bound, "trainable": trainable}
            self.described.append(fields)
        return self.values[name]

    def kernel(self, name, shape):
        return self.value(f"{name}.weight", shape, bound=math.sqrt(6 / math.prod(shape[1:])))

    def offset(self, name, count):
        return self.value(f"{name}.bias", (count,), bound=0.25)

    def dense(self, name, x, units):
        return F.linear(x, self.kernel(name, (units, x.shape[1])), self.offset(name, units))

    def conv(self, name, x, filters, kernel, stride=1, padding=None, groups=1, bias=False):
        """A convolution over as many axes as x has; padded by (kernel - 1) / 2 on each side unless told."""
        axes = x.dim() - 2
        over = (F.conv1d, F.conv2d, F.conv3d)[axes - 1]
        weight = self.kernel(name, (filters, x.shape[1] // groups, *[kernel] * axes))
        offset = self.offset(name, filters) if bias else None
        return over(x, weight, offset, stride, (kernel - 1) // 2 if padding is None else padding, 1, groups)

    def norm(self, name, x):
        """Batch norm in training; the running averages move."""
        count = (x.shape[1],)
        scale = self.value(f"{name}.weight", count, center=1.0, bound=0.25)
        shift = self.value(f"{name}.bias", count, bound=0.25)
        mean = self.value(f"{name}.running_mean", count, trainable=False)
        variance = self.value(f"{name}.running_var", count, center=1.0, trainable=False)
        return F.batch_norm(x, mean, variance, scale, shift, training=True, momentum=0.1, eps=1e-5)
