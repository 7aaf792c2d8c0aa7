"""Changes of images as torchvision 0.14 makes them, and the colour shift of Krizhevsky et al. 2012 in NumPy."""

import numpy as np
import torch
import torchvision.transforms.functional as F
from torchvision.transforms import InterpolationMode

import formula

SHAPE = (3, 9, 11)
MEAN, STD = [0.4, 0.5, 0.6], [0.2, 0.25, 0.3]


def image():
    """Pixels of 0 to 1, with a gray one and two that are saturated."""
    values = formula.tensor("augment/image", SHAPE, 0.5) + 0.5
    values[:, 0, 0] = 0.5
    values[:, 0, 1] = [1, 0, 0]
    values[:, 0, 2] = [0, 1, 1]
    return torch.from_numpy(values)


def colour_shift(x, deviation=0.1):
    """Along the eigenvectors of the image's own colours, by these multiples of its eigenvalues' roots."""
    pixels = x.numpy().reshape(3, -1)
    values, vectors = np.linalg.eigh(np.cov(pixels, bias=True))
    drawn = np.array([0.3, -1.2, 0.8]) * deviation
    return x + torch.from_numpy(vectors @ (drawn * np.sqrt(values))).reshape(3, 1, 1), values, vectors, drawn


def cases():
    x = image()
    shifted, values, vectors, drawn = colour_shift(x)
    arrays = {"image": x, "shifted": shifted, "shift.along": torch.from_numpy(drawn)}
    arrays |= {"shift.axes": torch.from_numpy(vectors.T.copy()), "shift.deviations": torch.from_numpy(np.sqrt(values))}
    for name, adjust, amounts in (
        ("brightness", F.adjust_brightness, (0.6, 1.4)),
        ("contrast", F.adjust_contrast, (0.5, 1.5)),
        ("saturation", F.adjust_saturation, (0.3, 1.7)),
        ("hue", F.adjust_hue, (-0.35, 0.1)),
    ):
        for amount in amounts:
            arrays[f"{name}/{amount}"] = adjust(x, amount)
    for top, left, height, width in ((0, 0, 9, 11), (2, 1, 5, 7), (3, 4, 1, 2), (1, 0, 8, 5)):
        crop = F.resized_crop(x, top, left, height, width, SHAPE[1:], InterpolationMode.BILINEAR, antialias=False)
        arrays[f"part/{top},{left},{height},{width}"] = crop
    arrays["flip"] = F.hflip(x)
    padded = F.pad(x, 4)
    for top, left in ((0, 0), (3, 8), (8, 1)):
        arrays[f"crop/{top},{left}"] = F.crop(padded, top, left, *SHAPE[1:])
    arrays["reflected"] = F.crop(F.pad(x, 4, padding_mode="reflect"), 7, 1, *SHAPE[1:])
    # about the centre, anticlockwise as seen; bilinear, zeros from outside
    arrays["turned"] = F.rotate(x, 17, InterpolationMode.BILINEAR)
    arrays["normalized"] = F.normalize(x, MEAN, STD)
    return {"shape": list(SHAPE), "mean": MEAN, "std": STD}, {name: array.numpy() for name, array in arrays.items()}
