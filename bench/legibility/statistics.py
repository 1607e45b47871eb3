"""Sums over pages and bootstrap intervals: pages are drawn again with replacement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.legibility.scoring import Score

_ROUNDS: Final = 2000
_SEED: Final = 20_261_122
Counts = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Summary:
    """Micro-averages in per cent over some pages."""

    pages: int
    cer: Interval
    wer: Interval
    bare_cer: Interval
    missing: Interval


def summary(scores: Sequence[Score]) -> Summary:
    """Return the averages of some pages."""
    return Summary(
        pages=len(scores),
        cer=percent(scores, lambda score: score.wrong_letters, lambda score: score.letters),
        wer=percent(scores, lambda score: score.wrong_words, lambda score: score.words),
        bare_cer=percent(scores, lambda score: score.wrong_bare_letters, lambda score: score.letters),
        missing=percent(scores, lambda score: score.missing_words, lambda score: score.words),
    )


def percent(scores: Sequence[Score], top: Callable[[Score], int], bottom: Callable[[Score], int]) -> Interval:
    """Return a share in per cent with its interval."""
    found = ratio(np.asarray([top(each) for each in scores]), np.asarray([bottom(each) for each in scores]))
    return Interval(100 * found.value, 100 * found.low, 100 * found.high)


def ratio(top: Counts, bottom: Counts) -> Interval:
    """Return sum of `top` over sum of `bottom`, both by page, resampled together."""
    if not len(top):
        return Interval(0.0, 0.0, 0.0)
    picks = np.random.default_rng(_SEED).integers(len(top), size=(_ROUNDS, len(top)))
    shares = top[picks].sum(axis=1) / np.maximum(1, bottom[picks].sum(axis=1))
    low, high = np.quantile(shares, (0.025, 0.975))
    return Interval(float(top.sum() / max(1, bottom.sum())), float(low), float(high))
