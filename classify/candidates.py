"""What on a paper could be a value at all: names of people and of bodies, days, years, numbers, measures.

Field rules know how papers say a thing; this knows only what the thing looks like. Which of them is whose is weighed by
what stands around it (`classify/roles.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from classify.names import families, is_syllable
from classify.normalise import normalise
from classify.stream import Place, Stream
from dossier.text import fold

# Parts of a day stand on two rows too, with the other column's words between: "ngày 5 tháng 3", "Người lập | năm 2020".
_PART = r"[ .…:,_]*(?:\n(?:[^\n\t\d]{1,60}\t)?[ .…:,_]*)?"
_DAY = re.compile(
    rf"(?:ngay[ .…:_]*)?\b(?P<value>(?P<day>\d{{1,2}})(?:{_PART}thang[ .…:_]*(?P<month>\d{{1,2}}){_PART}nam[ .…:_]*"
    r"|[ .…]*(?P<sign>[/.\-])\s?\d{1,2}\s?(?P=sign)\s?)(?P<year>\d{4}))\b"
)
_NUMBER = re.compile(r"(?<![\w/.\-])(?P<value>\d(?:[ .\-]?\d){8,12})(?![\w/\-]|\.\d)")
# "(1)" refers to a note, "3.2. Tờ bản đồ" is a numbered head.
_SMALL = re.compile(
    r"(?<![\w/.,\-])(?!(?<=\()\d{1,2}\))(?!(?<![^\n\t])\d{1,2}\.\d{1,2}\.?\s+[a-z]{2})"
    r"(?P<value>\d{1,5}(?:\.\d{3})*(?:[.,]\d{1,2})?)(?=\s?m2|\s?m²|[^\w/.,\-]|[.,](?!\d)|-\D|$)"
)
# Words that the names of bodies begin with; what goes on behind them, to the end of the row or a comma.
_BODY = re.compile(
    r"(?:^|(?<=[\n\t:,;(\-]))\s*(?P<value>(?:uy ban|ubnd|hoi dong|hdnd|van phong|so|phong|trung tam|(?:tong |chi )?cuc"
    r"|bo|ban|chi nhanh|cong an|thanh tra|truong|tram|benh vien|toa an|vien|kho bac|bao hiem xa hoi|thue|chu tich"
    r"|bo phan)\b[^\n\t,;:()]{2,90})"
)
# The number of a paper: with its symbol ("12/QĐ-UBND", "12/2010/GPXD-PCT", "338 CV/ĐC"), of a year, bare behind "số".
_SYMBOL = r"[a-z][a-z0-9&]{0,9}(?:[ ]?[-–—/.][ ]?[a-z][a-z0-9&]{0,14}){0,3}"
_WITH_SYMBOL = re.compile(
    rf"(?<![\w/.,\-])(?P<number>\d{{1,5}}[a-z]?)(?:[ ]?[/|\-–—][ ]?(?P<year>(?:19|20)\d\d[ ]?[/|\-][ ]?)?|[ ])"
    rf"(?P<symbol>{_SYMBOL})(?![\w/])"
)
_OF_YEAR = re.compile(r"(?<![\w/.,\-])(?P<value>\d{1,5}[ ]?[/|][ ]?(?:19|20)\d\d)(?![ ]?[/|\-.][ ]?\w|\w)")
_OF_BUSINESS = re.compile(r"(?<!\w)(?P<value>\d\d[a-z]\d{7})(?!\w)")
_BARE = re.compile(r"\bs[o06]\b[^\n\d]{0,30}?(?P<value>\d{1,5})(?![\w/\-]|[.,]\d|[ ]?/|[ ]\d)")
# Before the number of a paper on which this one rests, or of a book.
_OTHERS = re.compile(r"\b(?:can cu|theo|thuc hien|xet|kem|ban hanh|tra loi|phuc dap|thay the|vao so|so goc)\b")
_CAPITALS = 2  # that the first part of a symbol has: "QĐ", "TTr"
_YEAR = re.compile(r"(?<![\w/.\-])(?P<value>19[2-9]\d|20[0-2]\d)(?![\w/\-]|\.\d)")
_WORD = re.compile(r"[^\W\d_]+(?:['\-][^\W\d_]+)*")
_BETWEEN = re.compile(r"[ ]{1,2}")
_LEAST, _MOST = 2, 6
# Begin like a family and are places or other words; a whole list of places would take names away.
_NO_NAMES = frozenset(
    {"thi tran", "viet nam", "ha noi", "dong thap", "thanh pho", "thai nguyen", "ninh binh", "yen bai"}
)
_STREET, _BEFORE = re.compile(r"\b(?:duong|pho|ngo|hem)[ :]{1,3}$"), 16  # of whom a street has its name
_TITLES = frozenset({"ong"})  # a family too, but hardly ever
_KINDS_OF_NUMBERS = {9: "card", 12: "personal", 10: "ten", 13: "thirteen", 11: "eleven"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that could be a value.

    Attributes:
        sort: What it looks like: `name`, `body`, `day`, `year`, `small` (a number of few digits), a paper's number
            (`paper` before a symbol, `paper_whole` with it, `paper_year`, `paper_business`, `paper_bare`), a `symbol`,
            or a number by how many digits it has.
        value: In stored form.
        raw: As printed.
        place: Where it stands.
        span: In the folded text of the document.
    """

    sort: str
    value: str
    raw: str
    place: Place
    span: tuple[int, int]


