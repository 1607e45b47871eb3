"""Reports to take away, and fixed ones (chốt số liệu): list, look, compare, signed print."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from starlette.responses import Response

from catalog import Transaction, facts, signed_reports, snapshots
from catalog.snapshots import Snapshot
from dossier.digest import canonical
from dossier.errors import Code, HososoError, Rejected
from dossier.people import Permission
from pipeline.charting import history
from pipeline.freezing import frozen_now, known, seen_by, take, thawed
from pipeline.projecting import project
from pipeline.questions import Answerable, inspected
from pipeline.reporting import stored_report
from pipeline.scratch import working_folder
from reports import tables
from reports.as_json import as_json
from reports.grouping import By
from reports.indicators.registry import formulas
from reports.lists import Detail, details
from reports.numbers import count
from reports.printed.report import write_report_pdf
from reports.rates import versions
from reports.snapshot import difference
from reports.wording import name_of
from reports.workbook import write_xlsx
from web.asking import ask_again, carried, choice, question
from web.attachment import TYPES, attachment
from web.rules import Page, Rule
from web.visit import Visit

_SHOWN, _MOST_NOTE = 200, 400


def index(visit: Visit) -> Response:
    """Show what reports there are, the fixed ones, and by which definitions figures are counted."""
    house = visit.house
    try:
        with house.services.catalogue.read() as tx:
            question(tx, visit)
            offered, taken = choice(tx, visit), snapshots.every(tx)
            signed = {one.number for one in taken if signed_reports.find(tx, one.number) is not None}
    except HososoError as exc:
        return ask_again(visit, exc)
    defined = [one for key in formulas() for one in versions(key)]
    return visit.page(
        "reports.html",
        choice=offered,
        by=None,
        ways=tuple(By),
        link=partial(carried, visit),
        taken=seen_by(visit.someone(), reversed(taken), house.services),
        signed=signed,
        definitions=[(one.name(house.language), one) for one in defined],
    )


def export(visit: Visit) -> Response:
    """Give the inspection report as PDF/A, workbook or JSON; with the list behind it to those who may see lists."""
    kind = visit.parameters["kind"]
    if kind not in TYPES:
        raise Rejected(Code.PAGE_UNKNOWN)
    house = visit.house
    project(house.services, demo=house.demo)
    with house.services.catalogue.read() as tx, working_folder(house.services.scratch) as folder:
        asks = question(tx, visit)
        path = folder / f"report.{kind}"
        _WRITERS[kind](tx, asks, path, visit)
        return attachment(path.read_bytes(), f"bao-cao-so-hoa.{kind}", TYPES[kind])


def fix(visit: Visit) -> Response:
    """Fix the report: rows, versions and figures are kept as they are now."""
    house, own = visit.house, visit.someone()
    project(house.services, demo=house.demo)
    with house.services.catalogue.read() as tx:
        frozen = frozen_now(tx, question(tx, replace(visit, query=visit.form)))
    taken = take(frozen, own.id, visit.form.get("note", "").strip()[:_MOST_NOTE], house.services)
    return visit.go(f"/reports/fixed/{taken.number}")


def fixed(visit: Visit) -> Response:
    """Show a fixed report, counted again from its own rows."""
    house, language = visit.house, visit.house.language
    taken = _one(visit, visit.parameters["report"])
    figures = thawed(taken, house.services).figures
    with house.services.catalogue.read() as tx:
        signed, others = signed_reports.find(tx, taken.number), snapshots.every(tx)
    return visit.page(
        "fixed.html",
        taken=taken,
        signed=signed,
        heading=tables.heading(figures, language),
        rates=[(rate, rate.definition.name(language)) for rate in tables.rates(figures)],
        works=[(depth, name, count(number)) for depth, name, number in tables.work_lines(figures.total, language)],
        gaps=tables.causes(figures, language),
        notes=tables.notes(figures, language),
        others=[one for one in seen_by(visit.someone(), others, house.services) if one.number != taken.number],
    )


def print_of(visit: Visit) -> Response:
    """Give the signed print of a fixed report, or a print of it where it has none."""
    services, taken = visit.house.services, _one(visit, visit.parameters["report"])
    with services.catalogue.read() as tx:
        signed = signed_reports.find(tx, taken.number)
    name = f"bao-cao-chot-{taken.number}.pdf"
    if signed is not None:
        with stored_report(signed, services) as file:
            return attachment(file.read_bytes(), name, TYPES["pdf"])
    with working_folder(services.scratch) as folder:
        path = folder / "report.pdf"
        write_report_pdf(thawed(taken, services).figures, path, visit.house.language)
        return attachment(path.read_bytes(), name, TYPES["pdf"])


def compared(visit: Visit) -> Response:
    """Explain dossier by dossier what two fixed reports differ by."""
    house, language = visit.house, visit.house.language
    before, after = (_one(visit, visit.parameters[name]) for name in ("before", "report"))
    old, new = (thawed(one, house.services) for one in (before, after))
    changes = difference(old, new)
    pairs = zip(tables.rates(old.figures), tables.rates(new.figures), strict=True)
    return visit.page(
        "compared.html",
        before=before,
        after=after,
        rates=[(one.definition.name(language), one, other) for one, other in pairs],
        total=count(len(changes)),
        changes=[(one.code, _said(one.before, visit), _said(one.after, visit)) for one in changes[:_SHOWN]],
        cut=len(changes) > _SHOWN,
    )


def _write_pdf(tx: Transaction, asks: Answerable, path: Path, visit: Visit) -> None:
    write_report_pdf(inspected(tx, asks), path, visit.house.language, [history(tx, asks, "portal")])


def _write_xlsx(tx: Transaction, asks: Answerable, path: Path, visit: Visit) -> None:
    may = visit.someone().may(Permission.LIST)
    behind = details(facts.lines(tx, asks.scope), asks.question.view()) if may else ()
    write_xlsx(inspected(tx, asks), path, visit.house.language, behind)


def _write_json(tx: Transaction, asks: Answerable, path: Path, _visit: Visit) -> None:
    path.write_bytes(canonical(as_json(inspected(tx, asks))))


_WRITERS: dict[str, Callable[[Transaction, Answerable, Path, Visit], None]] = {
    "pdf": _write_pdf,
    "xlsx": _write_xlsx,
    "json": _write_json,
}


def _one(visit: Visit, number: str) -> Snapshot:
    """Return a fixed report that the account may see; what it may not see is unknown to it."""
    if not number.isascii() or not number.isdigit() or len(number) > 9:  # noqa: PLR2004
        raise Rejected(Code.SNAPSHOT_UNKNOWN, subject=number[:9])
    services = visit.house.services
    taken = known(int(number), services)
    if not seen_by(visit.someone(), [taken], services):
        raise Rejected(Code.SNAPSHOT_UNKNOWN, subject=number)
    return taken


def _said(one: Detail | None, visit: Visit) -> str:
    """Return what a dossier is in a report: both readings, and what became of it."""
    if one is None:
        return visit.house.word("fixed.absent")
    said = (name_of(each, visit.house.language) for each in (one.archival, one.portal, one.outcome) if each is not None)
    return ", ".join(said)


def _kind(visit: Visit) -> str:
    return f"kind={visit.parameters['kind'][:10]}"


def _number(visit: Visit) -> str:
    return f"report={visit.parameters['report'][:9]}"


_FIXED = "/reports/fixed/{report}"
PAGES = (
    Page("GET", "/reports", Rule(Permission.REPORT), index),
    Page("GET", "/reports/inspection.{kind}", Rule(Permission.REPORT, noted="report.export", more=_kind), export),
    Page("POST", "/reports/fixed", Rule(Permission.FREEZE, noted="report.fix"), fix),
    Page("GET", _FIXED, Rule(Permission.REPORT, noted="report.view", more=_number), fixed),
    Page("GET", f"{_FIXED}/print.pdf", Rule(Permission.REPORT, noted="report.print", more=_number), print_of),
    Page("GET", f"{_FIXED}/since/{{before}}", Rule(Permission.LIST, noted="report.compare", more=_number), compared),
)
