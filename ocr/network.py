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
    """Return the layer after a convolution of three by three with zeros around it, and what of it is positive.

    Rows lie behind each other in memory, so that each of the nine neighbours of all cells is one piece of it, and
    nothing is copied together. What the zeros at the ends of rows make is cut off.
    """
    (weight, bias), (height, width, channels) = weights, layer.shape
    rows, columns = -(-height // stride), -(-width // stride)
    parts = _phases(layer, stride, dilation)
    kernel = weight.reshape(_KERNEL * _KERNEL, channels, -1)
    step = parts.shape[3]
    count = rows * step
    out, one = np.zeros((count, kernel.shape[2]), np.float32), np.empty((count, kernel.shape[2]), np.float32)
    for at in range(_KERNEL * _KERNEL):
        (down, row), (across, column) = (divmod(each * dilation, stride) for each in divmod(at, _KERNEL))
        first = down * step + across
        np.matmul(parts[row, column].reshape(-1, channels)[first : first + count], kernel[at], out=one)
        out += one
    out += bias
    return positive(np.ascontiguousarray(out.reshape(rows, step, -1)[:, :columns]))


def _phases(layer: Floats, stride: int, dilation: int) -> Floats:
    """Return the layer with zeros around it, rows and columns apart by what the stride leaves of their numbers."""
    height, width, channels = layer.shape
    rows, columns = (-(-(side + 2 * dilation) // stride) for side in (height, width))
    padded = np.zeros(((rows + 1) * stride, columns * stride, channels), np.float32)
    padded[dilation : dilation + height, dilation : dilation + width] = layer
    if stride == 1:
        return padded[None, None]
    apart = padded.reshape(rows + 1, stride, columns, stride, channels)
    return np.ascontiguousarray(apart.transpose(1, 3, 0, 2, 4))
