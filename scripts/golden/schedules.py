"""Learning-rate schedules of PyTorch, step by step over a run."""

import numpy as np
import torch

STEPS_PER_EPOCH, EPOCHS = 7, 10
TOTAL = STEPS_PER_EPOCH * EPOCHS

# validation losses, one an epoch
LOSSES = [1.0, 0.8, 0.85, 0.79995, 0.81, 0.5, 0.5, 0.51, 0.49999, 0.6]

schedulers = torch.optim.lr_scheduler

# as `--schedule` spells it: the scheduler, and whether it goes on by epochs
SCHEDULES = {
    "cosine": (lambda o: schedulers.CosineAnnealingLR(o, T_max=TOTAL), False),
    "onecycle": (lambda o: schedulers.OneCycleLR(o, max_lr=1.0, total_steps=TOTAL, cycle_momentum=False), False),
    "step:3,0.5": (lambda o: schedulers.StepLR(o, 3, gamma=0.5), True),
    "step:11s,0.5": (lambda o: schedulers.StepLR(o, 11, gamma=0.5), False),
    "multistep:20,55": (lambda o: schedulers.MultiStepLR(o, [20, 55], gamma=0.1), False),
    "multistep:5e,8e,x0.2": (lambda o: schedulers.MultiStepLR(o, [5, 8], gamma=0.2), True),
    "exponential:0.9": (lambda o: schedulers.ExponentialLR(o, gamma=0.9), True),
    "warmup:8,constant": (lambda o: schedulers.LinearLR(o, start_factor=1 / 8, total_iters=7), False),
    "warmup:8@0.1,constant": (lambda o: schedulers.ConstantLR(o, factor=0.1, total_iters=8), False),
    "plateau:1,0.5": (lambda o: schedulers.ReduceLROnPlateau(o, factor=0.5, patience=1), True),
}


def rates(make, by_epochs):
    """The rate of every step of the run, for a base rate of 1."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = make(optimizer)
    found = []
    for epoch in range(EPOCHS):
        for _ in range(STEPS_PER_EPOCH):
            found.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            if not by_epochs:
                scheduler.step()
        if by_epochs:
            scheduler.step(*([LOSSES[epoch]] if isinstance(scheduler, schedulers.ReduceLROnPlateau) else []))
    return np.array(found)


def cases():
    arrays = {spelling: rates(*how) for spelling, how in SCHEDULES.items()}
    return {"stepsPerEpoch": STEPS_PER_EPOCH, "epochs": EPOCHS, "losses": LOSSES}, arrays
