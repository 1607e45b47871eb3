"""The national sync fields of a dossier in the names that are in force on a day (registers/data/portal_fields.toml).

Only what this product knows is filled: that a paper was reused where it was reused here, and else nothing. That, and
what was fetched from the citizen's store, is the one-stop software's own knowledge: an invented 0 would overwrite it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

from dossier.portal import Content, PackageDocument
from dossier.register import VIETNAM, RegisterEntry

_PLAIN = ("code", "procedure", "field_code")
_TIMES = ("submitted_at", "received_at", "due_at", "settled_at", "returned_at")
_NUMBERS = ("channel", "status")


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of the names: from which day, on what basis, and whether somebody has held it against the text."""

    valid_from: date
    basis: str
    checked: bool
    time: str
    yes: str
    no: str
    dossier: Mapping[str, str]
    paper: Mapping[str, str]
    result: Mapping[str, str]


def edition_on(day: date) -> Edition:
    """Return the edition in force on a day; the oldest for days before it."""
    begun = [one for one in _editions() if one.valid_from <= day]
    return begun[-1] if begun else _editions()[0]


def sync_record(
    content: Content, entry: RegisterEntry | None, places: Mapping[str, str], edition: Edition
) -> dict[str, Any]:
    """Return the sync fields of a dossier by their official names.

    Args:
        content: The documents.
        entry: Its row of the register; fields that it does not fill are left out.
        places: Where each document's file is, by document id: a link, or a path beside the record.
        edition: The names.
    """
    names = edition.dossier
    record: dict[str, Any] = {names["code"]: entry.raw_code if entry else content.code}
    if entry is not None:
        record |= _from_register(entry, edition)
    papers = [one for one in content.documents if not one.is_result]
    results = [one for one in content.documents if one.is_result]
    record[names["digitised"]] = edition.yes if papers else edition.no
    record[names["papers"]] = [_paper(one, places[one.id], edition) for one in papers]
    record[names["results"]] = [_result(one, places[one.id], edition) for one in results]
    return record


def sync_rows(record: Mapping[str, Any], edition: Edition) -> list[dict[str, str]]:
    """Return a record as rows of a table: one a document, each with the dossier's own fields."""
    nested = (edition.dossier["papers"], edition.dossier["results"])
    own = {name: str(value) for name, value in record.items() if name not in nested}
    return [{**own, **document} for name in nested for document in record[name]]


def columns(edition: Edition) -> list[str]:
    """Return the columns of such rows, in order."""
    nested = (edition.dossier["papers"], edition.dossier["results"])
    own = [name for name in edition.dossier.values() if name not in nested]
    return [*own, *edition.paper.values(), *edition.result.values()]


def _from_register(entry: RegisterEntry, edition: Edition) -> dict[str, str]:
    found: dict[str, str] = {}
    for role in (*_PLAIN[1:], *_NUMBERS, *_TIMES):
        value = getattr(entry, role)
        if isinstance(value, datetime):
            found[edition.dossier[role]] = value.astimezone(VIETNAM).strftime(edition.time)
        elif value is not None and value != "":
            found[edition.dossier[role]] = str(int(value)) if role in _NUMBERS else str(value)
    return found


def _paper(document: PackageDocument, place: str, edition: Edition) -> dict[str, str]:
    names = edition.paper
    return {
        names["name"]: document.name,
        names["component"]: document.component,
        names["link"]: place,
        names["digitised"]: edition.no if document.born_digital else edition.yes,
        **({names["reused"]: edition.yes} if document.reused else {}),
    }


def _result(document: PackageDocument, place: str, edition: Edition) -> dict[str, str]:
    return {edition.result["title"]: document.title, edition.result["link"]: place}


@cache
def _editions() -> tuple[Edition, ...]:
    text = resources.files("registers").joinpath("data/portal_fields.toml").read_text(encoding="utf-8")
    return tuple(sorted((Edition(**one) for one in tomllib.loads(text)["edition"]), key=lambda one: one.valid_from))
