"""Train the network that sees secrecy stamps, on drawn papers of the set to develop on: `make train-secrecy`.

    python -m bench.secrecy.train EXAMPLES OUT [--papers N] [--of-dossiers N] [--seed N] [--minutes N] [--start FILE]

Needs TensorFlow (requirements/train.txt); nothing of the product does: what is learnt is a few hundred kilobytes of
numbers that `ocr.letters` multiplies with. Examples are drawn once into the folder EXAMPLES and used again from there.
"""

from __future__ import annotations

import argparse
import pickle
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from bench.secrecy.examples import Place, examples
from ocr.letters import CELL, DILATIONS, PATCH, as_ink

CHANNELS: Final = (48, 48, 40, 40, 40, 40)
_CROP: Final = (192, 288)
_BATCH: Final = 16
_RATE: Final = 2.5e-3
_RATE_GOING_ON: Final = 1e-3
_SHARD: Final = 20
_FOCUS: Final = 2.0
Floats = NDArray[np.float32]


def drawn(folder: Path, papers: int, of_dossiers: int, seed: int, jobs: int) -> None:
    """Draw the examples that are not in a folder yet, so many processes at once."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = [(first, False) for first in range(0, papers, _SHARD)]
    wanted += [(first, True) for first in range(0, of_dossiers, _SHARD)]
    with ProcessPoolExecutor(jobs) as pool:
        for _ in pool.map(partial(_keep, folder, seed), wanted):
            pass


def _keep(folder: Path, seed: int, wanted: tuple[int, bool]) -> None:
    first, of_dossiers = wanted
    shard = folder / f"{seed}-{'dossiers-' if of_dossiers else ''}{first:05d}.pkl"
    if shard.exists():
        return
    cv2.setNumThreads(1)
    drawn = examples(seed, range(first, first + _SHARD), of_dossiers=of_dossiers)
    part = shard.with_suffix(".part")
    part.write_bytes(pickle.dumps([(each.pixels, each.places) for each in drawn]))
    part.rename(shard)


def loaded(folder: Path) -> list[tuple[Any, tuple[Place, ...]]]:
    """Return the examples of a folder: pixels and places."""
    return [each for file in sorted(folder.glob("*.pkl")) for each in pickle.loads(file.read_bytes())]  # noqa: S301 - our own


def network() -> tf.keras.Model:
    """Return the network to train: patches of four by four, one halving, then ever wider looks; four numbers a cell."""
    seen = tf.keras.Input((None, None, 3))
    kernel = {"padding": "same", "use_bias": False, "kernel_initializer": "he_normal"}
    layer = tf.keras.layers.Conv2D(CHANNELS[0], PATCH, PATCH, **kernel)(seen)
    layer = tf.keras.layers.ReLU()(tf.keras.layers.BatchNormalization()(layer))
    # Padded as `ocr.letters` pads: "same" of a stride of two would put the odd row on the other side.
    layer = tf.keras.layers.Conv2D(CHANNELS[1], 3, 2, **{**kernel, "padding": "valid"})(
        tf.keras.layers.ZeroPadding2D(1)(layer)
    )
    layer = tf.keras.layers.ReLU()(tf.keras.layers.BatchNormalization()(layer))
    for channels, dilation in zip(CHANNELS[2:], DILATIONS, strict=True):
        layer = tf.keras.layers.Conv2D(channels, 3, dilation_rate=dilation, **kernel)(layer)
        layer = tf.keras.layers.ReLU()(tf.keras.layers.BatchNormalization()(layer))
    rare = tf.keras.initializers.Constant([-4.0, 0.0, 0.0, 0.0])
    return tf.keras.Model(seen, tf.keras.layers.Conv2D(4, 1, bias_initializer=rare)(layer))


def batches(found: list[tuple[Any, tuple[Place, ...]]], rng: np.random.Generator) -> Iterator[tuple[Floats, Floats]]:
    """Yield pieces of examples as the network sees them; and of each cell whether it is a stamp, counts, which mark."""
    while True:
        pairs = [_piece(*found[int(rng.integers(len(found)))], rng) for _ in range(_BATCH)]
        yield np.stack([pixels for pixels, _ in pairs]), np.stack([cells for _, cells in pairs])


def _piece(pixels: Any, places: tuple[Place, ...], rng: np.random.Generator) -> tuple[Floats, Floats]:  # noqa: ANN401 - an array
    if rng.random() < 0.35:  # noqa: PLR2004 - of the training
        scale = float(rng.uniform(0.85, 1.2))
        pixels = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
        places = tuple((x * scale, y * scale, capital * scale, kind) for x, y, capital, kind in places)
    height, width = _CROP
    if places and rng.random() < 0.7:  # noqa: PLR2004 - of the training
        x, y, _, _ = places[int(rng.integers(len(places)))]
        left, top = x - rng.uniform(0.1, 0.9) * width, y - rng.uniform(0.1, 0.9) * height
    else:
        left, top = rng.uniform(0, pixels.shape[1] - width), rng.uniform(0, pixels.shape[0] - height)
    left = int(np.clip(left, 0, max(0, pixels.shape[1] - width)))
    top = int(np.clip(top, 0, max(0, pixels.shape[0] - height)))
    ink = as_ink(pixels[top : top + height, left : left + width])
    if rng.random() < 0.15:  # noqa: PLR2004 - of the training
        ink = np.repeat(ink.mean(axis=2, keepdims=True), 3, axis=2)
    crop = np.zeros((height, width, 3), np.float32)
    crop[: ink.shape[0], : ink.shape[1]] = np.clip(ink * float(rng.uniform(0.75, 1.25)), 0, 1)
    moved = [(x - left, y - top, capital, kind) for x, y, capital, kind in places]
    return crop, _cells(moved, pixels.shape[1] - left)


def _cells(places: list[Place], edge: float) -> Floats:
    rows, columns = _CROP[0] // CELL, _CROP[1] // CELL
    down, across = np.mgrid[0:rows, 0:columns].astype(np.float32) * CELL + (CELL - 1) / 2
    cells = np.zeros((rows, columns, 3), np.float32)
    cells[:, :, 1] = 1
    for x, y, capital, kind in places:
        dx, dy = np.abs(across - x), np.abs(down - y)
        around = (dx < 2.2 * capital) & (dy < 1.3 * capital)
        cells[around] = (0, 0, 0)
        if 1.3 * capital < x and x + 1.4 * capital < edge:  # else it is cut off by an edge
            cells[(dx <= max(5.0, 0.75 * capital)) & (dy <= max(4.5, 0.45 * capital))] = (1, 1, kind)
    return cells


def loss_of(said: Any, cells: Any) -> Any:  # noqa: ANN401 - tensors
    """Return how wrong the network is: what is easy counts little, all cells without a stamp as much as those with."""
    stamp, counts, kind = cells[..., 0], cells[..., 1], tf.cast(cells[..., 2], tf.int32)
    chance = tf.sigmoid(said[..., 0])
    surprise = tf.nn.sigmoid_cross_entropy_with_logits(stamp, said[..., 0])
    miss = stamp * (1 - chance) + (1 - stamp) * chance
    found = tf.reduce_sum(stamp) + 1
    seen = tf.reduce_sum(counts * miss**_FOCUS * surprise) / found
    named = tf.nn.sparse_softmax_cross_entropy_with_logits(kind, said[..., 1:])
    return seen + 0.1 * tf.reduce_sum(stamp * named) / found


def trained(
    found: list[tuple[Any, tuple[Place, ...]]], minutes: float, seed: int, start: Path | None
) -> tf.keras.Model:
    """Return the network after so many minutes of training."""
    tf.keras.utils.set_random_seed(seed)
    rate = _RATE if start is None else _RATE_GOING_ON
    model, maker = network(), tf.keras.optimizers.Adam(rate)
    if start is not None:
        model.load_weights(start)

    @tf.function(jit_compile=False)
    def step(pixels: Any, cells: Any) -> Any:  # noqa: ANN401 - tensors
        with tf.GradientTape() as tape:
            loss = loss_of(model(pixels, training=True), cells)
        maker.apply_gradients(
            zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables, strict=True)
        )
        return loss

    began, mean = time.monotonic(), 0.0
    for number, (pixels, cells) in enumerate(batches(found, np.random.default_rng(seed))):
        share = (time.monotonic() - began) / (60 * minutes)
        if share >= 1:
            return model
        maker.learning_rate.assign(rate * min(1.0, (number + 1) / 100) * (0.5 + 0.5 * np.cos(np.pi * share)) + 1e-5)
        mean += (float(step(pixels, cells)) - mean) * (0.02 if number else 1.0)
        if number % 100 == 0:
            sys.stderr.write(f"{share:.0%} batch {number} loss {mean:.4f}\n")
    return model


def exported(model: tf.keras.Model, out: Path) -> None:
    """Write a network's numbers, norms folded into the weights before them, in half precision."""
    kinds = (tf.keras.layers.Conv2D, tf.keras.layers.Dense)
    layers = [layer for layer in model.layers if isinstance(layer, kinds)]
    norms = [layer for layer in model.layers if isinstance(layer, tf.keras.layers.BatchNormalization)]
    arrays: dict[str, NDArray[np.float16]] = {}
    for number, layer in enumerate(layers):
        kernel = layer.kernel.numpy()
        if number < len(norms):
            norm = norms[number]
            scale = norm.gamma.numpy() / np.sqrt(norm.moving_variance.numpy() + norm.epsilon)
            kernel, bias = kernel * scale, norm.beta.numpy() - norm.moving_mean.numpy() * scale
        else:
            bias = layer.bias.numpy()
        arrays[f"weight_{number}"] = kernel.reshape(-1, kernel.shape[-1]).astype(np.float16)
        arrays[f"bias_{number}"] = bias.astype(np.float16)
    np.savez_compressed(out, **arrays)  # type: ignore[arg-type]


def main() -> None:
    """Draw, train, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.secrecy.train")
    parser.add_argument("examples", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--papers", type=int, default=1800)
    parser.add_argument("--of-dossiers", type=int, default=600)
    parser.add_argument("--seed", type=int, default=10)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--start", type=Path, help="weights of an earlier training to go on from")
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    drawn(chosen.examples, chosen.papers, chosen.of_dossiers, chosen.seed, chosen.jobs)
    model = trained(loaded(chosen.examples), chosen.minutes, chosen.seed, chosen.start)
    model.save_weights(chosen.out.with_suffix(".weights.h5"))
    exported(model, chosen.out)


if __name__ == "__main__":
    main()
