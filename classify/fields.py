"""Fields of a document: patterns on folded text, spans mapped back to print, words and scan."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from classify.checks import Draft, checked
from classify.columns import cells_of_row, cells_under
from classify.confidence import load_confidence
from classify.displaced import in_place
from classify.evidence import Evidence, evidence
from classify.extracted import ExtractedField
from classify.filling import filled, hours_told
from classify.header import Passage, agency, agency_line, agency_on_top
from classify.later import OWN, Later
from classify.layout import PageLayout
from classify.normalise import Normal, normalise
from classify.paper import Paper, paper_of
from classify.pen import Print, chances
from classify.repair import repaired
from classify.roles import chance_of
from classify.rules import FieldRule, Rules
from classify.signers import signature, signing_agency, spelt, writer
from classify.similarity import letters_changed
from classify.stream import Place
from classify.subject import opened_right, subject_of_letter, subject_under_title
from dossier.page import PageReading, Word
from dossier.text import fold

__all__ = ["ExtractedField", "extract"]

_STROKES = ("I", "J", "l", "1")


@dataclass(frozen=True, slots=True)
class Weighed:
    """A field, what its confidence was weighed from, and the draft that it was, with its words."""

    field: ExtractedField
    said: Evidence
    draft: Draft


def extract(
    readings: Sequence[PageReading], kind: str, rules: Rules, *, today: date | None = None
) -> tuple[ExtractedField, ...]:
    """Return the fields of a document.

    Args:
        readings: The document's pages in order.
        kind: Its kind; UNKNOWN, and a code the rules do not know, are read as KHAC: with the general fields.
        rules: From `load_rules`.
        today: When given, dates of the past that lie after it are rejected (appointments may lie ahead).

    Returns:
        Fields in the order of the kind's rules. Boxes are in pixels of the scan. `must_confirm` is True for
        identity numbers, dates, numbers and codes (no value read becomes data without confirmation or an
        independent cross-check) and for every value below the band that is shown without question.
    """
    return tuple(field for field, _ in with_evidence(readings, kind, rules, today=today))


def with_evidence(
    readings: Sequence[PageReading], kind: str, rules: Rules, *, today: date | None = None
) -> Iterator[tuple[ExtractedField, Evidence]]:
    """Yield the fields as `extract` gives them, each with what its confidence was weighed from."""
    paper = paper_of(readings, kind, rules)
    for one in weighed(paper, found_on(paper, today)):
        yield one.field, one.said


def found_on(paper: Paper, today: date | None = None) -> list[Draft]:
    """Return what the rules of its kind find on a paper, before any check."""
    drafts: list[Draft] = []
    for rule_id in paper.rules.kind(paper.kind).rules:
        rule = paper.rules.fields[rule_id]
        found = {draft.rule.field for draft in drafts}
        if rule.field not in found and not rule.unless & found and (not rule.needs or rule.needs & found):
            drafts += _drafts(rule, paper, today)
    own = [paper.rules.fields[rule_id] for rule_id in paper.rules.kind(paper.kind).rules]
    later = Later(paper.layouts, paper.rules.kind(paper.kind).later)
    own_part = replace(paper, roles=[one for one in paper.roles if not later.has(one.candidate.place)])
    drafts = [one for one in drafts if one.rule.field not in OWN or not later.has(one.place)]
    kept = in_place(drafts, own, own_part.roles, paper.rules.roles)
    every = hours_told(filled(kept, own, own_part), paper.roles, paper.stream)
    return [draft for draft in every if not _impossible(draft, paper.rules, today)]


def weighed(paper: Paper, drafts: Sequence[Draft]) -> Iterator[Weighed]:
    """Yield drafts as fields, after all checks within the paper."""
    rules, readings = paper.rules, paper.readings
    model = load_confidence(rules.folder)
    for found in _with_pens(repaired(checked(drafts, paper.stream, rules), paper.stream), readings, rules):
        draft = replace(found, chance=chance_of(found.rule.field, found.value, found.span, paper.roles))
        said = evidence(rules.kind(paper.kind).code, draft, readings[draft.place.page])
        there = draft.chance is None or draft.chance >= rules.roles["in_place"]
        placed = model.placed(said) if there and not draft.partial else 0.0
        field = replace(_field(draft, model.sure(said), readings, rules), placed=placed, partial=draft.partial)
        yield Weighed(field, said, draft)


def _field(draft: Draft, confidence: float, readings: Sequence[PageReading], rules: Rules) -> ExtractedField:
    """Return a draft as a field; what the paper itself speaks against waits for a person, however well it was read."""
    place = draft.place
    doubted = draft.repaired or draft.agrees is False
    if doubted:
        confidence = min(confidence, rules.checks["repaired_cap" if draft.repaired else "contradicted_cap"])
    doubted = doubted or draft.proposed or draft.by_pen
    return ExtractedField(
        name=draft.rule.field,
        value=draft.value,
        raw=draft.raw,
        confidence=confidence,
        page=place.page,
        box=readings[place.page].transform.scan_box(place.box),
        must_confirm=draft.rule.must_confirm or doubted or confidence < rules.bands.show,
        source=draft.rule.id,
    )


def _with_pens(drafts: Sequence[Draft], readings: Sequence[PageReading], rules: Rules) -> list[Draft]:
    """Return the drafts, those that a pen seems to have written told; blocks found by layout are set in print."""
    prints = {page: Print(readings[page].text.words) for page in {draft.place.page for draft in drafts}}
    sizes = [prints[draft.place.page].beside(_own_words(draft)) if draft.span[1] else None for draft in drafts]
    told = chances(sizes, rules.pen)
    return [replace(draft, by_pen=chance >= rules.pen["from"]) for draft, chance in zip(drafts, told, strict=True)]


def _own_words(draft: Draft) -> tuple[Word, ...]:
    """Return the words that a value was made of: of a name not the sentence that goes on behind it."""
    parts = set(fold(draft.value).split())
    return tuple(word for word in draft.place.words if fold(word.text).strip(" .,;:") in parts) or draft.place.words


def _drafts(rule: FieldRule, paper: Paper, today: date | None) -> list[Draft]:
    found = _by_layout(rule, paper) if rule.finder or rule.under else _by_pattern(rule, paper)
    drafts: list[Draft] = []
    for raw, place, span in found:
        draft = _draft(rule, raw, place, span, paper)
        if draft is None or _impossible(draft, paper.rules, today):
            continue
        drafts = _picked(rule, drafts, draft)
        if rule.pick == "first":
            break
    return drafts


def _picked(rule: FieldRule, drafts: list[Draft], draft: Draft) -> list[Draft]:
    if rule.pick != "all":
        return [draft]
    return drafts if any(other.value == draft.value for other in drafts) else [*drafts, draft]


def _draft(rule: FieldRule, raw: str, place: Place, span: tuple[int, int], paper: Paper) -> Draft | None:
    normal = normalise(rule.normaliser, raw)
    if normal is None:
        return None
    if rule.normaliser in ("date", "moment"):
        normal = _year_that_can_be(normal, paper)
    value = _spelt(rule, normal.value, paper)
    confidence = rule.base * (0.5 + place.confidence / 200)
    if normal.repaired:
        confidence = min(confidence, paper.rules.checks["repaired_cap"])
    return Draft(rule, value, " ".join(raw.split()), confidence, place, span, normal.repaired)


def _year_that_can_be(normal: Normal, paper: Paper) -> Normal:
    """Return a date whose year no office can have written with the 2 that was read as 9, if the paper has that year."""
    year = int(normal.value[:4])
    meant = year - 70
    if year <= paper.rules.checks["latest_year"] or not re.search(rf"(?<!\d){meant}(?!\d)", paper.stream.folded):
        return normal
    return Normal(f"{meant}{normal.value[4:]}", repaired=True)


def places_of(rule: FieldRule, pattern: re.Pattern[str], paper: Paper) -> Iterator[Place]:
    """Yield where a pattern finds something that a rule would take, whatever its own pattern says."""
    for _, place, _ in _by_pattern(replace(rule, pattern=pattern), paper):
        yield place


def _by_pattern(rule: FieldRule, paper: Paper) -> Iterator[tuple[str, Place, tuple[int, int]]]:
    for match in _matches(rule, paper.stream.folded):
        span = _trimmed(match)
        start, end = paper.stream.source_span(*span)
        place = paper.stream.place(start, end)
        if _in_zone(rule, place, start / len(paper.stream.text), paper):
            yield paper.stream.text[start:end], place, span


def _matches(rule: FieldRule, folded: str) -> Iterator[re.Match[str]]:
    if rule.pattern is None:
        return
    if rule.section is None:
        yield from rule.pattern.finditer(folded)
        return
    for section in rule.section.finditer(folded):
        found = list(rule.pattern.finditer(folded, section.start("section"), section.end("section")))
        if found:
            yield from found
            return


def _trimmed(match: re.Match[str]) -> tuple[int, int]:
    """Return the span of the value without the spaces and leaders around it."""
    value, start = match["value"], match.start("value")
    begin = len(value) - len(value.lstrip(" .:\t\n"))
    kept = value.strip(" .:\t\n")
    return start + begin, start + begin + max(1, len(kept))


def _by_layout(rule: FieldRule, paper: Paper) -> Iterator[tuple[str, Place, tuple[int, int]]]:
    for passage in _passages(rule, paper):
        found = rule.pattern.search(fold(passage.text)) if rule.pattern else None
        if found or not rule.pattern:
            text = found["value"] if found else passage.text
            yield text, Place(passage.page, passage.box, passage.words), (0, 0)


def _passages(rule: FieldRule, paper: Paper) -> Iterator[Passage]:
    if rule.under is not None:
        cells = (
            cells_of_row(paper.layouts, rule.under, rule.row) if rule.row else cells_under(paper.layouts, rule.under)
        )
        yield from (Passage([cell]) for cell in cells)
        return
    written = [layout for layout in paper.layouts if layout.segments]
    found = _passage(rule.finder, written, paper) if written else None
    if found is not None:
        yield found


def _passage(finder: str, written: Sequence[PageLayout], paper: Paper) -> Passage | None:
    rules = paper.rules
    finders: dict[str, Callable[[], Passage | None]] = {
        "agency": lambda: agency(written[0], rules),
        "agency_signed": lambda: signing_agency(written, rules),
        "agency_line": lambda: agency_line(written[0], rules),
        "agency_on_top": lambda: agency_on_top(written[0], rules),
        "subject_under_title": lambda: subject_under_title(written[0], rules),
        "subject_of_letter": lambda: subject_of_letter(written[0], rules),
        "writer": lambda: writer(written, rules),
        "signer": lambda: _of_signature(written, rules, 1),
        "signer_position": lambda: _of_signature(written, rules, 0),
    }
    return finders[finder]()


def _of_signature(written: Sequence[PageLayout], rules: Rules, part: int) -> Passage | None:
    found = signature(written, rules)
    return found[part] if found else None


def _in_zone(rule: FieldRule, place: Place, share: float, paper: Paper) -> bool:
    layout = paper.layouts[place.page]
    top = place.box.top / layout.height
    middle = (place.box.left + place.box.right) / 2 / layout.width
    written = [layout.page for layout in paper.layouts if layout.segments]
    zones = {
        "all": True,
        "head": place.page == written[0] and top < paper.rules.titles["zone"],
        "tail": share > paper.rules.layout["tail"],
    }
    weights = paper.rules.layout
    sides = {"": True, "left": middle < weights["left_to"], "right": middle > weights["right_from"]}
    return zones[rule.zone] and sides[rule.side]


def _impossible(draft: Draft, rules: Rules, today: date | None) -> bool:
    if draft.rule.normaliser not in ("date", "moment"):
        return False
    day = date.fromisoformat(draft.value[:10])
    future = today is not None and day > today and draft.rule.field != "ngay_hen_tra"
    return not rules.checks["earliest_year"] <= day.year <= rules.checks["latest_year"] or future


def _slipped(known: str, code: str) -> bool:
    """Return whether a code is another with one letter changed, or with one of its letters read twice."""
    return letters_changed(known, code) == 1 or any(
        code == known[:at] + known[at - 1 :] for at in range(1, len(known) + 1)
    )


def _spelt(rule: FieldRule, value: str, paper: Paper) -> str:
    """Return the right spelling of what has one: positions, how a subject opens, the type in a symbol.

    "QD-UBND" is "QĐ-UBND"; a type that is none, one letter off the type that the title names, is that type: "TTT" on a
    tờ trình is "TTr", "QĐĐ" on a quyết định is "QĐ".
    """
    rules = paper.rules
    if rule.finder == "signer_position":
        return spelt(value, rules)
    if rule.field == "trich_yeu":
        return opened_right(value, of_letter=rule.finder == "subject_of_letter")
    if rule.normaliser != "symbol":
        return value
    code, dash, rest = value.partition("-")
    if code in rules.symbols:
        return value
    if code[:1] in _STROKES and code[1:] in rules.symbols:
        return code[1:] + dash + rest  # the stroke before it was read as a letter: "12IQĐ-UBND"
    own = [known for known, kind in rules.symbols.items() if kind == paper.kind]
    near = [known for known in own if _slipped(known, code)]
    marked = code.replace("D", "Đ")
    return (marked if marked in rules.symbols else near[0] if near else code) + dash + rest
