"""The document's window parameters in PyTorch's terms: explicit padding around a tensor, over 1, 2 or 3 axes."""

import torch.nn.functional as F


def pads_of(params, size):
    """[before, after] an axis of a layer over `size`, in one list; `same` as TensorFlow splits it."""
    if params.get("padding", "valid") == "valid":
        return [0, 0] * len(size)
    if params["padding"] == "explicit":
        return params["pads"]
    dilation = params.get("dilation", [1] * len(size))
    pads = []
    for axis, length in enumerate(size):
        kernel, stride = params["kernel"][axis], params["stride"][axis]
        reach = dilation[axis] * (kernel - 1) + 1
        total = max((-(-length // stride) - 1) * stride + reach - length, 0)
        pads += [total // 2, total - total // 2]
    return pads


def pad(x, pads, value=0.0, mode="constant"):
    """`x` with [before, after] places of `value` an axis around its maps, or of what `mode` says."""
    # PyTorch begins with the last axis
    last_first = [n for axis in reversed(range(len(pads) // 2)) for n in pads[2 * axis : 2 * axis + 2]]
    return F.pad(x, last_first, mode, value) if mode == "constant" else F.pad(x, last_first, mode)
