"""Work that does not move, in words: how much, at which step, since when, why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from catalog.stuck import Reason, Stuck
from dossier.errors import Code
from hososo.console import Console

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


def lines(found: Sequence[Stuck], now: datetime, console: Console) -> list[str]:
    """Return one sentence for each step and cause."""
    return [
        console.word(
            "stuck.line",
            count=one.count,
            step=console.word(f"steps.{one.step.value}"),
            age=age(now - one.oldest, console),
            cause=_cause(one, console),
        )
        for one in found
    ]


def age(span: timedelta, console: Console) -> str:
    """Return a span of time in its largest whole unit."""
    if span >= _DAY:
        return console.word("age.days", count=span // _DAY)
    if span >= _HOUR:
        return console.word("age.hours", count=span // _HOUR)
    return console.word("age.minutes", count=span // timedelta(minutes=1))


def as_json(found: Sequence[Stuck]) -> list[dict[str, Any]]:
    """Return the list for programs."""
    return [
        {
            "step": one.step.value,
            "reason": one.reason.value,
            "code": one.code,
            "count": one.count,
            "since": one.oldest.isoformat(),
        }
        for one in found
    ]


def _cause(one: Stuck, console: Console) -> str:
    if one.reason in (Reason.HELD, Reason.UNTAKEN):
        return console.word(f"stuck.{one.reason.value}")
    return console.problem(Code(one.code))
