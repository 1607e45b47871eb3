"""The work list as people have it before them: rows with place, action, pages and minutes; as text, JSON, sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from dossier.register import VIETNAM
from reports.charts.forecast import MARK
from reports.numbers import count, decimal, percent
from reports.printed.forms import FORMS_LANGUAGE, SheetKey, form
from reports.printed.listing import Listing
from reports.tables import Cell
from reports.wording import word
from reports.worklist.actions import Action
from reports.worklist.boxes import Order, Total

TICK = "□"


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One line: a box, or with a code a dossier. `pages` and `minutes` are expected; `is_known`: pages were counted."""

    place: str
    counter: str
    actions: tuple[tuple[Action, int], ...]
    dossiers: int
    pages: float
    minutes: float
    gain: float
    received: datetime | None
    code: str = ""
    number: str = ""
    procedure: str = ""
    is_known: bool = False

    def told(self, language: str) -> str:
        """Return what to do, in words: of a box how many dossiers each thing is for."""
        if self.code:
            return word(f"worklist.action.{self.actions[0][0]}", language)
        return "; ".join(f"{word(f'worklist.action.{action}', language)}: {count(n)}" for action, n in self.actions)


@dataclass(frozen=True, slots=True)
class WorkList:
    """The first rows of a list, and what the whole of it comes to.

    `is_part`: it was asked for one counter, box or procedure only, so that its total is no rate of the office. `basis`
    says where the numbers of effort come from, `learned` how many scanned dossiers the pages were learned from.
    """

    key: SheetKey
    order: Order
    unit: str
    made_at: datetime
    start: date
    end: date
    total: Total
    is_part: bool
    rows: tuple[WorkRow, ...]
    basis: str
    learned: int

    @property
    def missing(self) -> int:
        """How many more dossiers have to be counted to reach the target."""
        return self.total.missing(MARK)


def lines(found: WorkList, language: str) -> list[str]:
    """Return the list as lines for a terminal."""
    return [
        *heading(found, language),
        *(_line(number, row, language) for number, row in enumerate(found.rows, start=1)),
    ]


def heading(found: WorkList, language: str) -> list[str]:
    """Return what stands above the rows: the rate now, what is left, what the numbers rest on."""
    total = found.total
    days = {"start": f"{found.start:%d/%m/%Y}", "end": f"{found.end:%d/%m/%Y}"}
    rate = {"rate": percent(total.counted, total.dossiers), "counted": count(total.counted)}
    target = percent(MARK.numerator, MARK.denominator, 0)
    left = {"paper": count(total.on_paper), "pages": count(round(total.pages)), "desk": count(total.at_desk)}
    whole = [
        word("worklist.rate", language, dossiers=count(total.dossiers), **rate, **days),
        word("worklist.missing", language, target=target, missing=count(found.missing)),
    ]
    said = [
        *([] if found.is_part else whole),
        word("worklist.left", language, hours=_hours(total.desk_minutes), others=count(total.others), **left),
        word("worklist.learned", language, basis=found.basis, learned=count(found.learned)),
    ]
    if total.without_place:
        said.append(word("worklist.without_place", language, count=count(total.without_place)))
    return said


def as_json(found: WorkList) -> dict[str, Any]:
    """Return the list for a program (docs/schemas/worklist.json)."""
    total = found.total
    return {
        "list": found.key.value,
        "order": found.order.value,
        "is_part": found.is_part,
        "period": {"start": found.start.isoformat(), "end": found.end.isoformat()},
        "total": {
            "dossiers": total.dossiers,
            "counted": total.counted,
            "missing_to_target": found.missing,
            "on_paper": total.on_paper,
            "pages": round(total.pages, 1),
            "at_desk": total.at_desk,
            "desk_minutes": round(total.desk_minutes, 1),
            "others": total.others,
            "without_place": total.without_place,
        },
        "learned_from": found.learned,
        "rows": [_row_as_json(row) for row in found.rows],
    }


def sheets(found: WorkList) -> list[Listing]:
    """Return a sheet for each counter, in the order of their first rows; rows keep their order within."""
    by_counter: dict[str, list[WorkRow]] = {}
    for row in found.rows:
        by_counter.setdefault(row.counter, []).append(row)
    return [_sheet(found, counter, rows) for counter, rows in by_counter.items()] or [_sheet(found, "", [])]


def whole_sheet(found: WorkList) -> Listing:
    """Return one sheet with all rows."""
    return _listing(found, (), found.rows)


def _sheet(found: WorkList, counter: str, rows: Sequence[WorkRow]) -> Listing:
    whose = counter or word("worklist.no_counter", FORMS_LANGUAGE)
    return _listing(found, (word("worklist.counter", FORMS_LANGUAGE, counter=whose),), rows)


def _listing(found: WorkList, above: tuple[str, ...], rows: Sequence[WorkRow]) -> Listing:
    sums = {"dossiers": count(sum(row.dossiers for row in rows)), "pages": count(round(sum(row.pages for row in rows)))}
    said = "worklist.sheet" if found.key is SheetKey.BOXES else "worklist.sheet_single"
    summed = word(said, FORMS_LANGUAGE, hours=_hours(sum(row.minutes for row in rows)), **sums)
    closing = (word("worklist.about", FORMS_LANGUAGE),)
    day = found.made_at.astimezone(VIETNAM).date()
    filled = tuple(map(_cells, rows))
    return Listing(form(found.key, day), found.unit, found.made_at, (*above, summed), filled, closing)


def _cells(row: WorkRow) -> Mapping[str, Cell]:
    return {
        "place": row.place or word("worklist.nowhere", FORMS_LANGUAGE),
        "number": row.number,
        "code": row.code,
        "procedure": row.procedure,
        "action": row.told(FORMS_LANGUAGE),
        "waiting": row.dossiers,
        "about": _pages(row),
        "done": TICK,
    }


def _line(number: int, row: WorkRow, language: str) -> str:
    place = row.place or word("worklist.nowhere", language)
    where = f"{row.code}  {place}" if row.code else place
    told = {"pages": _pages(row), "minutes": count(round(row.minutes)), "action": row.told(language)}
    since = f"{row.received.astimezone(VIETNAM):%d/%m/%Y}" if row.received else ""
    return word("worklist.row", language, number=number, where=where, counter=row.counter or "–", since=since, **told)


def _pages(row: WorkRow) -> str:
    """Return the pages of a row: estimates say so."""
    whole = count(max(1, round(row.pages))) if row.pages else "0"
    return whole if row.is_known or not row.pages else f"~{whole}"


def _hours(minutes: float) -> str:
    return decimal(Fraction(round(minutes), 60), 1)


def _row_as_json(row: WorkRow) -> dict[str, Any]:
    value = {
        "place": row.place,
        "counter": row.counter,
        "actions": {action.value: number for action, number in row.actions},
        "dossiers": row.dossiers,
        "pages": round(row.pages, 1),
        "pages_known": row.is_known,
        "minutes": round(row.minutes, 1),
        "gain": round(row.gain, 3),
        "oldest": row.received.isoformat() if row.received else None,
    }
    return value | ({"code": row.code, "number": row.number, "procedure": row.procedure} if row.code else {})
