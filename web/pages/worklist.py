"""The work list: which box or dossier to take next, as a page, as sheets to print, as a workbook."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from starlette.responses import Response

from catalog import intakes
from dossier.errors import Code, HososoError, Rejected
from dossier.people import Permission
from pipeline.leaves import told_in
from pipeline.next_work import Wanted, next_work
from pipeline.projecting import project
from pipeline.scratch import working_folder
from reports.numbers import count
from reports.printed.forms import SheetKey
from reports.printed.listing import write_listing_xlsx, write_sheets_pdf
from reports.worklist.boxes import Order
from reports.worklist.listing import WorkList, heading, sheets, whole_sheet
from web.asking import ask_again, carried, choice, question
from web.attachment import TYPES, attachment
from web.rules import Page, Rule
from web.visit import Visit

_KEYS = {"box": SheetKey.BOXES, "dossier": SheetKey.DOSSIERS, "desk": SheetKey.DESK}
_AT_ONCE, _MOST_PRINTED, _FURTHEST = 50, 500, 100_000
_LONGEST_PLACE = 100
_KINDS = ("pdf", "xlsx")


def worklist(visit: Visit) -> Response:
    """Show what to do next, what raises the rate soonest first."""
    house, page = visit.house, visit.number("page", 1, _FURTHEST // _AT_ONCE)
    try:
        found = _found(visit, (page - 1) * _AT_ONCE, _AT_ONCE)
        with house.services.catalogue.read() as tx:
            offered = choice(tx, visit)
            leaves = len(told_in(tx, visit.units, _AT_ONCE)) if visit.someone().may(Permission.UPLOAD) else 0
            known = {row.code for row in found.rows if row.code and intakes.find_dossier(tx, row.code) is not None}
    except HososoError as exc:
        return ask_again(visit, exc)
    link = partial(carried, visit, **_own(visit))
    return visit.page(
        "worklist.html",
        choice=offered,
        found=found,
        known=known if visit.someone().may(Permission.READ) else set(),
        heading=heading(found, house.language),
        lists=tuple(_KEYS),
        orders=tuple(Order),
        chosen=_key(visit),
        order=_order(visit),
        counter=_place(visit, "counter") or "",
        box=_place(visit, "box"),
        link=link,
        count=count,
        leaves=leaves,
        first=(page - 1) * _AT_ONCE + 1,
        before=link(page=str(page - 1)) if page > 1 else "",
        after=link(page=str(page + 1)) if len(found.rows) == _AT_ONCE else "",
    )


def printed(visit: Visit) -> Response:
    """Give the first rows as a sheet for each counter, or as a workbook."""
    kind = visit.parameters["kind"]
    if kind not in _KINDS:
        raise Rejected(Code.PAGE_UNKNOWN)
    found = _found(visit, 0, _MOST_PRINTED)
    with working_folder(visit.house.services.scratch) as folder:
        written = folder / f"worklist.{kind}"
        _write(found, written)
        data = written.read_bytes()
    return attachment(data, f"viec-can-lam.{kind}", TYPES[kind])


def _write(found: WorkList, path: Path) -> None:
    if path.suffix == ".pdf":
        write_sheets_pdf(sheets(found), path)
    else:
        write_listing_xlsx(whole_sheet(found), path)


def _found(visit: Visit, skip: int, limit: int) -> WorkList:
    house = visit.house
    project(house.services, demo=house.demo)
    with house.services.catalogue.read() as tx:
        asks = question(tx, visit)
        wanted = Wanted(
            key=_KEYS[_key(visit)],
            order=_order(visit),
            period=asks.question.period,
            scope=asks.scope,
            counter=_place(visit, "counter"),
            box=_place(visit, "box"),
            skip=skip,
            limit=limit,
        )
        return next_work(tx, wanted, asks.question.unit, asks.question.as_of, asks.known)


def _own(visit: Visit) -> dict[str, str]:
    """Return what the address says of the list beside the question."""
    own = {name: visit.query.get(name, "")[:_LONGEST_PLACE] for name in ("counter", "box")}
    return {"list": _key(visit), "order": _order(visit).value, **own}


def _key(visit: Visit) -> str:
    key = visit.query.get("list") or ("dossier" if visit.query.get("box") else "box")
    if key not in _KEYS:
        raise Rejected(Code.REQUEST_INVALID, "list")
    return "dossier" if key == "box" and visit.query.get("box") else key


def _order(visit: Visit) -> Order:
    try:
        return Order(visit.query.get("order") or Order.GAIN)
    except ValueError as exc:
        raise Rejected(Code.REQUEST_INVALID, "order") from exc


def _place(visit: Visit, name: str) -> str | None:
    return visit.query.get(name, "").strip()[:_LONGEST_PLACE] or None


PAGES = (
    Page("GET", "/worklist", Rule(Permission.LIST, noted="worklist.view"), worklist),
    Page(
        "GET",
        "/worklist/list.{kind}",
        Rule(Permission.LIST, noted="worklist.print", more=lambda visit: f"kind={visit.parameters['kind'][:10]}"),
        printed,
    ),
)
