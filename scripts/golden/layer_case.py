"""A layer as the network document names it, run forward and backward by PyTorch in float64."""

import math

import numpy as np
import torch

import formula

BATCH = 2


def run(name, kind, params, inputs, compute, weights=None, frozen=(), training=False, batch=BATCH):
    """Gives the case's description and its arrays.

    `inputs` are the shapes of one sample each, or arrays with the batch in front; `weights` are shapes or arrays by
    name. `compute(xs, ws)` is the layer in PyTorch, in training where `training` says so. Weights named in `frozen` get
    no gradient; what `compute` writes into them is kept as the value they are assigned.
    """
    # one seed name for each tensor of each case keeps a case's numbers when another case is added
    def given(value, label, bound):
        if isinstance(value, np.ndarray):
            return value.astype(np.float32).astype(np.float64)
        return formula.tensor(f"{kind}/{name}/{label}", value, bound)

    xs = [given(v if isinstance(v, np.ndarray) else (batch, *v), f"input{i}", 2.0) for i, v in enumerate(inputs)]
    ws = {}
    for label, value in (weights or {}).items():
        shape = value.shape if isinstance(value, np.ndarray) else value
        ws[label] = given(value, label, 1 / math.sqrt(max(1, math.prod(shape[1:]))))
    tx = [torch.tensor(x, requires_grad=True) for x in xs]
    tw = {label: torch.tensor(w, requires_grad=label not in frozen) for label, w in ws.items()}
    output = compute(tx, tw)
    upstream = formula.tensor(f"{kind}/{name}/upstream", tuple(output.shape))
    output.backward(torch.tensor(upstream))

    arrays = {}
    for i, x in enumerate(tx):
        arrays[f"{name}/input{i}"] = xs[i].astype(np.float32)
        arrays[f"{name}/input{i}.gradient"] = x.grad.numpy()
    for label, w in tw.items():
        arrays[f"{name}/{label}"] = ws[label].astype(np.float32)
        if w.requires_grad:
            arrays[f"{name}/{label}.gradient"] = w.grad.numpy()
        elif not np.array_equal(w.numpy(), ws[label]):
            arrays[f"{name}/{label}.assigned"] = w.numpy()
    arrays[f"{name}/upstream"] = upstream.astype(np.float32)
    arrays[f"{name}/output"] = output.detach().numpy()
    case = {"name": name, "kind": kind, "params": params, "inputs": len(tx), "weights": list(tw)}
    if training:
        case["training"] = True
    return case, arrays
