"""The line of text around what was found, with the words found marked as they are printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from search.query import Query, Term
from search.words import LONGEST_WORD, Word, stored, words

WIDTH = 160
MOST_WORDS = 50
OPENING, CLOSING = "«", "»"

_LEAD = 40
# The text's own guillemets would be taken for ours.
_OWN_MARKS = str.maketrans({"«": "“", "»": "”"})


@dataclass(frozen=True, slots=True)
class Snippet:
    """A line with marked words, and the words found as printed, each spelling once."""

    line: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    start: int
    end: int
    term: int
    exact: bool


def snippet(texts: tuple[str, ...], query: Query, width: int = WIDTH) -> Snippet:
    """Return the best line of about `width` characters from the first of the texts where something was found.

    The line shows as many of the terms as possible, exact spellings before folded ones. The words are those of all
    texts. Where nothing was found the line is the beginning of the first text.
    """
    spellings: dict[str, None] = {}
    line = ""
    for text in map(stored, texts):
        found = _find(text, query)
        if found and not line:
            line = _line(text, found, width)
        spellings |= dict.fromkeys(text[piece.start : piece.end] for piece in found)
    if not line:
        line = _cut(stored(texts[0]), 0, width, []) if texts else ""
    return Snippet(line, tuple(spellings)[:MOST_WORDS])


def places(text: str, query: Query) -> list[tuple[int, int]]:
    """Return where the words stand that a query finds in a text as `stored` gives it, from the first to the last."""
    return [(piece.start, piece.end) for piece in _find(text, query)]


def _find(text: str, query: Query) -> list[_Found]:
    row = list(words(text))
    folds = [word.fold for word in row]
    places: dict[int, _Found] = {}
    for number, term in enumerate(query.terms):
        for piece in _of_term(row, folds, term, number):
            places.setdefault(piece.start, piece)
    return list(_whole_words(text, [places[start] for start in sorted(places)]))


def _of_term(row: list[Word], folds: list[str], term: Term, number: int) -> list[_Found]:
    found = []
    for alternative in (*term.alternatives(), *term.neighbours()):
        for at in _starts(folds, alternative):
            run = row[at : at + len(alternative.fold)]
            found += [_Found(word.start, word.end, number, _is_exact(run, term)) for word in run]
    # Who typed `bản` and gets a page that has it does not want to see `bạn` marked too.
    return [piece for piece in found if piece.exact] or found


def _starts(folds: list[str], term: Term) -> Iterator[int]:
    size = len(term.fold)
    *body, last = term.fold
    firsts = _places(folds, body[0]) if body else range(len(folds)) if term.prefix else _places(folds, last)
    for at in firsts:
        if at + size > len(folds):
            return
        tail = folds[at + size - 1]
        fits = tail.startswith(last) if term.prefix else tail == last
        if fits and folds[at : at + size - 1] == body:
            yield at


def _places(folds: list[str], key: str) -> Iterator[int]:
    """Yield where a word stands: most words of most pages are none of the query's, and are passed over at once."""
    at = -1
    try:
        while True:
            at = folds.index(key, at + 1)
            yield at
    except ValueError:
        return


def _is_exact(run: list[Word], term: Term) -> bool:
    if not term.exact:
        return True
    *body, last = term.exact
    tail = run[-1].exact
    fits = tail.startswith(last) if term.prefix else tail == last
    return fits and all(word.exact == key for word, key in zip(run, body, strict=False))


def _whole_words(text: str, found: list[_Found]) -> Iterator[_Found]:
    """Join the pieces of one number or symbol when all that lies between them is its own punctuation."""
    pending: _Found | None = None
    for piece in found:
        near = pending and piece.end - pending.start <= LONGEST_WORD
        if pending and near and text[pending.end : piece.start] in {".", "/", "-"}:
            pending = _Found(pending.start, piece.end, pending.term, pending.exact)
            continue
        if pending:
            yield pending
        pending = piece
    if pending:
        yield pending


def _line(text: str, found: list[_Found], width: int) -> str:
    best, first = (-1, -1), found[0]
    for at, piece in enumerate(found):
        inside = _inside(found, at, piece.start + width - _LEAD)
        worth = (len({other.term for other in inside}), sum(other.exact for other in inside))
        if worth > best:
            best, first = worth, piece
    return _cut(text, max(0, first.start - _LEAD), width, found)


def _inside(found: list[_Found], at: int, end: int) -> list[_Found]:
    inside = []
    while at < len(found) and found[at].end <= end:
        inside.append(found[at])
        at += 1
    return inside


def _cut(text: str, start: int, width: int, found: list[_Found]) -> str:
    """Return the text from a word's beginning near `start`, words marked, on one line, dots where it goes on."""
    start = _after_space(text, start)
    end = min(len(text), start + width)
    out, at = ["… " if text[:start].strip() else ""], start
    for piece in found:
        if piece.start < at or piece.start >= end:
            continue
        out += [text[at : piece.start].translate(_OWN_MARKS), OPENING, text[piece.start : piece.end], CLOSING]
        at = piece.end
    end = _before_space(text, end)
    out += [text[at : max(at, end)].translate(_OWN_MARKS), " …" if text[max(at, end) :].strip() else ""]
    return " ".join("".join(out).split())


def _after_space(text: str, at: int) -> int:
    """Return where the word at `at` begins, or `at` where no space is near: hostile text may have none at all."""
    spaces = [place + 1 for place in range(max(0, at - _LEAD), at) if text[place].isspace()]
    return spaces[-1] if spaces else (0 if at <= _LEAD else at)


def _before_space(text: str, at: int) -> int:
    near = range(at, min(len(text), at + _LEAD))
    return next((place for place in near if text[place].isspace()), near.stop)
