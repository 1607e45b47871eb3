"""Judge a reading: words against ink, confidence, language and resolution together; each alone can lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dossier.page import Verdict, Word
from ocr.language import syllable_share
from ocr.rules import Resolution, VerdictRules

_LONG: Final = 3
_MOSTLY: Final = 0.5
_HANDFUL: Final = 5
_HARDLY: Final = 0.15


@dataclass(frozen=True, slots=True)
class Measures:
    """Numbers behind a verdict.

    Attributes:
        words: Number of words.
        confidence: Mean confidence 0 to 100, weighted by length.
        coverage: Share of letter-sized ink that lies inside words, 0 to 1.
        syllables: Share of letters in well-formed Vietnamese syllables, 0 to 1.
        letters: Letters that `syllables` rests on.
        level: Share of the longer words that are wider than tall: the engine reads some pages that lie on their side.
        marks: Marks on the page at 75 dpi.
        dpi: Dots per inch of the scan, the lesser way.
    """

    words: int
    confidence: float
    coverage: float
    syllables: float
    letters: int
    level: float
    marks: int
    dpi: float

    def named(self) -> tuple[tuple[str, float], ...]:
        """Return the numbers under their stable names, rounded for storage."""
        return tuple((name, round(float(getattr(self, name)), 3)) for name in self.__slots__)


def measured(words: tuple[Word, ...], coverage: float, marks: int, dpi: float) -> Measures:
    """Return the measures of a reading."""
    weight = sum(len(word.text) for word in words)
    confidence = sum(word.confidence * len(word.text) for word in words) / weight if weight else 0.0
    share, letters = syllable_share(word.text for word in words)
    return Measures(len(words), confidence, coverage, share, letters, _level_share(words), marks, dpi)


def is_poor(found: Measures, rules: VerdictRules) -> bool:
    """Return whether a first look is so poor that the page may lie on its side or head."""
    strange = found.letters < rules.letters_needed or found.syllables < rules.look_syllables
    return strange or found.confidence < rules.look_confidence or found.level < _MOSTLY


def is_made_up(found: Measures, rules: VerdictRules) -> bool:
    """Return whether the words are strokes of a picture: few, unsure, and hardly any of its ink."""
    few = found.words < _HANDFUL and found.coverage < rules.rescan_coverage
    return found.confidence < rules.look_confidence and (few or found.coverage < _HARDLY)


def better(first: Measures, second: Measures) -> bool:
    """Return whether the first of two readings of one page is the better one."""
    return _worth(first) > _worth(second)


def judge(found: Measures, rules: VerdictRules, resolution: Resolution) -> tuple[Verdict, tuple[str, ...]]:
    """Return the verdict on a page that is not blank, and the stable names of its reasons.

    Low confidence by itself never asks for a new scan: it must come with text that is not Vietnamese. Letter-sized
    ink that was not read does.
    """
    reasons = [*_ink_reasons(found, rules), *_text_reasons(found, rules)]
    if found.dpi < resolution.least_dpi - resolution.tolerance_dpi:
        reasons.append("low_resolution")
    if not reasons:
        return Verdict.GOOD, ()
    # A handful of words in much ink are strokes of a picture: a person looks, nobody scans it again.
    unread = found.coverage < rules.rescan_coverage and found.words >= _HANDFUL
    junk = _is_strange(found, rules.rescan_syllables) and found.confidence < rules.look_confidence
    hopeless = junk or found.confidence < rules.rescan_confidence
    return (Verdict.RESCAN if unread or (hopeless and found.words > 0) else Verdict.LOOK), tuple(reasons)


def _ink_reasons(found: Measures, rules: VerdictRules) -> list[str]:
    if found.words == 0:
        return ["no_words"]
    return ["few_words_for_ink"] if found.coverage < rules.look_coverage else []


def _text_reasons(found: Measures, rules: VerdictRules) -> list[str]:
    reasons = []
    if found.words and found.confidence < rules.look_confidence:
        reasons.append("low_confidence")
    if _is_strange(found, rules.look_syllables):
        reasons.append("not_vietnamese")
    return reasons


def _is_strange(found: Measures, least: float) -> bool:
    return found.letters > 0 and found.syllables < least and found.words > 0


def _worth(found: Measures) -> float:
    return found.letters * found.syllables * found.confidence * found.level


def _level_share(words: tuple[Word, ...]) -> float:
    longer = [word.box.width > word.box.height for word in words if len(word.text) >= _LONG]
    return sum(longer) / len(longer) if longer else 1.0
