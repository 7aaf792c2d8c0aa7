"""Losses over a network's outputs, and the check of the one that PyTorch has no function for."""

from decimal import Decimal, localcontext

import numpy as np
import torch
import torch.nn.functional as F

import formula

# the equation's constant j, as core/engine/losses/distances.ts has it; the paper gives no value
REJECTION = 10


def digit_map(distances, labels):
    """Equation 9 of LeCun et al. 1998: mean of y_D + log(exp(-j) + sum_i exp(-y_i)), y the squared distances."""
    own = distances.gather(1, labels[:, None])[:, 0]
    rubbish = torch.full_like(own, -REJECTION)[:, None]
    return (own + torch.logsumexp(torch.cat([-distances, rubbish], 1), 1)).mean()


def check_digit_map():
    """Compares `digit_map` with the equation as it is printed, in 60 decimal digits, and its gradient likewise."""
    labels = torch.arange(6) % 4
    for reach in (0.0, 1.0, 20.0, 200.0, 2000.0):
        y = torch.tensor(np.abs(formula.tensor(f"digit-map/{reach}", (6, 4), reach)), requires_grad=True)
        loss = digit_map(y, labels)
        loss.backward()
        with localcontext() as context:
            context.prec = 60
            total = Decimal(0)
            for p, distances in enumerate([[Decimal(v) for v in row] for row in y.tolist()]):
                penalty = [(-v).exp() for v in distances] + [Decimal(-REJECTION).exp()]
                total += distances[labels[p]] + sum(penalty).ln()
                for i in range(4):
                    slope = (int(labels[p] == i) - penalty[i] / sum(penalty)) / 6
                    assert abs(Decimal(y.grad[p, i].item()) - slope) < Decimal("1e-15"), (reach, p, i)
            assert abs(Decimal(loss.item()) - total / 6) <= Decimal("1e-13") * max(1, total), reach
    print(f"digit_map: equation 9 with j = {REJECTION}, value and gradient agree")


def mean_squared_error(outputs, labels):
    return F.mse_loss(outputs, F.one_hot(labels, outputs.shape[1]).to(outputs.dtype))


CLASS_WEIGHTS = [0.5, 2.0, 1.0, 4.0, 0.25]


def cross_entropy_of(config):
    weights = config.get("classWeights")

    def function(outputs, labels):
        weight = None if weights is None else torch.tensor(weights, dtype=outputs.dtype)
        return F.cross_entropy(outputs, labels, weight=weight, label_smoothing=config.get("labelSmoothing", 0.0))

    return function


# name: what the network puts out, the engine's `LossConfig`, the function of those outputs
LOSSES = {
    "cross-entropy": ("logits", {}, F.cross_entropy),
    "digit-map": ("distances", {}, digit_map),
    "mean-squared-error": ("logits", {"type": "mean-squared-error"}, mean_squared_error),
    "mean-squared-error-probabilities": (
        "probabilities",
        {"type": "mean-squared-error"},
        lambda logits, labels: mean_squared_error(logits.softmax(1), labels),
    ),
}
for name, config in {
    "label-smoothing": {"labelSmoothing": 0.1},
    "class-weights": {"classWeights": CLASS_WEIGHTS},
    "label-smoothing-class-weights": {"labelSmoothing": 0.3, "classWeights": CLASS_WEIGHTS},
}.items():
    LOSSES[name] = ("logits", config, cross_entropy_of(config))


def cases():
    """Description and arrays of each loss, over outputs near one another, far apart and very far apart.

    Outputs are logits, but for distances.
    """
    descriptions, arrays = [], {}
    for kind, (head, config, function) in LOSSES.items():
        # farther apart, the gradient through softmax is below what float32 can hold
        for reach in (2.0, 30.0) if head == "probabilities" else (2.0, 30.0, 200.0, 1000.0):
            name = f"{kind}-{reach:g}"
            outputs = formula.tensor(name, (6, 5), reach)
            if head == "distances":
                outputs = np.abs(outputs)
            labels = np.array([0, 1, 2, 3, 4, 2], dtype=np.int32)
            y = torch.tensor(outputs, requires_grad=True)
            loss = function(y, torch.tensor(labels.astype(np.int64)))
            loss.backward()
            descriptions.append({"name": name, "head": head, "config": config})
            arrays[f"{name}/outputs"] = outputs.astype(np.float32)
            arrays[f"{name}/labels"] = labels
            arrays[f"{name}/loss"] = np.array([loss.item()])
            arrays[f"{name}/gradient"] = y.grad.numpy()
    return descriptions, arrays
