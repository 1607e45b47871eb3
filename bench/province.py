"""A province's year: a register of a million dossiers, each with six documents in the archive at some step of the way.

Made by the database itself. Documents have no pages and no bytes: reports look at neither.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, Text, case, cast, func, literal, null

from bench import making
from bench.making import Number, Rows, Values, digest, name
from catalog import schema
from registers.procedures import load_procedures

DOCUMENTS: Final = 6  # a dossier
UNITS: Final = 120
_AT = "2026-01-05T08:00:00.000000Z"
_PARTS = ("to-khai", "giay-chung-sinh", "giay-to-khac", "ban-ve", "bien-ban", "ket-qua")
_KINDS = ("TO_KHAI_HO_TICH", "GIAY_CHUNG_SINH", "CCCD", "BAN_VE", "BIEN_BAN", "GIAY_KHAI_SINH")
_ARCHIVED, _WAITING = 60, 20  # of a hundred dossiers
_IN_A_BOX = 25  # dossiers
_MONTHS, _LAST_DAY = 12, 28


def fill(url: str, dossiers: int) -> None:
    """Make the catalogue in an empty database, by an account that may leave out the checks of references."""
    documents = dossiers * DOCUMENTS
    making.fill(
        url,
        [
            Rows(schema.register_import, 1, lambda _n: {"sha256": "0", "accepted": dossiers, "rejected": 0, "at": _AT}),
            Rows(schema.register_entry, dossiers, _entry),
            Rows(schema.dossier, dossiers, _dossier),
            Rows(schema.document, documents, _document),
            Rows(schema.rendition, documents, _rendition),
            Rows(schema.paper_place, dossiers, _place),
        ],
    )


def code(n: Number) -> ColumnElement[str]:
    """Return the dossier code of a number."""
    return (
        literal("H99.10.")
        + _two(n % UNITS, 3)
        + literal("-25")
        + _two(_month(n))
        + _two(_day(n))
        + literal("-")
        + (_two(n, 7))
    )


def _entry(n: Number) -> Values:
    done = n % 20 != 0
    settled = _moment(n, 1, _day(n) + n % 5 - 3)
    procedures = list(load_procedures())
    return {
        "code": code(n),
        "raw_code": code(n),
        "row": n,
        "unit": literal("H99.10.") + _two(n % UNITS, 3),
        "field": "",
        "procedure": case(*((n % len(procedures) == k, one) for k, one in enumerate(procedures)), else_=""),
        "procedure_name": "",
        "channel": n % 3 + 1,
        "status": case((done, case((n % 40 == 1, 7), else_=10)), else_=4),
        "received_at": _moment(n, 0, _day(n)),
        "due_at": _moment(n, 1, _day(n)),
        "settled_at": case((done, settled), else_=null()),
        "returned_at": null(),
        "applicant": "",
        "portal_components": n % 3 == 0,
        "portal_result": n % 4 == 0,
        "portal_reused": n % 7 == 0,
        "note": "",
        "import_id": 1,
    }


def _dossier(n: Number) -> Values:
    return {"id": name("d", n), "code": code(n), "raw": code(n), "unit": "", "created_at": _AT}


def _document(n: Number) -> Values:
    part, whose = n % DOCUMENTS, n // DOCUMENTS
    share = (whose * 7) % 100
    state = case(
        (share < _ARCHIVED, "archived"),
        (share < _ARCHIVED + _WAITING, "waiting_signature"),
        (part % 2 == 0, "classified"),
        else_="quarantined",
    )
    return {
        "id": name("m", n),
        "dossier_id": name("d", whose),
        "intake_id": "",
        "ordinal": part,
        "version": 1,
        "component": case(*((part == k, one) for k, one in enumerate(_PARTS)), else_=""),
        "content_key": "",
        "state": state,
        "kind": case(*((part == k, one) for k, one in enumerate(_KINDS)), else_=""),
        "candidates": [],
        "confirmed_by": case((share < _ARCHIVED - whose % 9, "lan.nt"), else_=""),
        "born_signed": False,
        "created_at": _AT,
    }


def _rendition(n: Number) -> Values:
    archived = (n // DOCUMENTS * 7) % 100 < _ARCHIVED
    return {
        "document_id": name("m", n),
        "role": case((archived, "signed"), else_="unsigned"),
        "sha256": digest(n),
        "signatures": case((archived, 1), else_=0),
        "verdict": case((archived, "valid"), else_=""),
        "created_at": _AT,
    }


def _place(n: Number) -> Values:
    """Return where papers lie: boxes of 25 dossiers of one unit, three counters, every third dossier counted."""
    return {
        "code": code(n),
        "box": literal("Kho 1, hộp ") + cast(n // UNITS // _IN_A_BOX, Text),
        "number": cast(n // UNITS % _IN_A_BOX + 1, Text),
        "counter": literal("Quầy ") + cast(n // UNITS // _IN_A_BOX % 3 + 1, Text),
        "pages": case((n % 3 == 0, n % 17 + 2), else_=null()),
    }


def _month(n: Number) -> Number:
    return n % _MONTHS + 1


def _day(n: Number) -> Number:
    return n // _MONTHS % _LAST_DAY + 1


def _moment(n: Number, later: int, day: Number) -> ColumnElement[str]:
    """Return a moment so many months after the month of reception, at office hours; days are kept from 1 to 28."""
    month = (n % _MONTHS + later) % _MONTHS + 1
    year = case((n % _MONTHS + later >= _MONTHS, "2026"), else_="2025")
    kept = case((day < 1, 1), (day > _LAST_DAY, _LAST_DAY), else_=day)
    return (
        year
        + literal("-")
        + _two(month)
        + literal("-")
        + _two(kept)
        + literal("T0")
        + cast(n % 9, Text)
        + literal(":30:00.000000Z")
    )


def _two(n: Number, digits: int = 2) -> ColumnElement[str]:
    """Return a number with leading zeros."""
    return func.substr(cast(n + 10**digits, Text), 2)
