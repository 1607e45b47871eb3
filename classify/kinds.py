"""The kind of a document: from the title of its first page, held against the words of the whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from classify.header import addressed, number_row, symbol_kind
from classify.layout import PageLayout, heading_key
from classify.page_signs import paper_title
from classify.paper import layouts_of
from classify.rules import OTHER, UNKNOWN, Rules
from classify.similarity import slips_at_start
from classify.subject import subject_row
from classify.text_model import Spoken, load_text_model, spoken_for
from classify.titles import Title, anywhere, foreign_title, motto, titles
from dossier.page import PageReading

LETTER = "CONG_VAN"
_GENERAL = "hanh_chinh"
_CANDIDATES = 3
_PRINTED = 120
_UNLIKE = 3  # letters of a name, one of which may be read as another before a title is nothing like it


@dataclass(frozen=True, slots=True)
class Classification:
    """A kind with its confidence (0 to 100), why in Vietnamese, and the best kinds with theirs (at most three)."""

    kind: str
    confidence: float
    explanation: str
    candidates: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class _Reason:
    """A kind that something speaks for; `title` is one that is in no list."""

    kind: str
    confidence: float
    said: str
    title: str = ""


def classify(readings: Sequence[PageReading], rules: Rules) -> Classification:
    """Return the kind of one document.

    Args:
        readings: The document's pages in order; boxes in pixels of each page's reading frame.
        rules: From `load_rules`.

    Returns:
        The kind whose heading stands in the title zone of the first page that has words; a title that the words of
        the paper speak against is doubted, and where there is none the words propose a kind, never surely. UNKNOWN
        when nothing is sure enough, with what it might be as candidates: a person decides. The confidence of UNKNOWN
        is that of the best candidate. Headings and zones: `classify/rules/*.toml`.
    """
    written = [layout for layout in layouts_of(readings, rules) if layout.segments]
    if not written:
        return Classification(UNKNOWN, 0.0, "không có chữ nào đọc được", ())
    weights = rules.words
    spoken = spoken_for(written, load_text_model(rules.folder), sharpness=weights["sharpness"], least=weights["least"])
    reasons = _ranked(_held_against(spoken, _reasons(written, rules), _wording(written), rules))
    candidates = tuple((reason.kind, round(reason.confidence, 1)) for reason in reasons[:_CANDIDATES])
    if not reasons or reasons[0].confidence < rules.titles["unknown_below"]:
        best = reasons[0].confidence if reasons else 0.0
        said = f"chưa đủ chắc chắn ({reasons[0].said})" if reasons else "không thấy tiêu đề đã biết"
        return Classification(UNKNOWN, round(best, 1), said, candidates)
    return Classification(reasons[0].kind, round(reasons[0].confidence, 1), reasons[0].said, candidates)


def _reasons(layouts: Sequence[PageLayout], rules: Rules) -> list[_Reason]:
    first = layouts[0]
    symbol = symbol_kind(first, rules)
    reasons = [
        _Reason(kind, _agreed(kind, title.confidence, symbol, rules), f"tiêu đề: {title.printed[:_PRINTED]}")
        for title in titles(first, rules)
        for kind in (_meant(title.kind, layouts, rules),)
    ]
    reasons += _letter(first, rules) if not reasons else []
    reasons += [
        _Reason(t.kind, t.confidence, f"lời ghi: {t.printed[:_PRINTED]}") for t in _clauses(layouts, reasons, rules)
    ]
    if symbol:
        reasons.append(_Reason(symbol, rules.hints["most"], "ký hiệu của số văn bản"))
    hinted = _hinted(layouts, rules)
    return reasons + hinted + _other(reasons, first, rules)


def _agreed(kind: str, confidence: float, symbol: str, rules: Rules) -> float:
    """Weigh a title against the symbol of the number: both name one of the 29 types, or one of them was misread."""
    if symbol and kind in rules.symbols.values():
        return min(99.0, confidence + 1.0) if symbol == kind else confidence - rules.titles["symbol_conflict"]
    return confidence


def _meant(code: str, layouts: Sequence[PageLayout], rules: Rules) -> str:
    """Return the kind that a title means: one title named two kinds of certificate, told apart by their labels."""
    kind = rules.kinds[code]
    if not kind.cedes_on:
        return code
    text = "".join(segment.key for layout in layouts for segment in layout.segments)
    own, other = (any(heading_key(phrase) in text for phrase in said) for said in (kind.hints, kind.cedes_on))
    return kind.cedes_to if other and not own else code


def _letter(first: PageLayout, rules: Rules) -> list[_Reason]:
    """An official letter has no type line, but a number with symbol and "V/v" under it."""
    if number_row(first, rules) is None:
        return []
    if subject_row(first, rules) is not None:
        whole = addressed(first) and not symbol_kind(first, rules)
        sure = rules.letter["whole" if whole else "subject"]
        return [_Reason(LETTER, sure, "không có tên loại; có số, ký hiệu và V/v")]
    if addressed(first) and not symbol_kind(first, rules):
        return [_Reason(LETTER, rules.letter["addressee"], "không có tên loại; có số, ký hiệu và Kính gửi")]
    return []


def _clauses(layouts: Sequence[PageLayout], reasons: Sequence[_Reason], rules: Rules) -> list[Title]:
    return [] if reasons else anywhere(layouts, rules)


def _hinted(layouts: Sequence[PageLayout], rules: Rules) -> list[_Reason]:
    """Kinds that phrases of the body suggest; never enough to decide, since bodies name other papers."""
    text = "".join(segment.key for layout in layouts for segment in layout.segments)
    weights, reasons = rules.hints, []
    for kind in rules.kinds.values():
        seen = [hint for hint in kind.hints if heading_key(hint) in text]
        if seen:
            score = min(weights["most"], weights["first"] + weights["each"] * (len(seen) - 1))
            reasons.append(_Reason(kind.code, score, f"nội dung có “{seen[0]}”"))
    return reasons


def _other(reasons: Sequence[_Reason], first: PageLayout, rules: Rules) -> list[_Reason]:
    """A paper under the national motto with a well-read title that is in no list is some other paper."""
    if reasons:
        return []
    crest = motto(first, rules)
    title = paper_title(first) if crest is None else foreign_title(first, crest, rules)
    if crest is None:
        said = f"tiêu đề không có trong danh mục: {title.text[:_PRINTED]}" if title else ""
        return [_Reason(OTHER, rules.bands.confirm, said)] if title else []
    if title is None:
        return [_Reason(OTHER, rules.bands.confirm, "có Quốc hiệu, không rõ tiêu đề")]
    said = f"tiêu đề không có trong danh mục: {title.text[:_PRINTED]}"
    return [_Reason(OTHER, rules.titles["other"], said, title.key)]


def _wording(layouts: Sequence[PageLayout]) -> str:
    """Return all words of a paper, as headings are compared, a space between two."""
    return " ".join(heading_key(word) for layout in layouts for line in layout.segments for word in line.folded.split())


def _could_be(kind: str, title: str, wording: str, rules: Rules) -> bool:
    """Return whether a paper can be of a kind: what papers of it always say is there, and the title is not another.

    The types of administrative documents name themselves in their titles; a title that was read well and is nothing
    like it is another paper's, whatever decisions that paper rests on.
    """
    listed = rules.kind(kind)
    if listed.must and not any(_says(wording, phrase) for phrase in listed.must):
        return False
    names = [heading_key(phrase) for phrase in listed.headings]
    named = not title or kind not in rules.symbols.values()
    return named or any(slips_at_start(name, title, len(name) // _UNLIKE) is not None for name in names)


def _says(wording: str, phrase: str) -> bool:
    """Return whether words say a phrase; two that were read as one still do, parts of two others do not."""
    words = " ?".join(heading_key(word) for word in phrase.split())
    return bool(re.search(rf"(?<!\S){words}(?!\w)", wording))


def _held_against(spoken: Spoken, reasons: Sequence[_Reason], wording: str, rules: Rules) -> list[_Reason]:
    """Weigh titles against the words of the paper, and add the kinds that the words alone speak for."""
    if not spoken.shares:
        return list(reasons)
    title = next((reason.title for reason in reasons if reason.title), "")
    can_be = [kind for kind in list(spoken.shares)[:_CANDIDATES] if _could_be(kind, title, wording, rules)]
    kind = next(iter(spoken.shares))
    return [_weighed(one, kind, spoken, rules, can_be=kind in can_be) for one in reasons] + _by_words(
        spoken, can_be, rules
    )


def _by_words(spoken: Spoken, can_be: Sequence[str], rules: Rules) -> list[_Reason]:
    """The kind that words speak for clearly, if the paper can be of it, and guesses that never decide."""
    weights, out = rules.words, []
    for place, (kind, share) in enumerate(list(spoken.shares.items())[:_CANDIDATES]):
        if place == 0 and share >= weights["alone"] and kind in can_be:
            reach = (share - weights["alone"]) / (1.0 - weights["alone"])
            sure = weights["alone_least"] + reach * (weights["alone_most"] - weights["alone_least"])
        else:
            sure = weights["guess"] * min(1.0, share / weights["alone"])
        if sure >= weights["guess_least"]:
            out.append(_Reason(kind, sure, "lời văn: " + ", ".join(f"“{text}”" for text in spoken.telling[kind])))
    return out


def _weighed(reason: _Reason, kind: str, spoken: Spoken, rules: Rules, *, can_be: bool) -> _Reason:
    """Return a reason, doubted where words that know its kind speak for another one, `kind`, surer where for it."""
    weights, share = rules.words, spoken.shares[kind]
    if kind == reason.kind:
        agreed = share >= weights["against"] and reason.confidence >= rules.bands.show
        return replace(reason, confidence=max(reason.confidence, weights["agreed"])) if agreed else reason
    if reason.kind == OTHER:
        unlisted = can_be and share >= weights["against_other"]
        return replace(reason, confidence=min(reason.confidence, weights["guess"])) if unlisted else reason
    inset = rules.kind(reason.kind).inset
    narrower = kind.startswith(f"{reason.kind}_")  # a notice, and what it is a notice of
    whole = _twice(reason, rules) or (reason.kind == LETTER and reason.confidence >= rules.letter["whole"])
    general = narrower or inset or (rules.kind(reason.kind).field == _GENERAL and not whole)
    own = spoken.shares.get(reason.kind, 0.0 if narrower or inset else 1.0)
    side = "_general" if general else ""
    if own > weights[f"for{side}"] or share < weights[f"against{side}"]:
        return reason
    most = weights[f"doubted{side}"]
    if reason.confidence <= most:
        return reason
    return _Reason(reason.kind, most, f"{reason.said}; nhưng lời văn giống {rules.kind(kind).name}")


def _twice(reason: _Reason, rules: Rules) -> bool:
    """Return whether the title and the number's symbol name the same kind."""
    return reason.confidence > rules.titles["exact"]


def _ranked(reasons: Sequence[_Reason]) -> list[_Reason]:
    best: dict[str, _Reason] = {}
    for reason in sorted(reasons, key=lambda reason: -reason.confidence):
        best.setdefault(reason.kind, reason)
    return list(best.values())
