"""The document's window parameters in PyTorch's terms: explicit padding around a tensor."""

import torch.nn.functional as F


def pads_of(params, size):
    """[top, bottom, left, right] of a layer over `size` (height, width); `same` as TensorFlow splits it."""
    if params.get("padding", "valid") == "valid":
        return [0, 0, 0, 0]
    if params["padding"] == "explicit":
        return params["pads"]
    pads = []
    for axis in (0, 1):
        kernel, stride = params["kernel"][axis], params["stride"][axis]
        reach = params.get("dilation", [1, 1])[axis] * (kernel - 1) + 1
        total = max((-(-size[axis] // stride) - 1) * stride + reach - size[axis], 0)
        pads += [total // 2, total - total // 2]
    return pads


def pad(x, pads, value=0.0):
    """`x` with [top, bottom, left, right] places of `value` around its maps."""
    top, bottom, left, right = pads
    return F.pad(x, (left, right, top, bottom), value=value)
