"""Read one page in this process: the whole way from bytes to words on the scan and a verdict."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

import numpy as np

from dossier.page import PageReading, PageText, PageTransform, Verdict, Word
from dossier.scan import PageScan
from ocr import doubts, secrecy
from ocr.arrays import Gray
from ocr.cleaning import cleaned
from ocr.engines.port import OcrEngine
from ocr.frame import Scale, believed_dpi, moved_back, turned
from ocr.gaps import with_gaps_read
from ocr.ink import coverage
from ocr.layout import read_parts
from ocr.numbers import with_numbers_checked
from ocr.order import in_reading_order
from ocr.parting import with_numbers_parted
from ocr.pen import with_pen_read
from ocr.phrases import with_phrases_mended
from ocr.pictures import without_invented
from ocr.preparation.perspective import moved_along
from ocr.preparation.recipe import Prepared, prepare
from ocr.preparation.scale import resized
from ocr.preparation.skew import level, turning
from ocr.red_print import HEADING_INCHES, red_print
from ocr.rules import Rules, rules_on
from ocr.second_look import looked_again
from ocr.sheet import Sheet, sheet_of
from ocr.superscripts import with_raised_digits
from ocr.upright import with_columns_read
from ocr.verdict import Measures, better, is_made_up, is_poor, judge, measured

Effort = Literal["full", "low"]

_UPSIDE_DOWN: Final = 180
_NOTHING_SEEN: Final = secrecy.Sights()
_TURN_DPI: Final = 150.0  # measured on 24 sample pages: always right; at 100 dpi wrong on 3, and no faster


@dataclass(frozen=True, slots=True)
class _Look:
    """One reading of the sheet in one orientation, words in engine pixels; and what looked like a stamp before it."""

    turn: int
    prepared: Prepared
    words: tuple[Word, ...]
    measures: Measures
    sights: secrecy.Sights = _NOTHING_SEEN


def read_page(
    engine: OcrEngine,
    data: bytes,
    scan: PageScan,
    effort: Effort = "full",
    without: frozenset[str] = frozenset(),
    *,
    cleared: bool = False,
) -> PageReading:
    """Return the words of a page, where they stand on the scan, and the verdict.

    Args:
        engine: A started engine.
        data: The bytes that `scan` describes.
        scan: Geometry and coding of the page; its `turn` is tried first.
        effort: "low" reads at 150 dpi behind a 5x5 median, tries no other orientation, leaves gaps: the second attempt
            on a page whose first one ran out of time.
        without: Names of steps that are left out, of `ocr.settings.Step`.
        cleared: A person has said of this very page that its paper is no state secret: that is not looked for.

    Raises:
        Rejected: IMAGE_BOMB, PAGE_ZERO_SIZE, IMAGE_DAMAGED; see `decode`.
    """
    rules = rules_on(date.today())  # noqa: DTZ011 - a legal day is a local day
    cheap = effort == "low"
    sheet = sheet_of(data, scan, rules.limits, cheap=cheap, without=without)
    if sheet.marks < rules.verdict.blank_marks:
        return _blank(engine, scan, sheet)
    turn = scan.turn % 360
    sights = _NOTHING_SEEN if cleared else _sights(sheet, turn, rules)
    first = PageTransform(scan.width, scan.height, turn, 0.0, sheet.operations)
    if not cleared and (halted := _halted_at_sight(engine, sheet, first, sights, rules)):
        return halted
    look = _look(engine, sheet, scan, turn)
    if not cheap and is_poor(look.measures, rules.verdict):
        look = _looked_again(engine, sheet, scan, look)
    if not cheap:
        look = _completed(engine, sheet, scan, look)
        look = replace(look, words=_with_colours(engine, sheet, look))
        look = look if "second_look" in without else _checked(engine, sheet, look)
    look = replace(look, words=in_reading_order(look.words, look.prepared.tables, look.prepared.gutter))
    transform = PageTransform(
        scan.width, scan.height, look.turn, look.prepared.skew, (*sheet.operations, *look.prepared.operations)
    )
    if not cleared and (
        halted := _halted_by_words(engine, scan, transform, sheet, replace(look, sights=sights), rules)
    ):
        return halted
    return _reading(engine, scan, transform, sheet, look, rules)


def _sights(sheet: Sheet, turn: int, rules: Rules) -> secrecy.Sights:
    return secrecy.sights_of(turned(sheet.glance, turn), rules.secrecy, is_sized=sheet.is_sized)


def _halted_at_sight(
    engine: OcrEngine, sheet: Sheet, transform: PageTransform, sights: secrecy.Sights, rules: Rules
) -> PageReading | None:
    """Return what ends the reading before a word is read: a stop, or that a person is asked; None: nothing does."""
    glance = turned(sheet.glance, transform.turn)
    asked = doubts.doubts_of_sight(sights, (glance.shape[1], glance.shape[0]), rules.secrecy)
    secret = secrecy.mark_seen(sights.in_box, rules.secrecy)
    if secret:
        red = None if sheet.red is None else turned(sheet.red, transform.turn)
        page = (turned(sheet.gray, transform.turn), red, sheet.dpi)
        if not doubts.is_released(engine, page, (*sights.in_place, *sights.elsewhere), rules.secrecy):
            return _stopped(engine, transform, secret)
    return _asked(engine, transform, asked) if asked else None


def _halted_by_words(
    engine: OcrEngine, scan: PageScan, transform: PageTransform, sheet: Sheet, look: _Look, rules: Rules
) -> PageReading | None:
    """Return what ends the reading once words are read; a page that was turned meanwhile is seen anew."""
    if look.turn != scan.turn % 360:
        sights = _sights(sheet, look.turn, rules)
        if halted := _halted_at_sight(engine, sheet, transform, sights, rules):
            return halted
        look = replace(look, sights=sights)
    red = None if sheet.red is None else turned(sheet.red, look.turn)
    prepared = look.prepared
    found = secrecy.Look(prepared, look.words, red, look.sights.in_place, sheet.is_sized)
    mark = secrecy.find_mark(engine, found, rules.secrecy)
    if mark and mark.stops:
        return _stopped(engine, transform, mark.text)
    size = (prepared.gray.shape[1], prepared.gray.shape[0])
    asked = doubts.doubts_of_words(look.words, size, prepared.dpi, rules.secrecy, mark)
    return _asked(engine, transform, asked) if asked else None


def _look(engine: OcrEngine, sheet: Sheet, scan: PageScan, turn: int) -> _Look:
    prepared = prepare(turned(sheet.gray, turn), sheet.dpi, _scale(sheet, turn), sheet.without)
    words = cleaned(read_parts(engine, prepared))
    return _Look(turn, prepared, words, _measures(prepared, words, sheet, scan))


def _completed(engine: OcrEngine, sheet: Sheet, scan: PageScan, look: _Look) -> _Look:
    """Return the look with the lines that the engine had passed over."""
    prepared = look.prepared
    words = with_columns_read(engine, prepared.gray, look.words, sheet.dpi)
    words = cleaned(with_gaps_read(engine, prepared.gray, prepared.letters, words, sheet.dpi))
    if words == look.words:
        return look
    return _Look(look.turn, prepared, words, _measures(prepared, words, sheet, scan))


def _with_colours(engine: OcrEngine, sheet: Sheet, look: _Look) -> tuple[Word, ...]:
    """Return the words with those in coloured ink, which was read apart: of the pen, and headings in red."""
    words = with_pen_read(engine, _levelled(sheet.pen, sheet, look), look.words, sheet.dpi)
    red = None if "read_red" in sheet.without else red_print(sheet.red, sheet.dpi)
    return cleaned(with_pen_read(engine, _levelled(red, sheet, look), words, sheet.dpi, HEADING_INCHES))


def _levelled(ink: Gray | None, sheet: Sheet, look: _Look) -> Gray | None:
    """Return coloured ink of the page in the pixels of the prepared page."""
    if ink is None:
        return None
    ink = np.asarray(turned(ink, look.turn), np.uint8)
    prepared = look.prepared
    ink = ink if prepared.flattening is None else moved_along(ink, prepared.flattening)
    return level(ink, prepared.skew, _scale(sheet, look.turn).stretch) if prepared.skew else ink


def _checked(engine: OcrEngine, sheet: Sheet, look: _Look) -> _Look:
    """Return the look with doubtful lines and numbers as a second look has them."""
    gray = look.prepared.gray
    words = cleaned(looked_again(engine, gray, look.words, sheet.dpi))
    words = with_numbers_checked(engine, gray, words, sheet.dpi)
    words = with_raised_digits(engine, gray, words, sheet.dpi)
    return replace(look, words=with_numbers_parted(gray, words))


def _measures(prepared: Prepared, words: tuple[Word, ...], sheet: Sheet, scan: PageScan) -> Measures:
    size = (prepared.gray.shape[1], prepared.gray.shape[0])
    return measured(words, coverage(prepared.letters, words, size), sheet.marks, min(believed_dpi(scan)))


def _looked_again(engine: OcrEngine, sheet: Sheet, scan: PageScan, first: _Look) -> _Look:
    """Return the better of the first look and one in the orientation that the engine finds."""
    less = min(1.0, _TURN_DPI / sheet.dpi)
    more = engine.turn(resized(first.prepared.gray, less, less), round(sheet.dpi * less))
    if not more:
        return first
    second = _look(engine, sheet, scan, (first.turn + more) % 360)
    return second if better(second.measures, first.measures) else first


def _scale(sheet: Sheet, turn: int) -> Scale:
    return Scale(sheet.scale.down, sheet.scale.across) if turn in (90, 270) else sheet.scale


def _reading(
    engine: OcrEngine, scan: PageScan, transform: PageTransform, sheet: Sheet, look: _Look, rules: Rules
) -> PageReading:
    verdict, reasons = judge(look.measures, rules.verdict, rules.resolution)
    if look.turn != scan.turn % 360:
        reasons = (*reasons, "upside_down" if look.turn == _UPSIDE_DOWN else "sideways")
    written = () if is_made_up(look.measures, rules.verdict) else look.words
    written = without_invented(written, look.prepared.gray, look.prepared.letters, sheet.dpi)
    if "mend_phrases" not in sheet.without:
        written = with_phrases_mended(written)
    scale = _scale(sheet, look.turn)
    if look.prepared.flattening is not None:
        size = (look.prepared.gray.shape[1], look.prepared.gray.shape[0])
        written = moved_back(written, look.prepared.flattening, turning(look.prepared.skew, size, scale.stretch))
    words = scale.to_reading(written, transform.upright_size)
    return PageReading(_text(engine, words), transform, verdict, reasons, look.measures.named(), codes=sheet.codes)


def _stopped(engine: OcrEngine, transform: PageTransform, secret: str) -> PageReading:
    return PageReading(_text(engine, ()), transform, Verdict.LOOK, ("secret_stamp",), secret=secret)


def _asked(engine: OcrEngine, transform: PageTransform, reasons: tuple[str, ...]) -> PageReading:
    return PageReading(_text(engine, ()), transform, Verdict.LOOK, reasons)


def _blank(engine: OcrEngine, scan: PageScan, sheet: Sheet) -> PageReading:
    transform = PageTransform(scan.width, scan.height, scan.turn % 360, 0.0, sheet.operations)
    measures = (("marks", float(sheet.marks)), ("dpi", round(min(believed_dpi(scan)), 3)))
    return PageReading(_text(engine, ()), transform, Verdict.BLANK, (), measures, codes=sheet.codes)


def _text(engine: OcrEngine, words: tuple[Word, ...]) -> PageText:
    return PageText(words, engine.name, engine.model, engine.language)
