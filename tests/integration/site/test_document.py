"""What a document's page gives beside the picture: history in words, the signatures' report, a copy with a mark."""

from __future__ import annotations

import io
import json
import re
from html import unescape

import pypdfium2 as pdfium
import pytest
from starlette.applications import Starlette

from catalog import events, renditions
from catalog.schema import copy_mark
from dossier.digest import of_bytes
from dossier.people import Role
from dossier.wording import say
from pipeline import people
from pipeline.verification import verify_dossier
from tests.fakes.office import CODE, PaperOffice
from tests.fakes.visitor import Visitor
from tests.integration.site.conftest import FOREIGN, PASSWORD, UNIT, account, document_of
from web.wording import word


def test_history_is_told_in_words(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """Each event with what it was about, on the dossier's page and on the document's own."""
    reader, own = visitors[Role.ARCHIVIST], document_of(office)
    dossier = reader.get(f"/dossiers/{CODE}").body.decode()
    document = reader.get(f"/documents/{own}").body.decode()
    for text in (dossier, document):
        assert say("events.signed") in text
        assert word("history.level", "vi", level="B-LTA") in text
    assert say("events.received") in dossier
    assert say("events.received") not in document
    assert f'<a href="/documents/{own}">' in dossier.partition('class="history"')[2]


def test_the_report_can_be_taken_away(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """In words and as JSON: who, when, level, verdict, the path; without anybody's name in the file's name."""
    reader, own = visitors[Role.ARCHIVIST], document_of(office)
    kept = json.loads(reader.get(f"/documents/{own}/signatures.json").body)
    assert kept["verdict"] == "valid"
    reply = reader.get(f"/documents/{own}/signatures.txt")
    text = reply.body.decode("utf-8-sig")
    assert CODE in reply.headers["content-disposition"]
    assert word("verdict.valid", "vi") in text
    for each in kept["signatures"][0]["path"]:
        assert each["subject"] in text
    assert kept["sha256"] in text


def test_a_copy_bears_its_mark(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """As many pages, no signature, another file; the archived one is untouched; its code leads to the document."""
    clerk, own = visitors[Role.CLERK], document_of(office)
    original = of_bytes(clerk.get(f"/documents/{own}/signed.pdf").body)
    reply = clerk.get(f"/documents/{own}/copy.pdf")
    assert (reply.status, reply.headers["content-type"]) == (200, "application/pdf")
    assert b"/ByteRange" not in reply.body
    opened = pdfium.PdfDocument(io.BytesIO(reply.body))
    assert len(opened) == 1
    shown = opened[0].render(scale=2).to_pil().convert("L")
    opened.close()
    band = shown.crop((50, shown.height - 180, shown.width - 50, shown.height - 45))
    assert 0.02 < sum(value < 100 for value in band.tobytes()) / (band.width * band.height) < 0.5
    with office.services.catalogue.read() as tx:
        (row,) = tx.execute(copy_mark.select()).all()
    assert (row.document_id, row.sha256) == (own, original)
    assert re.fullmatch(r"([2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}", row.code)
    assert of_bytes(clerk.get(f"/documents/{own}/signed.pdf").body) == original
    assert clerk.get(f"/look-up/{row.code}").headers["location"] == f"/documents/{own}"
    typed = row.code.replace("-", "").lower()
    assert clerk.get(f"/look-up?code={typed}").headers["location"] == f"/documents/{own}"
    assert visitors[None].get(f"/look-up/{row.code}").headers["location"].startswith("/login")
    assert clerk.get("/look-up/AAAA-BBBB-CCCC-DDDD").status == 422


@pytest.mark.parametrize("tail", ["", "?page=1", "?page=9"])
def test_small_pictures_are_bounded(visitors: dict[Role | None, Visitor], office: PaperOffice, tail: str) -> None:
    """Of pages that there are; small."""
    reply = visitors[Role.ARCHIVIST].get(f"/documents/{document_of(office)}/thumbnail.jpg{tail}")
    assert reply.status == (404 if tail.endswith("9") else 200)
    assert len(reply.body) < 20_000


def test_a_copy_of_others_is_unknown(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """Whatever part of it is asked for."""
    foreign = document_of(office, FOREIGN)
    for tail in ("copy.pdf", "signatures.txt", "signatures.json", "thumbnail.jpg"):
        assert visitors[Role.CLERK].get(f"/documents/{foreign}/{tail}").status == 404


def test_a_long_history_is_told_in_parts(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """The newest events first, the others a link away, each on one page; the document's own leave out the dossier's."""
    reader, own = visitors[Role.ARCHIVIST], document_of(office)
    with office.services.catalogue.write() as tx:
        for number in range(120):
            events.append(tx, office.dossier(CODE).id, "renewed", office.clock(), {"document": own, "pages": number})
    for address in (f"/dossiers/{CODE}", f"/documents/{own}?q=khai"):
        parts = _parts(reader, address)
        told = [each for part in parts for each in re.findall(rf">{say('events.renewed')}<.*?· (\d+) ", part)]
        assert sorted(map(int, told)) == list(range(120))
        assert max(part.count("<li><time") for part in parts) == 50
        assert len(parts) == 3
        assert say("events.signed") in parts[-1]
    assert "<details open>" in parts[-1]
    assert "?page=1&amp;q=khai&amp;before=" in parts[0]


def _parts(reader: Visitor, address: str) -> list[str]:
    """Follow the links to earlier events to the end; return the pages."""
    parts = [reader.get(address).body.decode()]
    while found := re.search(r'<a href="(\?[^"]*before=\d+)#history">', parts[-1]):
        parts.append(reader.get(address.partition("?")[0] + unescape(found[1])).body.decode())
    return parts


def test_a_time_stamp_near_its_end_is_renewed_from_the_desk(app: Starlette, office: PaperOffice) -> None:
    """It is listed with its day and renewed at a word; one that is not due is refused, as is one of another unit."""
    own, foreign = document_of(office), document_of(office, FOREIGN)
    office.clock.later(8 * 365 * 86_400)
    clerk = Visitor(app)
    made = account(office, "van.thu.sau", Role.CLERK, units=frozenset({UNIT}))
    people.set_password(made, PASSWORD, made.id, office.services)
    clerk.sign_in(made.login, PASSWORD)
    assert clerk.post(f"/documents/{own}/renew").status == 422
    assert word("renewals.nothing", "vi") in clerk.get("/desk/renewals").body.decode()
    office.clock.later(330 * 86_400)
    clerk.sign_in(made.login, PASSWORD)
    listed = clerk.get("/desk/renewals").body.decode()
    assert word("renewals.count", "vi", count=len(office.documents(CODE))) in listed
    assert f'action="/documents/{own}/renew"' in listed
    assert clerk.post(f"/documents/{foreign}/renew").status == 404
    reply = clerk.post(f"/documents/{own}/renew")
    assert (reply.status, reply.headers["location"]) == (303, "/desk/renewals")
    office.drain()
    with office.services.catalogue.read() as tx:
        assert [each.role for each in renditions.of_document(tx, own)].count("signed-1") == 1
    finding = [each for each in verify_dossier(office.dossier(CODE), office.services) if each.kind == "signature"]
    assert {each.verdict for each in finding} == {"valid"}
