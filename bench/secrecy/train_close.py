"""Train the second network, which looks closely at what the first one names; part of `make train-secrecy`.

    python -m bench.secrecy.train_close EXAMPLES OUT [--seed N] [--minutes N] [--most N]

It learns from what the first network made of each place, as it will be used: on stamps where that one saw them, and on
all else that it took for one.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from bench.secrecy.examples import Place
from bench.secrecy.train import exported, loaded
from ocr.letters import CELL, CENTRE, REACH, as_ink, places_on, sight_of

CHANNELS: Final = 64
_WIDE: Final = 48
_BATCH: Final = 64
_RATE: Final = 2e-3
_NAMED: Final = 0.12
_NO_STAMP: Final = -1
_ASIDE: Final = ((0, 1), (0, -1), (1, 0), (-1, 0))

Found = tuple[list[NDArray[np.float16]], NDArray[np.int64]]
"""What is known around each place, and which mark it is: -1 for none."""


def gathered(found: list[tuple[Any, tuple[Place, ...]]], rng: np.random.Generator) -> Found:
    """Return the places that the first network names on examples, those on stamps a cell aside as well."""
    around: list[NDArray[np.float16]] = []
    kinds = []
    for pixels, places in found:
        sight = sight_of(as_ink(pixels))
        for row, column in places_on(sight, _NAMED):
            kind = _kind_at(row, column, places, pixels.shape[1])
            if kind is None:
                continue
            aside = _ASIDE[int(rng.integers(len(_ASIDE)))]
            for down, across in ((0, 0), aside) if kind != _NO_STAMP else ((0, 0),):
                around.append(sight.close(row + down, column + across).astype(np.float16))
                kinds.append(kind)
    return around, np.asarray(kinds)


def _kind_at(row: int, column: int, places: tuple[Place, ...], width: int) -> int | None:
    """Return which mark stands in a cell, -1 for none, None where one is near or cut off."""
    x, y = column * CELL + (CELL - 1) / 2, row * CELL + (CELL - 1) / 2
    for at, down, capital, kind in places:
        if abs(at - x) < 1.1 * capital and abs(down - y) < 0.7 * capital:
            return kind if 1.3 * capital < at and at + 1.4 * capital < width else None
        if abs(at - x) < 2.4 * capital and abs(down - y) < 1.5 * capital:
            return None
    return _NO_STAMP


def network(inputs: int) -> tf.keras.Model:
    """Return the network to train."""
    seen = tf.keras.Input((2 * REACH[0] + 1, 2 * REACH[1] + 1, inputs))
    layer = tf.keras.layers.Conv2D(CHANNELS, 1, use_bias=False)(tf.keras.layers.SpatialDropout2D(0.1)(seen))
    layer = tf.keras.layers.ReLU()(tf.keras.layers.BatchNormalization()(layer))
    layer = tf.keras.layers.Conv2D(CHANNELS, 3, padding="same", use_bias=False)(layer)
    layer = tf.keras.layers.ReLU()(tf.keras.layers.BatchNormalization()(layer))
    centre = layer[:, CENTRE[0], CENTRE[1]]
    average, most = tf.keras.layers.GlobalAveragePooling2D, tf.keras.layers.GlobalMaxPooling2D
    means = tf.keras.layers.Concatenate()([average()(layer), average()(centre), most()(centre)])
    wide = tf.keras.layers.Dense(_WIDE, activation="relu")(tf.keras.layers.Dropout(0.2)(means))
    return tf.keras.Model(seen, tf.keras.layers.Dense(4)(tf.keras.layers.Dropout(0.2)(wide)))


def batches(found: Found, rng: np.random.Generator) -> Iterator[tuple[Any, Any]]:
    """Yield places, half of them stamps, and what they are: a stamp or not, which mark."""
    around, kinds = found
    sides = (np.flatnonzero(kinds == _NO_STAMP), np.flatnonzero(kinds != _NO_STAMP))
    while True:
        chosen = np.concatenate([rng.choice(side, _BATCH // 2) for side in sides])
        said = kinds[chosen]
        told = np.stack([said != _NO_STAMP, np.maximum(said, 0)], 1).astype(np.float32)
        seen = np.stack([around[at] for at in chosen])
        yield seen.astype(np.float32) * rng.uniform(0.85, 1.15, (_BATCH, 1, 1, 1)).astype(np.float32), told


def trained(found: Found, minutes: float, seed: int) -> tf.keras.Model:
    """Return the network after so many minutes of training."""
    tf.keras.utils.set_random_seed(seed)
    model, maker = network(found[0][0].shape[2]), tf.keras.optimizers.Adam(_RATE)

    @tf.function(jit_compile=False)
    def step(around: Any, kinds: Any) -> Any:  # noqa: ANN401 - tensors
        with tf.GradientTape() as tape:
            said = model(around, training=True)
            stamp = kinds[:, 0]
            seen = tf.nn.sigmoid_cross_entropy_with_logits(stamp, said[:, 0])
            named = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.cast(kinds[:, 1], tf.int32), said[:, 1:])
            loss = tf.reduce_mean(seen) + 0.1 * tf.reduce_mean(stamp * named)
        slopes = tape.gradient(loss, model.trainable_variables)
        maker.apply_gradients(zip(slopes, model.trainable_variables, strict=True))
        return loss

    began, mean = time.monotonic(), 0.0
    for number, (around, kinds) in enumerate(batches(found, np.random.default_rng(seed))):
        share = (time.monotonic() - began) / (60 * minutes)
        if share >= 1:
            return model
        maker.learning_rate.assign(_RATE * min(1.0, (number + 1) / 50) * (0.5 + 0.5 * np.cos(np.pi * share)) + 1e-5)
        mean += (float(step(around, kinds)) - mean) * (0.02 if number else 1.0)
        if number % 100 == 0:
            sys.stderr.write(f"{share:.0%} batch {number} loss {mean:.4f}\n")
    return model


def main() -> None:
    """Train, write."""
    parser = argparse.ArgumentParser(prog="python -m bench.secrecy.train_close")
    parser.add_argument("examples", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--most", type=int, default=12_000, help="examples to learn from; more need more than 11 GB")
    chosen = parser.parse_args()
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    rng, every = np.random.default_rng(chosen.seed), loaded(chosen.examples)
    found = gathered([every[at] for at in rng.permutation(len(every))[: chosen.most]], rng)
    sys.stderr.write(f"{int(np.sum(found[1] != _NO_STAMP))} on stamps, {int(np.sum(found[1] == _NO_STAMP))} others\n")
    model = trained(found, chosen.minutes, chosen.seed)
    exported(model, chosen.out)


if __name__ == "__main__":
    main()
