"""Numbers that Python and TypeScript (test/golden/formula.ts) make alike, bit by bit, so that files need not hold them."""

import math

import numpy as np


def scramble(values):
    """A fixed hash of 32-bit whole numbers: the finalizer of MurmurHash3."""
    h = np.asarray(values, dtype=np.uint32)
    h = (h ^ (h >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    h = (h ^ (h >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return h ^ (h >> np.uint32(16))


def seed_of(name):
    """A 32-bit number for an ASCII name (FNV-1a)."""
    h = 0x811C9DC5
    for byte in name.encode("ascii"):
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    return h


def uniform(name, count):
    """`count` numbers in [-1, 1), a multiple of 2^-23 each, so exact in float32; decided by the name alone."""
    index = np.arange(count, dtype=np.uint32) + np.uint32(seed_of(name))
    return (scramble(index) >> np.uint32(8)).astype(np.float64) * 2.0**-23 - 1.0


def tensor(name, shape, bound=1.0):
    """An array of `shape` within +-bound, rounded to float32 and given as float64."""
    values = uniform(name, math.prod(shape)) * bound
    return values.astype(np.float32).astype(np.float64).reshape(shape)
