"""Samples: a share of what no person had to look at is looked at all the same, and says how often the machine errs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from catalog import Transaction, samples
from catalog.samples import Sampled
from catalog.words import Word
from dossier.errors import Code, Rejected
from dossier.model import Document, FieldValue
from dossier.register import VIETNAM
from pipeline.services import Services
from reports.sampling import Limits, draw, limits


@dataclass(frozen=True, slots=True)
class DaySample:
    """The sample of a day: its documents, how many were looked at, how many had an error, and what that says of all."""

    day: str
    drawn_from: int
    documents: tuple[Sampled, ...]
    checked: int
    faulty: int
    fields: int
    wrong: int
    limits: Limits | None


def draw_day(day: date, share: float, services: Services) -> int:
    """Draw the sample of a day that is over, once; whoever draws it again from the same documents gets the same.

    Args:
        day: A day in Viet Nam.
        share: Of its unquestioned documents, rounded up.
        services: Of this process.

    Returns:
        How many were drawn.

    Raises:
        Rejected(SAMPLE_INVALID): The day is not over, or its sample was drawn already.
    """
    now, start = services.clock(), datetime(day.year, day.month, day.day, tzinfo=VIETNAM)
    if start + timedelta(days=1) > now:
        raise Rejected(Code.SAMPLE_INVALID, "not over")
    with services.catalogue.write() as tx:
        if samples.drawn(tx, day.isoformat()):
            raise Rejected(Code.SAMPLE_INVALID, "drawn already")
        found = samples.unquestioned(tx, start, start + timedelta(days=1), services.rules.bands.accept)
        chosen = draw(found, math.ceil(len(found) * share), day.isoformat())
        samples.add(tx, day.isoformat(), chosen, len(found), now)
    return len(chosen)


def look(tx: Transaction, document: Document, word: Word, values: Sequence[FieldValue]) -> bool:
    """Count a person's word on a sampled document against what the machine read; return whether it is in a sample."""
    read: dict[str, list[str]] = {}
    for value in values:
        read.setdefault(value.name, []).append(value.value)
    wrong = sum([value for value in word.said.get(name, ()) if value] != got for name, got in read.items())
    found = Sampled(document.id, checked=True, fields=len(read), wrong=wrong, kind_wrong=word.kind != document.kind)
    return samples.check(tx, found, word.login, word.at)


def by_day(drawn: Sequence[Sampled]) -> list[DaySample]:
    """Return samples by day, as they come; the limits hold for all unquestioned documents of the day."""
    days = dict.fromkeys(each.day for each in drawn)
    return [_day(day, [each for each in drawn if each.day == day]) for day in days]


def _day(day: str, own: Sequence[Sampled]) -> DaySample:
    checked = [each for each in own if each.checked]
    faulty = sum(each.kind_wrong or each.wrong > 0 for each in checked)
    fields, wrong = sum(each.fields for each in checked), sum(each.wrong for each in checked)
    held = limits(faulty, len(checked), own[0].drawn_from) if checked else None
    return DaySample(day, own[0].drawn_from, tuple(own), len(checked), faulty, fields, wrong, held)
