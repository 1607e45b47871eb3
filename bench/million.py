"""A catalogue of a million pages, made by the database itself in a minute: 100,000 dossiers, nearly all archived.

Ten pages, four files and four documents a dossier; the last dossiers are still being read, some documents wait to be
signed, a few things are set aside. Only what telling the state looks at is filled in; bytes and events there are none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import ColumnElement, Text, case, cast, func, literal

from bench import making
from bench.making import Number, Rows, Values, digest, name
from catalog import schema
from dossier.errors import Code
from dossier.states import Step

DOSSIERS: Final = 100_000
PAGES: Final = 10  # a dossier
DOCUMENTS: Final = 4  # a dossier, and as many files
_OPEN = 500  # dossiers that are still being read
_UNSIGNED, _QUARANTINED = 300, 20  # documents
_RESOLVED, _TOLD = 5000, 50  # problems
_DONE = DOSSIERS - _OPEN
_LONG_AGO = "2026-01-05T08:00:00.000000Z"


def fill(url: str) -> None:
    """Make the catalogue in an empty database, by an account that may leave out the checks of references."""
    making.fill(url, _every_row())


def _every_row() -> list[Rows]:
    done = [
        *((step, _DONE, "i") for step in (Step.RECEIVE, Step.ASSEMBLE, Step.CLOSE)),
        (Step.READ, _DONE * PAGES, "p"),
        *((step, _DONE * DOCUMENTS - _UNSIGNED, "m") for step in (Step.CLASSIFY, Step.RENDER, Step.SIGN, Step.ARCHIVE)),
    ]
    return [
        Rows(schema.dossier, DOSSIERS, _dossier),
        Rows(schema.intake, DOSSIERS, _intake),
        Rows(schema.source_file, DOSSIERS * DOCUMENTS, _file),
        Rows(schema.page, DOSSIERS * PAGES, _page),
        Rows(schema.document, _DONE * DOCUMENTS, _document),
        Rows(schema.document_page, _DONE * PAGES, _document_page),
        Rows(schema.stored_object, DOSSIERS * PAGES, _object),
        *(Rows(schema.work_item, count, _work(step, prefix, "done")) for step, count, prefix in done),
        Rows(schema.work_item, _OPEN * PAGES, _work(Step.READ, "p", "ready", _DONE * PAGES)),
        Rows(schema.work_item, _UNSIGNED, _unsigned),
        Rows(schema.problem, _RESOLVED + _TOLD, _problem),
    ]


def _moment(n: Number) -> ColumnElement[str]:
    """Return times that differ, as the database keeps them."""
    return literal("2026-01-05T08:00:00.") + func.substr(cast(n % 1_000_000 + 1_000_000, Text), 2) + literal("Z")


def _dossier(n: Number) -> Values:
    code = literal("H15.50.05.13-261008-") + cast(n, Text)
    head = digest(n)
    return {
        "id": name("d", n),
        "code": code,
        "raw": code,
        "unit": literal("H15.50.") + cast(n % 120, Text),
        "created_at": _LONG_AGO,
        "head": head,
        "sealed": head,
    }


def _intake(n: Number) -> Values:
    return {
        "id": name("i", n),
        "dossier_id": name("d", n),
        "folder": literal("/srv/scans/box/") + cast(n, Text),
        "fingerprint": digest(n),
        "content": digest(n),
        "version": 1,
        "state": case((n < _DONE, "assembled"), else_="reading"),
        "difference": {},
        "pages": PAGES,
        "created_at": _LONG_AGO,
    }


def _file(n: Number) -> Values:
    return {
        "id": name("f", n),
        "intake_id": name("i", n // DOCUMENTS),
        "position": n % DOCUMENTS,
        "name": literal("giay-to-") + cast(n % DOCUMENTS, Text) + literal(".pdf"),
        "component": "",
        "sha256": digest(n),
        "size": 1_000_000,
        "media_type": "application/pdf",
        "state": "stored",
        "pages": 3,
        "signatures": 0,
    }


def _page(n: Number) -> Values:
    return {
        "id": name("p", n),
        "intake_id": name("i", n // PAGES),
        "file_id": name("f", n * DOCUMENTS // PAGES),
        "position": n % PAGES,
        "number": n % PAGES + 1,
        "scan_sha256": digest(n),
        "scan": {"encoding": "jpeg", "width": 2480, "height": 3508, "dpi_x": 300.0, "dpi_y": 300.0, "channels": 3},
        "state": case((n < _DONE * PAGES, "read"), else_="received"),
        "verdict": case((n < _DONE * PAGES, "good"), else_=""),
        "reasons": [],
        "words": case((n < _DONE * PAGES, digest(n)), else_=""),
    }


def _document(n: Number) -> Values:
    left = _DONE * DOCUMENTS - n
    state = case((left <= _QUARANTINED, "quarantined"), (left <= _UNSIGNED, "waiting_signature"), else_="archived")
    return {
        "id": name("m", n),
        "dossier_id": name("d", n // DOCUMENTS),
        "intake_id": name("i", n // DOCUMENTS),
        "ordinal": n % DOCUMENTS,
        "version": 1,
        "component": "",
        "content_key": digest(n),
        "state": state,
        "kind": "giay_khai_sinh",
        "kind_confidence": 97.5,
        "explanation": "tiêu đề, căn cứ, nơi nhận",
        "candidates": [["giay_khai_sinh", 97.5], ["trich_luc_khai_tu", 12.0]],
        "born_signed": False,
        # one in fifty was replaced by a later delivery
        "superseded_by": case((n % 50 == 0, name("i", n // DOCUMENTS)), else_=""),
        "created_at": _LONG_AGO,
        "archived_at": case((left > _UNSIGNED, _LONG_AGO), else_=""),
        "changed": n + 1,
    }


def _document_page(n: Number) -> Values:
    return {"document_id": name("m", n * DOCUMENTS // PAGES), "position": n % PAGES, "page_id": name("p", n)}


def _object(n: Number) -> Values:
    return {
        "sha256": digest(n),
        "key": literal("objects/") + digest(n),
        "size": 20_000,
        "media_type": "application/json",
        "created_at": _moment(n),
        "checked_at": case((n % 3 == 0, _moment(n)), else_=""),
    }


def _work(step: Step, prefix: str, state: str, start: int = 0) -> Callable[[Number], Values]:
    share = {"i": 1, "p": PAGES, "m": DOCUMENTS}[prefix]

    def values(n: Number) -> Values:
        """Return one item."""
        return {
            "step": step.value,
            "subject": name(prefix, n + start),
            "intake_id": name("i", (n + start) // share),
            "state": state,
            "priority": 10,
            "created_at": _LONG_AGO,
            "changed_at": _LONG_AGO,
        }

    return values


def _unsigned(n: Number) -> Values:
    """Return an item of a document that waits to be signed, or was set aside."""
    aside = n >= _UNSIGNED - _QUARANTINED
    return {
        **_work(Step.SIGN, "m", "", _DONE * DOCUMENTS - _UNSIGNED)(n),
        "state": case((aside, "quarantined"), else_="ready"),
        "error": case((aside, Code.SIGNATURE_INVALID.value), else_=Code.TSA_UNAVAILABLE.value),
        "attempts": 7,
    }


def _problem(n: Number) -> Values:
    return {
        "folder": literal("/srv/scans/box/") + cast(n, Text),
        "subject": literal("giay-to.pdf#") + cast(n % PAGES, Text),
        "code": Code.FILE_TRUNCATED.value,
        "detail": "",
        "first_seen": _LONG_AGO,
        "last_seen": _LONG_AGO,
        "resolved_at": case((n < _RESOLVED, _LONG_AGO), else_=""),
    }
