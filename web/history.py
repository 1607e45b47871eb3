"""The history of a dossier in words: each event of its chain as a sentence, with what it was about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog import Transaction, events
from dossier.errors import Code
from dossier.model import Event
from dossier.wording import advice, field_name, say
from web.house import House
from web.visit import Visit

_MOST = 50
"""So many events a page: a chain grows with every renewal and every use, for as long as the dossier is kept."""
_MACHINE = ("hososo", "portal", "")


@dataclass(frozen=True, slots=True)
class Happened:
    """One event in words: when, who, what, more of it, and the documents it was about."""

    at: datetime
    actor: str
    what: str
    details: tuple[str, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class History:
    """A part of a chain in words, in order. `earlier`: the events before this number are older; 0: there are none."""

    happened: tuple[Happened, ...]
    earlier: int
    is_newest: bool


def history_of(tx: Transaction, dossier_id: str, visit: Visit, about: str = "") -> History:
    """Return the newest events of a dossier in words, or those before the one that the address names (`before`).

    Args:
        tx: A transaction.
        dossier_id: Of which dossier.
        visit: Who asks for what.
        about: Only what was about this document.
    """
    before = visit.number("before", 0) or None
    found = events.newest(tx, dossier_id, _MOST + 1, before=before, about=about)
    shown = found[-_MOST:]
    told = (_told(each, visit.house) for each in shown)
    happened = tuple(each for each in told if not about or about in each.documents)
    return History(happened, shown[0].sequence if len(found) > len(shown) else 0, before is None)


def _told(event: Event, house: House) -> Happened:
    kind = event.kind.replace(".", "_")
    what = say(f"events.{kind}", house.language)
    actor = house.word("history.machine") if event.actor in _MACHINE else event.actor
    return Happened(event.at, actor, what, tuple(_details(event.payload, house)), tuple(_documents(event.payload)))


def _documents(payload: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(payload.get("document"), str):
        yield payload["document"]
    for name in ("documents", "kept", "new", "superseded"):
        if isinstance(payload.get(name), list):
            yield from (each for each in payload[name] if isinstance(each, str))


def _details(payload: Mapping[str, Any], house: House) -> Iterator[str]:
    """Yield what the payload says that people can read; digests and ids are for those who check the chain."""
    kinds = house.services.rules.kinds
    if payload.get("kind") in kinds:
        yield house.word("history.kind", kind=kinds[payload["kind"]].name)
    if isinstance(payload.get("fields"), list) and payload["fields"]:
        names = ", ".join(field_name(str(name), house.language) for name in payload["fields"])
        yield house.word("history.fields", names=names)
    if isinstance(payload.get("beside"), list) and payload["beside"]:
        yield house.word("history.beside", logins=", ".join(map(str, payload["beside"])))
    if isinstance(payload.get("level"), str):
        yield house.word("history.level", level=payload["level"])
    if isinstance(payload.get("files"), list):
        yield house.word("history.files", count=len(payload["files"]))
    if isinstance(payload.get("pages"), int):
        yield house.word("desk.pages", count=payload["pages"])
    if payload.get("code") in set(Code):
        yield advice(Code(payload["code"]), house.language).cause
