"""Copies with a look-up mark, and the way back from the mark to the document."""

from __future__ import annotations

import secrets

from starlette.responses import Response

from catalog import copies
from dossier.people import Permission
from pipeline.scratch import working_folder
from rendition.marked import Mark
from web.attachment import TYPES, attachment
from web.house import clock
from web.pages.pictures import paper_of, turns_of
from web.rules import Page, Rule, Subject, Who
from web.visit import Visit

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is mistaken for something else
_LENGTH, _GROUP = 16, 4  # 78 bits: nobody finds one by trying


def marked_copy(visit: Visit) -> Response:
    """Give a copy of a document's pages with the mark below each; the archived file stays as it is."""
    document, services, house = visit.its_document(), visit.house.services, visit.house
    with services.catalogue.read() as tx:
        stored = paper_of(tx, document)
        turns = turns_of(tx, document, visit)
    code, at = _new_code(), services.clock()
    lines = (
        house.word("copy.of", code=document.code, number=document.ordinal + 1, agency=house.agency),
        house.word("copy.made", at=clock(at), name=visit.someone().name),
        house.word("copy.look_up", code=code, place=house.address or house.word("copy.here")),
    )
    mark = Mark(house.word("copy.title"), lines, f"{house.address}/look-up/{code}" if house.address else code)
    with working_folder(services.scratch) as folder, services.local_copy(stored.ref) as path:
        house.copier.make(path, folder / "copy.pdf", turns, mark)
        data = (folder / "copy.pdf").read_bytes()
    with services.catalogue.write() as tx:
        copies.add(tx, code, document.id, visit.someone().id, stored.ref.sha256, at)
    name = f"{document.code}-{document.ordinal + 1}-ban-sao.pdf"
    return attachment(data, name, TYPES["pdf"])


def look_up(visit: Visit) -> Response:
    """Lead from the code of a mark to its document, whose own page says whether the account may see it."""
    code = visit.parameters.get("code", "") or visit.query.get("code", "")
    normal = "".join(char for char in code.upper() if char.isalnum())
    found = None
    if len(normal) == _LENGTH:
        with visit.house.services.catalogue.read() as tx:
            found = copies.document_of(tx, _grouped(normal))
    if found is None:
        return visit.page("look_up.html", status=422 if normal else 200, unknown=bool(normal))
    return visit.go(f"/documents/{found}")


def _new_code() -> str:
    return _grouped("".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)))


def _grouped(code: str) -> str:
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


_ANY = Rule(who=Who.SIGNED_IN, noted="copy.look_up")
PAGES = (
    Page(
        "GET",
        "/documents/{document}/copy.pdf",
        Rule(Permission.COPY, Subject.DOCUMENT, "document.marked_copy"),
        marked_copy,
    ),
    Page("GET", "/look-up", _ANY, look_up),
    Page("GET", "/look-up/{code}", _ANY, look_up),
)
