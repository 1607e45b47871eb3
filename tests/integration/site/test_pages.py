"""What pages show, and what they never do: run what a paper, a name or an address says."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from html.parser import HTMLParser
from importlib import resources
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from sqlalchemy import text

from catalog import access, accounts
from catalog.uses import UseState
from dossier.digest import of_bytes
from dossier.people import Role
from dossier.states import SignerRole
from pipeline import people
from pipeline.batches import Fate
from pipeline.hand_over_progress import Stage
from pipeline.reusing import How
from pipeline.searching import Wanted
from pipeline.two_person import Outcome
from reports.grouping import By, Seen
from reports.indicators.formula import Part
from reports.period import Counting
from reports.view import Base
from reports.worklist.boxes import Order
from search.filters import SignatureState
from tests.fakes.asker import Reply
from tests.fakes.office import CODE, PaperOffice
from tests.fakes.visitor import Visitor
from tests.integration.site.conftest import FOREIGN, SCRIPT, account, document_of
from web.api.application import OPERATIONS
from web.house import House
from web.search_links import masked
from web.site import site
from web.wording import LANGUAGES, keys, word

_COUNTINGS = (Counting.CALENDAR, Counting.ADMINISTRATIVE)
# What another source may say of a value, and which source: those that `classify` gives to `agreed`, `proposed` and
# `contradicted`, and the card that `pipeline` has.
_HELD = {
    "agrees": ("register", "dossier_code", "card", "agencies", "units", "checksum"),
    "spelt": ("agencies", "units"),
    "against": ("agencies", "units", "checksum", "identity", "dates"),
}
_USED = re.compile(r"""word\(["']([a-z_]+\.[a-z_]+)["'](?! ~)""")


class _Tags(HTMLParser):
    """Collects the tags of a page, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.found.append((tag, dict(attrs)))


def tags(reply: Reply) -> list[tuple[str, dict[str, str | None]]]:
    """Return the tags of a page."""
    return _Tags(reply.body.decode()).found


def test_a_search_shows_what_was_found(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """Words in their context, numbers of people masked, only papers of the own unit, neither shown nor counted."""
    text = visitors[Role.ARCHIVIST].get("/search?q=giay+khai+sinh").body.decode()
    assert f"/documents/{document_of(office)}?page=1" in text
    assert document_of(office, FOREIGN) not in text
    assert word("search.total", "vi", total=1) in text
    assert "<mark>khai</mark>" in text
    assert "0991******61" in text
    assert "099175004461" not in text


def test_every_figure_opens_its_list(visitors: dict[Role | None, Visitor]) -> None:
    """Linked from the rates; what is no figure is told."""
    leader = visitors[Role.LEADER]
    page = leader.get("/dashboard").body.decode()
    links = set(re.findall(r'href="(/figures/[^"?]+)"', page))
    assert {"/figures/portal.numerator", "/figures/archival.denominator"} <= links
    assert all(leader.get(link).status == 200 for link in links)
    assert leader.get("/figures/nothing").status == 422


def test_nothing_found_is_told_with_advice(visitors: dict[Role | None, Visitor]) -> None:
    """As is a question that is none."""
    reader = visitors[Role.ARCHIVIST]
    assert word("search.nothing", "vi") in reader.get("/search?q=khongcogi").body.decode()
    reply = reader.get(f"/search?q={quote(chr(34))}")
    assert (reply.status, "QUERY_INVALID" in reply.body.decode()) == (400, True)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("số 099175004461.", "số 0991******61."),
        ("«099175004461»", "«0991******61»"),
        ("CMND 123456789", "CMND 1234***89"),
        ("12345678901234", "12345678901234"),
        ("1234567890", "1234567890"),
    ],
)
def test_numbers_of_people_are_masked(text: str, shown: str) -> None:
    """Nine or twelve digits in a row; a longer or shorter number is none of a person."""
    assert masked(text) == shown


def test_a_document_shows_page_words_and_signature(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """The picture, an outline for each word found, the text, who signed; the download only for whom it is."""
    address = f"/documents/{document_of(office)}?q=khai+sinh"
    reply = visitors[Role.ARCHIVIST].get(address)
    found = tags(reply)
    assert sum(tag == "polygon" for tag, _ in found) == 2
    assert sum(tag == "image" for tag, _ in found) == 1
    assert "PAdES B-LTA" in reply.body.decode()
    assert "signed.pdf" in reply.body.decode()
    assert "signed.pdf" not in visitors[Role.CHECKER].get(address).body.decode()
    picture = visitors[Role.ARCHIVIST].get(f"/documents/{document_of(office)}/pages/1/screen.jpg")
    assert (picture.headers["content-type"], picture.body[:3]) == ("image/jpeg", b"\xff\xd8\xff")


@pytest.mark.parametrize("tail", ["2/screen.jpg", "0/screen.jpg", "1/huge.jpg", "x/screen.jpg", "²/screen.jpg"])
def test_there_are_no_other_pictures(visitors: dict[Role | None, Visitor], office: PaperOffice, tail: str) -> None:
    """A page that a document lacks, a size that nobody offers."""
    assert visitors[Role.ARCHIVIST].get(f"/documents/{document_of(office)}/pages/{quote(tail)}").status == 404


def test_signed_bytes_are_those_of_the_archive(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """To the last byte, under a name without anybody's name."""
    reply = visitors[Role.ARCHIVIST].get(f"/documents/{document_of(office)}/signed.pdf")
    assert reply.body.startswith(b"%PDF-")
    assert int(reply.headers["content-length"]) == len(reply.body)
    assert CODE in reply.headers["content-disposition"]
    assert len(office.services.store.read(of_bytes(reply.body))) == len(reply.body)


def test_what_papers_say_is_text(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """A script in the text of a page, in a name, in a search, in an address: shown as it is written, run by nobody."""
    account(office, "script", Role.RECEIVER)
    made = people.known_account("script", office.services)
    with office.services.catalogue.write() as tx:
        accounts.change(tx, replace(made, name=SCRIPT))
    reader, admin = visitors[Role.ARCHIVIST], visitors[Role.ADMINISTRATOR]
    pages = [
        reader.get(f"/search?q=script+alert&kind={quote(SCRIPT)}&unit={quote(SCRIPT)}&year={quote(SCRIPT)}"),
        reader.get(f"/search?q={quote(SCRIPT)}"),
        reader.get(f"/documents/{document_of(office)}?q={quote(SCRIPT)}"),
        reader.get(f"/dossiers/{CODE}"),
        reader.get(f"/documents/{quote(SCRIPT)}"),
        visitors[Role.LEADER].get(f"/dashboard?period={quote(SCRIPT)}"),
        visitors[None].get(f"/login?next={quote(SCRIPT)}"),
        admin.get("/accounts"),
        admin.post("/accounts", {"login": SCRIPT, "name": SCRIPT, "units": SCRIPT, "role-clerk": "on"}),
    ]
    assert sum(b"&lt;script&gt;" in reply.body for reply in pages) >= 4
    for reply in pages:
        scripts = [attributes for tag, attributes in tags(reply) if tag == "script"]
        assert scripts == [{"src": "/static/site.js", "defer": None}]
        assert not [
            name for _, attributes in tags(reply) for name in attributes if name.startswith("on") or name == "style"
        ]


def test_every_answer_is_shielded(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """No inline script, no frame, nothing kept by proxies; the cookie is out of reach of scripts."""
    for visitor, target in (
        (visitors[None], "/login"),
        (visitors[None], "/nowhere"),
        (visitors[None], "/static/site.js"),
        (visitors[Role.ARCHIVIST], "/search"),
        (visitors[Role.ARCHIVIST], f"/documents/{document_of(office)}/pages/1/small.jpg"),
    ):
        headers = visitor.get(target).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"].startswith(("no-store", "private"))
    assert visitors[None].get("/" + "x" * 3000).status == 414


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(office: PaperOffice) -> None:
    """HttpOnly, same site, and over TLS only wherever the site is not on this very machine."""
    made = account(office, "cookie", Role.LEADER)
    reply = Visitor(site(House(office.services, "X"))).post(
        "/login", {"login": made.login, "password": "một mật khẩu dài"}
    )
    cookie = reply.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=lax", "path=/", "secure"))


def test_administrators_make_and_shut_accounts(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """With roles that go together; not their own; whoever is shut out is out at once."""
    admin, app = visitors[Role.ADMINISTRATOR], visitors[Role.ADMINISTRATOR].app
    form = {"login": "Moi.Vao", "name": " Trần  Thị Mới ", "role-archivist": "on", "password": "một mật khẩu dài"}
    assert admin.post("/accounts", form).status == 303
    assert admin.post("/accounts", form).status == 422
    assert admin.post("/accounts", {**form, "login": "x2", "role-administrator": "on"}).status == 422
    fresh = Visitor(app)
    assert fresh.sign_in("moi.vao", "một mật khẩu dài").status == 303
    assert admin.post("/accounts/moi.vao", {"role-archivist": "on", "shut": "on"}).status == 303
    assert fresh.get("/search").headers["location"].startswith("/login")
    assert admin.post("/accounts/administrator", {"role-archivist": "on"}).status == 422
    made = people.known_account("moi.vao", office.services)
    assert (made.name, made.disabled) == ("Trần Thị Mới", True)


def test_the_log_can_be_checked_and_taken_away(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """One line of JSON each, in a chain that anybody can compute again; and packed with its seals; a fault is told."""
    watcher = visitors[Role.LEADER]
    taken = watcher.post("/access-log/bundle", {})
    with ZipFile(BytesIO(taken.body)) as packed:
        assert packed.testzip() is None
        names = set(packed.namelist())
    assert {"SHA256SUMS", "KIEM-TRA.md", "nhat-ky/000001.jsonl", "niem-phong/000001.json"} <= names
    page = watcher.get("/access-log/check").body.decode()
    assert word("access.checked", "vi", count="", head="").split(",")[1].split(".")[0] in page
    assert word("access.stored", "vi", segments=1, unstored=1) in page
    lines = watcher.get("/access-log.jsonl").body.decode().splitlines()
    assert len(lines) > 5
    assert all(line.startswith('{"account"') for line in lines)
    changed = text("UPDATE access SET detail = :detail WHERE id = 2")
    with office.services.catalogue.write() as tx:
        (second,) = access.between(tx, 2, 2)
        tx.execute(changed, {"detail": SCRIPT})
    told = watcher.get("/access-log/check").body.decode()
    with office.services.catalogue.write() as tx:
        tx.execute(changed, {"detail": second.detail})
    assert word("access.broken", "vi", count=1) in told
    assert "line 2" in told
    assert SCRIPT not in told


def test_both_languages_have_the_same_words() -> None:
    """And every template's words are there, and used."""
    texts = [each.read_text(encoding="utf-8") for each in resources.files("web").joinpath("templates").iterdir()]
    used = {key for text in texts for key in _USED.findall(text)} | {
        f"verdict.{name}" for name in ("valid", "invalid", "indeterminate")
    }
    used |= {f"figure.{part}" for part in (*Part, "received", "handled", "settled")}
    used |= {f"question.by_{way}" for way in By} | {f"question.{one}" for one in (*Base, *Seen, *_COUNTINGS)}
    used |= {f"worklist.{name}" for name in ("box", "dossier", "desk")} | {f"worklist.order_{one}" for one in Order}
    used |= {f"reports.{kind}" for kind in ("pdf", "xlsx", "json")} | {"fixed.absent"}
    code = [path.read_text(encoding="utf-8") for path in Path(str(resources.files("web"))).rglob("*.py")]
    used |= {key for text in code for key in _USED.findall(text)}
    used |= {f"fate.{fate}" for fate in Fate} | {f"desk.{role}" for role in SignerRole}
    used |= {f"said.{outcome}" for outcome in Outcome if outcome is not Outcome.CONFIRMED}
    used |= {f"use_state.{state}" for state in UseState}
    used |= {f"batch.{phase}" for phase in ("open", "signing", "done", "expired", "closed")}
    used |= {f"signature.{state}" for state in SignatureState}
    used |= {f"search.{each.name}" for each in fields(Wanted) if each.name not in ("words", "near")}
    used |= {f"search.{name}" for name in ("calendar", "administrative", "present", "historic")}
    used |= {f"api.{each.name}" for each in OPERATIONS} | {"stage.placed"}
    used |= {f"{section}.{stage}" for section in ("stage", "stage_advice") for stage in Stage}
    used |= {f"reuse.{how}" for how in How}
    used |= {f"held.{how}_{source}" for how, sources in _HELD.items() for source in sources}
    assert [keys(language) for language in LANGUAGES] == [used, used]