def candidates(text: Stream) -> list[Candidate]:
    """Return what could be a value, in the order of the document."""
    found = [*_days(text), *_numbers(text), *_names(text)]
    taken = [one.span for one in found]
    plain = (one for more in (_years(text), _small(text)) for one in more)
    found += [one for one in plain if not any(start <= one.span[0] < end for start, end in taken)]
    found += [*_bodies(text), *_papers(text)]
    return sorted(found, key=lambda one: one.span)


def _days(text: Stream) -> Iterator[Candidate]:
    for match in _DAY.finditer(text.folded):
        said = f"ngày {match['day']} tháng {match['month']} năm {match['year']}" if match["month"] else None
        yield from _of(text, "day", "date", match.span("value"), said)


def _numbers(text: Stream) -> Iterator[Candidate]:
    for match in _NUMBER.finditer(text.folded):
        digits = sum(char.isdigit() for char in match["value"])
        yield from _of(text, _KINDS_OF_NUMBERS[digits], "digits", match.span("value"))


def _years(text: Stream) -> Iterator[Candidate]:
    for match in _YEAR.finditer(text.folded):
        yield from _of(text, "year", "digits", match.span("value"))


def _small(text: Stream) -> Iterator[Candidate]:
    for match in _SMALL.finditer(text.folded):
        yield from _of(text, "small", "decimal", match.span("value"))


def _papers(text: Stream) -> Iterator[Candidate]:
    """Yield what could be a paper's number: kinds differ in whether its symbol is a part of it."""
    for match in _WITH_SYMBOL.finditer(text.folded):
        start, end = text.source_span(*match.span("symbol"))
        if _of_another(text, match.start()):
            continue
        if sum(map(str.isupper, re.split(r"[^\w&]", text.text[start:end])[0])) >= _CAPITALS:
            yield from _of(text, "paper", "printed", match.span("number"))
            yield from _of(text, "paper_whole", "printed" if match["year"] else "number_symbol", match.span())
            yield from _of(text, "symbol", "symbol", match.span("symbol"))
    for pattern, sort in ((_OF_YEAR, "paper_year"), (_OF_BUSINESS, "paper_business"), (_BARE, "paper_bare")):
        for match in pattern.finditer(text.folded):
            if not _of_another(text, match.start("value")):
                yield from _of(text, sort, "printed", match.span("value"))


def _of_another(text: Stream, at: int) -> bool:
    """Return whether its cell says before a number that it is another paper's."""
    cell = max(text.folded.rfind("\n", 0, at), text.folded.rfind("\t", 0, at)) + 1
    return bool(_OTHERS.search(text.folded, cell, at))


def _bodies(text: Stream) -> Iterator[Candidate]:
    for match in _BODY.finditer(text.folded):
        start, end = match.span("value")
        end = start + len(match["value"].rstrip(" .-"))
        if text.text[text.origin[start]].isupper() and " " in text.folded[start:end]:
            yield from _of(text, "body", "text", (start, end))


def _of(
    text: Stream, sort: str, normaliser: str, span: tuple[int, int], said: str | None = None
) -> Iterator[Candidate]:
    start, end = text.source_span(*span)
    raw = text.text[start:end]
    raw = said if said and "\n" in raw else raw
    normal = normalise(normaliser, raw)
    if normal is not None:
        yield Candidate(sort, normal.value, raw, text.place(start, end), span)


def _names(text: Stream) -> Iterator[Candidate]:
    """Yield runs of capitalised syllables that begin with a family; all are in capitals or none is."""
    words = list(_WORD.finditer(text.text))
    folded_at = _folded_places(text)
    at = 0
    while at < len(words):
        run = _run(text.text, words, at)
        if _LEAST <= run <= _MOST:
            start, end = words[at].start(), words[at + run - 1].end()
            value = " ".join(word[0] for word in words[at : at + run])
            if fold(value) not in _NO_NAMES and not _STREET.search(fold(text.text[max(0, start - _BEFORE) : start])):
                span = folded_at[start], folded_at[end - 1] + 1
                yield Candidate("name", value, text.text[start:end], text.place(start, end), span)
            at += run
        else:
            at += 1


def _folded_places(text: Stream) -> dict[int, int]:
    """Return for each character of the text its place in the folded text."""
    places: dict[int, int] = {}
    for folded, original in enumerate(text.origin):
        places.setdefault(original, folded)
    last = 0
    for original in range(len(text.text)):
        last = places.setdefault(original, last)
    return places


def _run(text: str, words: Sequence[re.Match[str]], at: int) -> int:
    """Return how many words from `at` on make a name; 0 where none begins."""
    first = words[at][0]
    if (
        fold(first) in _TITLES
        or not first[0].isupper()
        or fold(first) not in families()
        or not is_syllable(first, family=True)
    ):
        return 0
    upper = first.isupper() and len(first) > 1
    count = 1
    for before, word in pairwise(words[at : at + _MOST + 2]):
        between = text[before.end() : word.start()]
        same = word[0].isupper() == upper or len(word[0]) == 1
        if not _BETWEEN.fullmatch(between) or not word[0][0].isupper() or not same:
            break
        if not is_syllable(word[0], family=False):
            break
        count += 1
    return count
