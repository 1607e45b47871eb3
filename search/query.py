"""What people type into the search box, as terms that every engine compiles in its own way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from dossier.errors import Code, Rejected
from dossier.text import fold
from search.filters import EVERYTHING, Filters, normal_code
from search.words import (
    LONGEST_WORD,
    is_accented,
    is_whole,
    letters_and_tones,
    one_spelling,
    printed_words,
    stored,
    words,
)

LONGEST_QUERY = 400
MOST_TERMS = 16
SHORTEST_PREFIX = 2

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂″", '"'))
_PART = re.compile(r'"([^"]*)"|([^"\s]+)')


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a page must have: words that stand in this order without a gap.

    Attributes:
        fold: Folded keys of the words.
        exact: Exact keys, when the query has a mark at all, so that its author types them: pages that have these
            rank above the others. Else empty, as for a number or symbol.
        prefix: The last word is the beginning of a word.
        whole: The folded number or symbol when the term is one: pages that print it whole rank above those that
            have its pieces in a row, as OCR sees a symbol with spaces in it. Else empty.
        near: Words that may stand in place of a single word, because it may have been misread; pages that have the
            word itself rank above them.
        printed: The term as it was typed.
    """

    fold: tuple[str, ...]
    exact: tuple[str, ...] = ()
    prefix: bool = False
    whole: str = ""
    near: tuple[str, ...] = ()
    printed: str = field(default="", compare=False)

    def alternatives(self) -> tuple[Term, ...]:
        """Return the terms of which a page must have one: the beginning `ky` is also the whole word `ki` (kỹ, kĩ)."""
        respelled = one_spelling(self.fold[-1])
        if not self.prefix or respelled == self.fold[-1]:
            return (self,)
        return (self, Term((*self.fold[:-1], respelled)))

    def neighbours(self) -> tuple[Term, ...]:
        """Return the terms that may stand in place of this one, most alike first."""
        return tuple(Term((word,)) for word in self.near)


@dataclass(frozen=True, slots=True)
class Query:
    """All terms must be found on one page (its title and fields included), and the page must pass the filters.

    Without terms the first page of each document that passes is found, newest first. `units` are those that the person
    who asks may see: whatever else is asked for, nothing of another unit is found or counted. With `lacking` a page may
    lack any one of the terms.
    """

    terms: tuple[Term, ...]
    filters: Filters = EVERYTHING
    units: frozenset[str] | None = None
    lacking: bool = False

    @property
    def widened(self) -> tuple[str, ...]:
        """The words, as they were typed, in place of which others may stand."""
        return tuple(term.printed for term in self.terms if term.near)


def parse_query(text: str, filters: Filters = EVERYTHING) -> Query:
    """Return the query a person typed.

    Bare words must all be found, in any order; `"words in quotes"` in this order; `ngu*` is the beginning of a word;
    `123/2024/QĐ-UBND`, identity numbers and dossier codes are one thing. Marks and case may be left out; when they
    are typed, pages with exactly these marks rank first. Any Unicode form is understood.

    Args:
        text: At most 400 characters and 16 terms; it may be empty where filters ask for something.
        filters: What pages must fulfil beside.

    Raises:
        Rejected: QUERY_INVALID, with the cause in `detail` and never the words themselves, which may name a person.
    """
    if len(text) > LONGEST_QUERY:
        raise _invalid(f"longer than {LONGEST_QUERY} characters")
    text = stored(text).translate(_QUOTES)
    if text.count('"') % 2:
        raise _invalid("a quotation mark is not closed")
    terms = [term for part in _PART.finditer(text) for term in _terms(part[1], part[2])]
    if not is_accented(text):
        terms = [replace(term, exact=()) for term in terms]
    if not terms and (text.strip() or not filters):
        raise _invalid("no word to look for")
    filters.check()
    if len(terms) > MOST_TERMS:
        raise _invalid(f"more than {MOST_TERMS} terms")
    return Query(tuple(dict.fromkeys(terms)), filters)


def _terms(phrase: str | None, bare: str | None) -> list[Term]:
    if phrase is not None:
        body, prefix = _without_star(phrase)
        return [_term(body, prefix=prefix)] if any(words(body)) else []
    body, prefix = _without_star(normal_code(bare or ""))
    printed = printed_words(body)
    if prefix and not printed:
        raise _invalid("a star without the beginning of a word")
    last = len(printed) - 1
    return [_term(word, prefix=prefix and at == last, bare=True) for at, word in enumerate(printed)]


def _without_star(text: str) -> tuple[str, bool]:
    text = text.strip()
    prefix = text.endswith("*")
    body = text[:-1] if prefix else text
    if "*" in body:
        raise _invalid("a star stands only at the end of a word")
    return body, prefix


def _term(text: str, *, prefix: bool, bare: bool = False) -> Term:
    found = list(words(text))
    folded, exact = [word.fold for word in found], [word.exact for word in found]
    if prefix:
        last = text[found[-1].start : found[-1].end]
        folded[-1] = fold(last)
        # The tone stands behind the whole word, which is not known yet: only the letters are compared.
        exact[-1] = letters_and_tones(last)[0]
        if len(folded[-1]) < SHORTEST_PREFIX:
            raise _invalid(f"a beginning has at least {SHORTEST_PREFIX} letters")
    if bare and is_whole(text):
        return Term(tuple(folded), (), prefix, fold(text)[:LONGEST_WORD], printed=text)
    return Term(tuple(folded), tuple(exact), prefix, printed=text)


def _invalid(cause: str) -> Rejected:
    return Rejected(Code.QUERY_INVALID, cause)
