"""A linear model over the phrases of a document: which kinds its words speak for, and which words those are.

Trained by `make train-kinds` from generated papers of the `train` and `dev` sets, their words typed with and without
slips; kept in `data/kinds.npz`. It stands beside the rules: a heading decides, words confirm or doubt it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classify.layout import PageLayout
from classify.phrases import phrases

Floats = NDArray[np.float32]
_TOLD = 3


@dataclass(frozen=True, slots=True)
class TextModel:
    """Weights of a model.

    Attributes:
        version: Digest of its phrases and weights.
        kinds: Codes of the kinds it knows.
        places: Row of each phrase it knows.
        weights: Phrases by kinds.
        rarity: What a phrase counts, by how few papers have it.
        bias: One for each kind.
    """

    version: str
    kinds: tuple[str, ...]
    places: Mapping[str, int]
    weights: Floats
    rarity: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the words of a document speak for: shares of the kinds (0 to 1, best first), and the phrases that tell."""

    shares: Mapping[str, float]
    telling: Mapping[str, tuple[str, ...]]


@cache
def load_text_model(folder: Path) -> TextModel:
    """Return the model of a folder (`Rules.folder`), read once per process."""
    with (folder / "data" / "kinds.npz").open("rb") as stream:
        data = np.load(stream, allow_pickle=False)
        known = [str(phrase) for phrase in data["phrases"]]
        return TextModel(
            version=str(data["version"]),
            kinds=tuple(str(kind) for kind in data["kinds"]),
            places={phrase: place for place, phrase in enumerate(known)},
            weights=np.asarray(data["weights"], np.float32),
            rarity=np.asarray(data["rarity"], np.float32),
            bias=np.asarray(data["bias"], np.float32),
        )


def spoken_for(layouts: Sequence[PageLayout], model: TextModel, *, sharpness: float, least: float) -> Spoken:
    """Return what the words of a document speak for; empty where it uses fewer phrases than `least` that are known.

    Args:
        layouts: The document's pages.
        model: From `load_text_model`.
        sharpness: What its scores are multiplied by before they become shares.
        least: How many phrases it must know.
    """
    seen = {model.places[phrase]: text for phrase, text in phrases(layouts).items() if phrase in model.places}
    if len(seen) < max(1.0, least):
        return Spoken({}, {})
    rows = np.asarray(sorted(seen))
    values = model.rarity[rows]
    values = values / np.linalg.norm(values)
    given = values[:, None] * model.weights[rows]
    shares = _shares(sharpness * (given.sum(axis=0) + model.bias))
    order = np.argsort(-shares, kind="stable")
    return Spoken(
        {model.kinds[kind]: float(shares[kind]) for kind in order},
        {model.kinds[kind]: _telling(given[:, kind], rows, seen) for kind in order[:_TOLD]},
    )


def _shares(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum(), np.float32)


def _telling(given: Floats, rows: NDArray[np.int64], seen: Mapping[int, str]) -> tuple[str, ...]:
    """Return the printed texts of the phrases that count most, none within another."""
    told: list[str] = []
    for place in np.argsort(-given, kind="stable"):
        text = seen[int(rows[place])]
        if len(told) == _TOLD or given[place] <= 0:
            break
        if not any(text in other or other in text for other in told):
            told.append(text)
    return tuple(told)
