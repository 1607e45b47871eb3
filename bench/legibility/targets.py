"""What issue 4 asks for, checked on the results of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bench.legibility.conditions.table import CONDITIONS
from bench.legibility.empty import BLANKS
from bench.legibility.run import Result
from bench.legibility.statistics import Interval, ratio

_OURS: Final = "hososo"
_NEW: Final = tuple(condition.name for condition in CONDITIONS if condition.new)
_OLD: Final = tuple(condition.name for condition in CONDITIONS if not condition.new and condition.name != "faded")
_LIMITS: Final = ((("clean", "typical"), 0.4), (_OLD, 0.8), (("faded",), 2.0))
_BUT_TURNED: Final = tuple(condition.name for condition in CONDITIONS if condition.name != "turned")
_PLAIN_LEAST: Final = 8.0


@dataclass(frozen=True, slots=True)
class Target:
    """One demand: what is asked, what was found, whether that is enough."""

    asked: str
    found: str
    met: bool


def targets(found: Sequence[Result]) -> list[Target]:
    """Return the demands that the readers and conditions of a run allow to check."""
    readers = {result.reader for result in found}
    out: list[Target] = []
    if _OURS in readers:
        out += [_limit(found, names, most) for names, most in _LIMITS if _cer(found, _OURS, names) is not None]
        out += _invented(found)
    if {_OURS, "recipe"} <= readers:
        share = paired(found, "recipe")
        out.append(Target("at most half of the recipe's errors", _interval(share), share.value <= 0.5))  # noqa: PLR2004
    if {_OURS, "plain"} <= readers:
        out += _against_plain(found)
    if "plain" in readers and (plain := _cer(found, "plain", _BUT_TURNED)):
        met = plain >= _PLAIN_LEAST
        out.append(Target("plain Tesseract errs at least 8 % (turned pages left out)", f"{plain:.2f} %", met))
    return out


def paired(found: Sequence[Result], other: str) -> Interval:
    """Return our wrong letters over those of another reader on the same pages, with its interval."""
    ours = [result.score.wrong_letters for result in found if result.reader == _OURS and result.score.letters]
    theirs = [result.score.wrong_letters for result in found if result.reader == other and result.score.letters]
    return ratio(np.asarray(ours, np.float64), np.asarray(theirs, np.float64))


def _against_plain(found: Sequence[Result]) -> list[Target]:
    out = []
    for name in _NEW:
        ours, plain = _cer(found, _OURS, (name,)), _cer(found, "plain", (name,))
        if ours is not None and plain is not None:
            shown = f"{ours:.2f} of {plain:.2f} %"
            out.append(Target(f"{name}: at most a third of plain Tesseract's errors", shown, ours <= plain / 3))
    names = [condition.name for condition in CONDITIONS]
    pairs = [(name, _cer(found, _OURS, (name,)), _cer(found, "plain", (name,))) for name in names]
    worse = [f"{name} {ours:.2f} > {plain:.2f}" for name, ours, plain in pairs if ours and plain and ours > plain]
    out.append(Target("no condition worse than plain Tesseract", ", ".join(worse) or "none", not worse))
    return out


def _invented(found: Sequence[Result]) -> list[Target]:
    pages = [result for result in found if result.reader == _OURS and result.condition in BLANKS]
    if not pages:
        return []
    words = sum(result.score.read_words for result in pages)
    return [Target("no word invented on blank pages", f"{words} on {len(pages)} pages", words == 0)]


def _limit(found: Sequence[Result], names: tuple[str, ...], most: float) -> Target:
    cer = _cer(found, _OURS, names) or 0.0
    label = " and ".join(names) if len(names) < 3 else "all conditions of ocr.md but faded"  # noqa: PLR2004
    return Target(f"CER at most {most} %: {label}", f"{cer:.2f} %", cer <= most)


def _cer(found: Sequence[Result], reader: str, names: tuple[str, ...]) -> float | None:
    pages = [result.score for result in found if result.reader == reader and result.condition in names]
    letters = sum(score.letters for score in pages)
    return 100.0 * sum(score.wrong_letters for score in pages) / letters if letters else None


def _interval(found: Interval) -> str:
    return f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}]"
