"""Papers: the forms of the office filled in from register, procedures and archive, ready to be printed.

What the data do not say stays free for the pen: number of copies, leaves, condition of the paper, retention.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from catalog import Transaction, documents, fields, intakes, register_rows
from dossier.codes import parse_code
from dossier.errors import Code, Rejected
from dossier.model import Document, Dossier
from dossier.register import RESULT_COMPONENT, VIETNAM, RegisterEntry
from dossier.states import DocumentState
from pipeline.services import Services
from registers.reference_data import Reference
from reports.numbers import count
from reports.printed.forms import FormKey, form, phrase
from reports.printed.listing import Listing
from reports.printed.slip import Slip
from reports.tables import Cell

MOST_ROWS = 2000
"""A print takes about 8 ms and a quarter of a MiB a row."""
_CHUNK = 500
_FREE = "." * 60


@dataclass(frozen=True, slots=True)
class Request:
    """What all papers need to know: reference data, whose they are, the moment, and what stands under the title."""

    known: Reference
    unit: str
    at: datetime
    lines: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        """The day of the forms and of the reference data."""
        return self.at.astimezone(VIETNAM).date()


def book(tx: Transaction, codes: Sequence[str], request: Request) -> Listing:
    """Return sổ theo dõi hồ sơ: the register's rows of some dossiers in the order in which they came.

    Raises:
        Rejected: PRINT_TOO_LONG, more rows than people read on paper.
    """
    entries = sorted(_entries(tx, codes), key=lambda each: (each.received_at is None, each.received_at, each.code))
    rows = tuple(_book_row(entry, request) for entry in entries)
    return Listing(form(FormKey.BOOK, request.day), request.unit, request.at, request.lines, rows)


def slip(tx: Transaction, code: str, request: Request) -> Slip:
    """Return giấy tiếp nhận hồ sơ và hẹn trả kết quả of a dossier in the register.

    Raises:
        Rejected(DOSSIER_UNKNOWN): The register has no such dossier.
    """
    parsed = parse_code(code)
    entry = register_rows.find(tx, parsed.normal) if parsed else None
    if entry is None:
        raise Rejected(Code.DOSSIER_UNKNOWN, "not in the register", subject=code[:60])
    day = entry.received_at.astimezone(VIETNAM).date() if entry.received_at else request.day
    known = request.known.procedures.find(entry.procedure, day)
    parts = known.components if known else ()
    return Slip(
        form=form(FormKey.SLIP, request.day),
        unit=request.known.units.name(entry.unit, day) if entry.unit else request.unit,
        made_at=request.at,
        code=entry.raw_code or entry.code,
        applicant=entry.applicant,
        procedure=entry.procedure_name or (known.name if known else ""),
        components=tuple(part.name for part in parts if part.code != RESULT_COMPONENT),
        days=f"{known.deadline:02d}" if known and known.deadline is not None else "",
        received=_clock(entry.received_at),
        due=_clock(entry.due_at),
        applicant_id=entry.applicant_id,
        address=entry.address,
        sets=f"{entry.copies:02d}" if entry.copies is not None else "",
        way=entry.result_method,
    )


def contents(tx: Transaction, dossier: Dossier, services: Services, request: Request) -> Listing:
    """Return mục lục văn bản trong hồ sơ: the present documents of a dossier in their order."""
    rows = tuple(_document_row(tx, document, services) for document in documents.live(tx, dossier.id))
    lines = (phrase("dossier", code=dossier.code), *_title_line(tx, dossier.code))
    return Listing(form(FormKey.CONTENTS, request.day), request.unit, request.at, (*lines, *request.lines), rows)


def dossier_list(tx: Transaction, codes: Sequence[str], request: Request) -> Listing:
    """Return mục lục hồ sơ over some dossiers in the order given; raises PRINT_TOO_LONG."""
    rows = tuple(_dossier_rows(tx, codes))
    return Listing(form(FormKey.LIST, request.day), request.unit, request.at, request.lines, rows)


def handover(tx: Transaction, codes: Sequence[str], sides: tuple[str, str], request: Request) -> Listing:
    """Return biên bản giao nhận over some dossiers in the order given.

    Args:
        tx: A transaction.
        codes: Normalised codes.
        sides: Who gives and who takes; what is empty is left to be written.
        request: Whose paper it is.

    Raises:
        Rejected: PRINT_TOO_LONG.
    """
    rows = tuple(_dossier_rows(tx, codes))
    giver, taker = (side or _FREE for side in sides)
    lines = (phrase("giver", name=giver), phrase("taker", name=taker), phrase("handed_over"), *request.lines)
    sums = {key: count(sum(int(row.get(key, 0)) for row in rows)) for key in ("documents", "pages")}
    closing = (phrase("sum", dossiers=count(len(rows)), **sums), phrase("two_copies"))
    return Listing(form(FormKey.HANDOVER, request.day), request.unit, request.at, lines, rows, closing)


def _book_row(entry: RegisterEntry, request: Request) -> Mapping[str, Cell]:
    return {
        "code": entry.raw_code or entry.code,
        "procedure": entry.procedure_name or entry.procedure,
        "sets": entry.copies if entry.copies is not None else "",
        "applicant": entry.applicant,
        "address": entry.address,
        "unit": entry.agency or request.known.units.name(entry.unit, request.day),
        "received": _day(entry.received_at),
        "due": _day(entry.due_at),
        "returned": _day(entry.returned_at),
        "way": entry.result_method,
        "note": entry.note,
    }


def _document_row(tx: Transaction, document: Document, services: Services) -> Mapping[str, Cell]:
    read = {value.name: value for value in fields.of_document(tx, document.id)}
    said = {name: read[name].value if name in read else "" for name in ("so", "ky_hieu", "trich_yeu", "co_quan")}
    name = services.rules.kind(document.kind).name if document.kind else ""
    issued = read["ngay_ban_hanh"].value if "ngay_ban_hanh" in read else ""
    return {
        "notation": "/".join(part for part in (said["so"], said["ky_hieu"]) if part),
        "issued": _iso_day(issued),
        "subject": ": ".join(part for part in (name, said["trich_yeu"]) if part),
        "author": said["co_quan"],
        "pages": len(document.page_ids),
        "note": "" if document.confirmed else phrase("unconfirmed"),
    }


def _dossier_rows(tx: Transaction, codes: Sequence[str]) -> Iterator[Mapping[str, Cell]]:
    entries = {entry.code: entry for entry in _entries(tx, codes)}
    for code in codes:
        yield _dossier_row(tx, code, entries.get(code))


def _dossier_row(tx: Transaction, code: str, entry: RegisterEntry | None) -> Mapping[str, Cell]:
    dossier = intakes.find_dossier(tx, code)
    if entry is None and dossier is None:
        raise Rejected(Code.DOSSIER_UNKNOWN, "neither register nor archive", subject=code)
    live = documents.live(tx, dossier.id) if dossier else []
    return {
        "code": entry.raw_code or code if entry else code,
        "title": _title(entry),
        "time": _span(entry),
        **_digitised(live),
    }


def _digitised(live: Sequence[Document]) -> Mapping[str, Cell]:
    """Return what is in the archive; nothing, where nothing is: the paper may well be there."""
    if not live:
        return {}
    pages = sum(len(document.page_ids) for document in live)
    return {"documents": len(live), "pages": pages, "note": _progress(live)}


def _progress(live: Sequence[Document]) -> str:
    return phrase("archived" if all(document.state is DocumentState.ARCHIVED for document in live) else "under_way")


def _title(entry: RegisterEntry | None) -> str:
    if entry is None:
        return ""
    return " - ".join(part for part in (entry.procedure_name or entry.procedure, entry.applicant) if part)


def _title_line(tx: Transaction, code: str) -> tuple[str, ...]:
    title = _title(register_rows.find(tx, code))
    return (phrase("dossier_title", title=title),) if title else ()


def _span(entry: RegisterEntry | None) -> str:
    if entry is None:
        return ""
    ends = (_day(entry.received_at), _day(entry.settled_at or entry.returned_at))
    return " - ".join(day for day in ends if day)


def _entries(tx: Transaction, codes: Sequence[str]) -> list[RegisterEntry]:
    if len(codes) > MOST_ROWS:
        raise Rejected(Code.PRINT_TOO_LONG, subject=f"{count(len(codes))} > {count(MOST_ROWS)}")
    return [entry for chunk in _chunks(codes) for entry in register_rows.of_codes(tx, chunk)]


def _chunks(codes: Iterable[str]) -> Iterator[list[str]]:
    left = iter(codes)
    while chunk := list(islice(left, _CHUNK)):
        yield chunk


def _day(moment: datetime | None) -> str:
    return f"{moment.astimezone(VIETNAM):%d/%m/%Y}" if moment else ""


def _iso_day(text: str) -> str:
    try:
        return f"{date.fromisoformat(text):%d/%m/%Y}"
    except ValueError:
        return text  # as it was read: a year alone, or something that a person must look at


def _clock(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = moment.astimezone(VIETNAM)
    return phrase("clock", hour=f"{local:%H}", minute=f"{local:%M}", day=f"{local:%d/%m/%Y}")
