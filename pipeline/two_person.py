"""Two persons: of some kinds and fields one person's word is not enough, and nobody is both.

The first word is kept aside and shown to nobody. Where the second agrees, it counts; where not, a third decides with
both before them, or both are forgotten and the document is asked anew, as the office's rule says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from catalog import Transaction, words
from catalog.words import Word
from dossier.errors import Code, Rejected
from dossier.model import Document
from dossier.people import Account
from pipeline.confirmation import record
from pipeline.services import Services

EVERY = "*"


class Outcome(StrEnum):
    """What became of a word."""

    CONFIRMED = "confirmed"
    SECOND = "second"  # it waits for a second person
    THIRD = "third"  # the two do not agree: it waits for a third
    BACK = "back"  # the two do not agree: both were forgotten


@dataclass(frozen=True, slots=True)
class TwoPersonRule:
    """Of what two persons have to say the same.

    Attributes:
        kinds: Kinds of documents, of which everything has to agree; `*` means every kind.
        fields: Fields, of which kind and these values have to agree.
        third: A third person decides where two do not agree; else the document is asked anew.
    """

    kinds: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    third: bool = True

    def whole(self, *kinds: str) -> bool:
        """Return whether everything of a document has to agree."""
        return EVERY in self.kinds or bool(self.kinds & set(kinds))

    def asks(self, kinds: Iterable[str], names: Iterable[str]) -> bool:
        """Return whether one word is not enough: by the kind so far or the one said, or by a field that is said."""
        return self.whole(*kinds) or not self.fields.isdisjoint(names)

    def agree(self, present: str, one: Word, other: Word) -> bool:
        """Return whether two words say the same as far as they have to."""
        names = one.said.keys() | other.said.keys()
        if not self.whole(present, one.kind, other.kind):
            names &= self.fields
        same = all(one.said.get(name, []) == other.said.get(name, []) for name in names)
        return one.kind == other.kind and same


def take(
    tx: Transaction, document: Document, own: Account, word: Word, rule: TwoPersonRule, services: Services
) -> Outcome:
    """Take in what a person says of a document as it is now.

    Raises:
        Rejected(SECOND_PERSON): The same person has said something of it already.
    """
    before = [each for each in words.of_document(tx, document.id) if each.seen == word.seen]
    if not before:
        words.forget(tx, document.id)  # what was said of something that has changed since
    if any(each.account_id == own.id for each in before):
        raise Rejected(Code.SECOND_PERSON, subject=document.id)
    if not rule.asks((document.kind, word.kind), word.said):
        return _counts(tx, document, word, [], services)
    agreeing = [each for each in before if rule.agree(document.kind, each, word)]
    if agreeing or len(before) > 1:
        return _counts(tx, document, word, agreeing or before, services)
    if before and not rule.third:
        words.forget(tx, document.id)
        return Outcome.BACK
    words.add(tx, document.id, len(before) + 1, word)
    return Outcome.THIRD if before else Outcome.SECOND


def disputed(said: list[Word], seen: str) -> Mapping[str, list[str]]:
    """Return by field what two persons have said who do not agree; nothing while only one has, who is not to be read.

    The kinds are under the empty name.
    """
    present = [each for each in said if each.seen == seen]
    if len(present) < 2:  # noqa: PLR2004 - two
        return {}
    found: dict[str, list[str]] = {"": list(dict.fromkeys(each.kind for each in present))}
    for name in {name for each in present for name in each.said}:
        found[name] = list(dict.fromkeys(value for each in present for value in each.said.get(name, [])))
    return found


def _counts(tx: Transaction, document: Document, word: Word, beside: list[Word], services: Services) -> Outcome:
    record(tx, document, word.kind, word.said, (*(each.login for each in beside), word.login), services)
    words.forget(tx, document.id)
    return Outcome.CONFIRMED
