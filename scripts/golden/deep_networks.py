"""Small versions of the documented networks in PyTorch, under the names that the app's builders give their layers.

Each is a function `(layers, x) -> [(weight of its loss, logits), ...]`, the network's own output first.
"""

import torch
import torch.nn.functional as F

CLASSES = 5


def head(n, x):
    return [(1.0, n.dense("fc", x.flatten(2).mean(2), CLASSES))]


def conv_relu(n, name, x, filters, kernel, **more):
    return F.relu(n.conv(name, x, filters, kernel, bias=True, **more))


def conv_norm(n, name, x, filters, kernel, stride=1):
    return n.norm(f"{name}-bn", n.conv(name, x, filters, kernel, stride))


def norm_conv(n, name, x, filters, kernel, stride=1):
    return n.conv(name, F.relu(n.norm(f"{name}-bn", x)), filters, kernel, stride)


def alexnet(n, x):
    def respond(a):
        # PyTorch divides alpha by the number of channels
        return F.local_response_norm(a, 5, alpha=5 * 0.05, beta=0.75, k=2.0)

    x = conv_relu(n, "conv1", x, 12, 7, stride=2, padding=0)
    x = F.max_pool2d(respond(x), 3, 2)
    x = conv_relu(n, "conv2", x, 16, 5, groups=2)
    x = F.max_pool2d(respond(x), 3, 2)
    x = conv_relu(n, "conv3", x, 24, 3)
    x = conv_relu(n, "conv4", x, 24, 3, groups=2)
    x = conv_relu(n, "conv5", x, 16, 3, groups=2)
    x = F.max_pool2d(x, 3, 2).flatten(1)
    x = F.relu(n.dense("fc6", x, 32))
    x = F.relu(n.dense("fc7", x, 32))
    return [(1.0, n.dense("fc8", x, CLASSES))]


def inception(n, x):
    def module(prefix, a, one, three, five, pool):
        first = conv_relu(n, f"{prefix}1x1", a, one, 1)
        second = conv_relu(n, f"{prefix}3x3", conv_relu(n, f"{prefix}3x3-reduce", a, three[0], 1), three[1], 3)
        third = conv_relu(n, f"{prefix}5x5", conv_relu(n, f"{prefix}5x5-reduce", a, five[0], 1), five[1], 5)
        fourth = conv_relu(n, f"{prefix}pool-proj", F.max_pool2d(a, 3, 1, 1), pool, 1)
        return torch.cat([first, second, third, fourth], 1)

    x = conv_relu(n, "conv1", x, 8, 7, stride=2)
    x = F.max_pool2d(x, 3, 2, ceil_mode=True)
    x = module("a-", x, 4, (4, 8), (2, 4), 4)
    side = F.avg_pool2d(x, 4, 3)
    side = conv_relu(n, "aux-conv", side, 8, 1).flatten(1)
    side = F.relu(n.dense("aux-fc1", side, 16))
    side = n.dense("aux-fc2", side, CLASSES)
    x = F.max_pool2d(x, 3, 2, ceil_mode=True)
    x = module("b-", x, 6, (4, 8), (4, 6), 4)
    return head(n, x) + [(0.3, side)]


def resnet20(n, x):
    x = F.relu(conv_norm(n, "conv1", x, 16, 3))
    for stage, filters in enumerate((16, 32, 64), 2):
        for unit in (1, 2, 3):
            name, stride = f"conv{stage}_{unit}", 2 if unit == 1 and stage > 2 else 1
            y = F.relu(conv_norm(n, f"{name}a", x, filters, 3, stride))
            y = conv_norm(n, f"{name}b", y, filters, 3)
            # option A: zeros for the channels that are new
            x = F.pad(x[:, :, ::stride, ::stride], (0, 0, 0, 0, 0, filters - x.shape[1]))
            x = F.relu(x + y)
    return head(n, x)


def preactivation_unit(n, name, x, parts, activated):
    """`parts`: (filters, kernel, stride) of each convolution; an `activated` x has its norm and ReLU behind it."""
    filters, stride = parts[-1][0], parts[0][2]
    projects = x.shape[1] != filters or stride != 1
    first = f"{name}a"
    start = x if activated else F.relu(n.norm(f"{first}-bn", x))
    y = start
    for letter, (width, kernel, step) in zip("abc", parts):
        part = f"{name}{letter}"
        y = n.conv(part, y, width, kernel, step) if part == first else norm_conv(n, part, y, width, kernel, step)
    return y + (n.conv(f"{name}-shortcut", start, filters, 1, stride) if projects else x)


def preact_bottleneck(n, x):
    x = F.relu(conv_norm(n, "conv1", x, 4, 3))
    for stage, width in enumerate((4, 8, 16), 2):
        for unit in (1, 2):
            stride = 2 if unit == 1 and stage > 2 else 1
            parts = [(width, 1, stride), (width, 3, 1), (4 * width, 1, 1)]
            x = preactivation_unit(n, f"conv{stage}_{unit}", x, parts, stage == 2 and unit == 1)
    return head(n, F.relu(n.norm("final-bn", x)))


def wide_resnet(n, x):
    x = n.conv("conv1", x, 16, 3)
    for stage, width in enumerate((32, 64, 128), 2):
        stride = 2 if stage > 2 else 1
        x = preactivation_unit(n, f"conv{stage}_1", x, [(width, 3, stride), (width, 3, 1)], False)
    return head(n, F.relu(n.norm("final-bn", x)))


def densenet_bc(n, x):
    growth = 4
    x = n.conv("conv0", x, 2 * growth, 3)
    for block in (1, 2, 3):
        if block > 1:
            x = F.avg_pool2d(norm_conv(n, f"transition{block - 1}-conv", x, x.shape[1] // 2, 1), 2)
        for layer in (1, 2):
            y = norm_conv(n, f"block{block}_{layer}-conv1", x, 4 * growth, 1)
            x = torch.cat([x, norm_conv(n, f"block{block}_{layer}-conv2", y, growth, 3)], 1)
    return head(n, F.relu(n.norm("final-bn", x)))


def m5(n, x):
    for number, filters in enumerate((6, 6, 12, 24), 1):
        name = f"conv{number}"
        window = (80, 4, 0) if number == 1 else (3, 1, 1)
        x = n.conv(name, x, filters, *window, bias=True)
        x = F.max_pool1d(F.relu(n.norm(f"{name}-bn", x)), 4)
    return head(n, x)


def c3d(n, x):
    stages = ((("1a",), 4), (("2a",), 8), (("3a", "3b"), 16), (("4a", "4b"), 32), (("5a", "5b"), 32))
    for stage, (names, filters) in enumerate(stages):
        for name in names:
            x = conv_relu(n, f"conv{name}", x, filters, 3)
        x = F.max_pool3d(x, (1, 2, 2) if stage == 0 else 2, ceil_mode=stage == 4)
    x = F.relu(n.dense("fc6", x.flatten(1), 256))
    x = F.relu(n.dense("fc7", x, 256))
    return [(1.0, n.dense("fc8", x, CLASSES))]
