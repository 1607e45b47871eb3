"""The few layers of small trained networks, as products of matrices: no library for networks is needed to use them."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Weights = tuple[Floats, Floats]
"""A matrix of (inputs, outputs), the inputs of a convolution row by row, and what is added to each output."""

_KERNEL: Final = 3


@cache
def weights_of(name: str) -> tuple[Weights, ...]:
    """Return the layers of a network that ships with the program, in their order."""
    with resources.files("ocr").joinpath(f"data/{name}.npz").open("rb") as file, np.load(file) as stored:
        pairs = range(len(stored.files) // 2)
        return tuple(
            (stored[f"weight_{at}"].astype(np.float32), stored[f"bias_{at}"].astype(np.float32)) for at in pairs
        )


def joined(layer: Floats, weights: Weights) -> Floats:
    """Return each cell's numbers, or a vector, through a matrix."""
    weight, bias = weights
    return np.asarray(layer @ weight + bias, np.float32)


def positive(layer: Floats) -> Floats:
    """Return what is positive, zero else."""
    return np.maximum(layer, 0, out=layer)


def patches(layer: Floats, side: int, weights: Weights) -> Floats:
    """Return a layer cut into squares, each through a matrix; both sides are whole multiples of the square's."""
    rows, columns, channels = layer.shape[0] // side, layer.shape[1] // side, layer.shape[2]
    blocks = layer.reshape(rows, side, columns, side * channels).swapaxes(1, 2)
    return positive(joined(blocks.reshape(rows, columns, -1), weights))


def convolved(layer: Floats, weights: Weights, *, stride: int = 1, dilation: int = 1) -> Floats:
    """Return the layer after a convolution of three by three with zeros around it, and what of it is positive."""
    height, width, channels = layer.shape
    padded = np.zeros((height + 2 * dilation, width + 2 * dilation, channels), np.float32)
    padded[dilation:-dilation, dilation:-dilation] = layer
    rows, columns = -(-height // stride), -(-width // stride)
    parts = np.empty((rows, columns, _KERNEL * _KERNEL, channels), np.float32)
    for at in range(_KERNEL * _KERNEL):
        down, across = (each * dilation for each in divmod(at, _KERNEL))
        last_row, last_column = down + (rows - 1) * stride + 1, across + (columns - 1) * stride + 1
        parts[:, :, at] = padded[down:last_row:stride, across:last_column:stride]
    return positive(joined(parts.reshape(rows, columns, -1), weights))
