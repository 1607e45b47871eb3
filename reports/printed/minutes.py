"""Biên bản số hóa lô: what a lot was to hold, what came, what was seen of its sample, who says so, and the manifest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dossier.lots import Counting, Difference, Look, Lot, Said
from dossier.register import VIETNAM
from dossier.wording import say
from reports.numbers import count, percent
from reports.printed.forms import FORMS_LANGUAGE, MinutesKey, form
from reports.printed.page import page, place_and_day
from reports.printed.pdf import as_pdf
from reports.tables import Cell, Table
from reports.wording import word


@dataclass(frozen=True, slots=True)
class Minutes:
    """What minutes are made of.

    Attributes:
        lot: The lot, counted at least.
        looks: What was seen of its sample.
        agency: Whose minutes they are.
        unit: Name of the unit whose dossiers they are.
        names: Names of people by the ids of their accounts.
        basis: What the plan of the sample rests on.
        made_at: The moment that the minutes name as their own: of the decision, or of the counting.
    """

    lot: Lot
    looks: tuple[Look, ...]
    agency: str
    unit: str
    names: Mapping[str, str]
    basis: str
    made_at: datetime


def minutes_pdf(own: Minutes) -> bytes:
    """Return minutes as PDF/A-2b; raises as `reports.printed.pdf.as_pdf`."""
    return as_pdf(minutes_html(own))


def minutes_html(own: Minutes) -> str:
    """Return minutes as the HTML page that the PDF is made of."""
    counting = own.lot.counting
    if counting is None:
        raise ValueError("a lot that was not counted has no minutes")
    printed = form(MinutesKey.LOT, own.made_at.astimezone(VIETNAM).date())
    return page(
        "lot.html",
        FORMS_LANGUAGE,
        own.made_at,
        title=printed.title,
        unit=own.agency,
        day=place_and_day(own.made_at, FORMS_LANGUAGE),
        lines=_lines(own),
        counts=_counts(own.lot, counting),
        differences=_differences(counting),
        explained=_explained(own),
        leaves=_leaves(counting),
        sampling=_sampling(own, counting),
        faulty=_faulty(own, counting),
        verdict=_verdict(own),
        people=_people(own, counting),
        manifest=counting.manifest,
        size=count(counting.size),
        dossiers=_dossiers(own.lot, counting, tuple(column.name for column in printed.columns)),
        widths=printed.shares,
        signatures=printed.signatures,
    )


def difference_text(each: Difference, language: str = FORMS_LANGUAGE) -> str:
    """Return a difference in words."""
    told = word(f"lot.differs.{each.kind.value}", language, declared=count(each.declared), found=count(each.found))
    return f"{each.code}: {told}" if each.code else told


def _say(key: str, **values: object) -> str:
    return word(f"lot.{key}", FORMS_LANGUAGE, **values)


def _lines(own: Minutes) -> list[str]:
    opening = own.lot.opening
    boxes = "; ".join(opening.boxes) or _say("no_box")
    kept = _say("retention", group=opening.retention) if opening.retention else ""
    return [
        line
        for line in (
            _say("number", lot=own.lot.id, wave=opening.wave),
            _say("boxes", boxes=boxes),
            _say("unit", unit=own.unit),
            kept,
        )
        if line
    ]


def _counts(lot: Lot, counting: Counting) -> Table:
    opening = lot.opening
    came = [each for each in counting.came if each.pages]
    leaves = opening.declared_leaves
    rows: tuple[tuple[Cell, ...], ...] = (
        (_say("count.dossiers"), opening.declared_dossiers, len(came)),
        (_say("count.leaves"), _say("unknown") if leaves is None else leaves, ""),
        (_say("count.pages"), "", counting.pages),
        (_say("count.documents"), "", sum(each.documents for each in came)),
        (_say("count.lost_leaves"), "", len(counting.leaves)),
        (_say("count.bad"), "", sum(each.bad for each in came)),
    )
    return Table("", (_say("what"), _say("declared"), _say("found")), rows)


def _differences(counting: Counting) -> list[str]:
    return [difference_text(each) for each in counting.differences]


def _explained(own: Minutes) -> str:
    decision = own.lot.decision
    return _say("explained", reason=decision.reason) if decision and decision.accepted and decision.reason else ""


def _leaves(counting: Counting) -> Table | None:
    rows = tuple(
        (
            each.code,
            each.component or _say("any_component"),
            each.leaf,
            say(f"leaf_reasons.{each.reason}", FORMS_LANGUAGE),
        )
        for each in counting.leaves
    )
    return (
        Table("", tuple(_say(f"column.{name}") for name in ("code", "component", "leaf", "why")), rows)
        if rows
        else None
    )


def _sampling(own: Minutes, counting: Counting) -> list[str]:
    plan, faulty = counting.sampling, sum(bool(each.fault) for each in own.looks)
    share = percent(plan.size, plan.population) if plan.population else percent(0, 1)
    drawn = _say("drawn", size=count(plan.size), population=count(plan.population), share=share)
    allowed = _say(
        "allowed",
        most=count(plan.most_faulty),
        reject=count(plan.most_faulty + 1),
        limit=percent(round(plan.limit * 10_000), 10_000),
        risk=percent(round(plan.risk * 10_000), 10_000),
    )
    seed = _say("whole") if plan.whole else _say("seed")
    judged = _say("judged", judged=count(len(own.looks)), size=count(plan.size), faulty=count(faulty))
    return [drawn, seed, allowed, _say("basis", basis=own.basis), judged]


def _faulty(own: Minutes, counting: Counting) -> Table | None:
    rows = tuple(
        (each.position, *_page(counting.sample[each.position - 1]), say(f"page_faults.{each.fault}", FORMS_LANGUAGE))
        for each in own.looks
        if each.fault
    )
    columns = ("position", "code", "document", "page", "why")
    return Table("", tuple(_say(f"column.{name}") for name in columns), rows) if rows else None


def _page(key: str) -> tuple[str, str, int]:
    code, _, rest = key.partition("/")
    document, _, number = rest.partition("#")
    return code, document, int(number)


def _verdict(own: Minutes) -> str:
    decision = own.lot.decision
    if decision is None:
        return _say("undecided")
    told = _say("accepted" if decision.accepted else "rejected")
    return told if decision.accepted or not decision.reason else f"{told} {_say('why', reason=decision.reason)}"


def _people(own: Minutes, counting: Counting) -> list[str]:
    lot = own.lot
    told = [
        _say("scanned_by", names=_names(own, counting.scanners)),
        _say("counted_by", **_said(own, lot.counted)),
        _say("checked_by", names=_names(own, (each.actor for each in own.looks)) or _say("nobody")),
    ]
    return [*told, _say("decided_by", **_said(own, lot.decided))] if lot.decided else told


def _said(own: Minutes, said: Said | None) -> dict[str, str]:
    if said is None:
        return {"name": "", "at": ""}
    at = datetime.fromisoformat(said.at).astimezone(VIETNAM)
    return {"name": own.names.get(said.actor, said.actor), "at": f"{at:%d/%m/%Y %H:%M}"}


def _names(own: Minutes, ids: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(own.names.get(each, each) for each in ids))


def _dossiers(lot: Lot, counting: Counting, columns: tuple[str, ...]) -> Table:
    came = {each.code: each for each in counting.came}
    rows: list[tuple[Cell, ...]] = []
    for number, each in enumerate(lot.opening.listed, start=1):
        own = came[each.code]
        leaves = "" if each.leaves is None else each.leaves
        rows.append((number, each.code, each.number, leaves, own.documents, own.pages, own.bad))
    sums = (
        sum(each.leaves or 0 for each in lot.opening.listed),
        *(sum(getattr(each, name) for each in counting.came) for name in ("documents", "pages", "bad")),
    )
    return Table("", columns, tuple(rows), ("", word("total", FORMS_LANGUAGE), "", *sums))
