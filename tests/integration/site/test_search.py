"""The search page: filters, what an answer is counted by, near words, searches that people keep."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote

import pytest

from catalog import paper_places, saved_searches
from dossier.errors import Code, Rejected
from dossier.papers import PaperPlace
from dossier.people import Role
from pipeline import people
from tests.fakes.office import CODE, PaperOffice
from tests.fakes.visitor import Visitor
from tests.integration.site.conftest import FOREIGN, UNIT, account, document_of
from web.wording import word


@pytest.mark.parametrize(
    ("asked", "hit"),
    [
        ("identity=099175004461", True),
        ("identity=099175004462", False),
        (f"code={CODE}", True),
        (f"code={FOREIGN}", False),
        (f"unit={UNIT}&year=2026", True),
        ("period=2026-Q1&counting=administrative&seen=historic", True),
        ("period=2025", False),
        ("signature=development", True),
        ("signature=invalid", False),
        ("person=nobody", False),
    ],
)
def test_filters_stand_alone(
    visitors: dict[Role | None, Visitor], office: PaperOffice, asked: str, *, hit: bool
) -> None:
    """Without a word documents are listed: those that pass, of the own unit alone."""
    text = visitors[Role.ARCHIVIST].get(f"/search?{asked}").body.decode()
    assert (f"/documents/{document_of(office)}?page=1" in text) is hit
    assert document_of(office, FOREIGN) not in text


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("kind=NOTHING", Code.KIND_UNKNOWN),
        ("unit=H98.1", Code.UNIT_UNKNOWN),
        ("fonds=x", Code.FONDS_UNKNOWN),
        ("identity=12", Code.QUERY_INVALID),
        ("dated_from=yesterday", Code.QUERY_INVALID),
        ("year=20x6", Code.QUERY_INVALID),
        ("period=soon", Code.PERIOD_INVALID),
    ],
)
def test_what_cannot_be_meant_is_told(visitors: dict[Role | None, Visitor], asked: str, code: Code) -> None:
    """An error with its code, and the form as it was filled in."""
    reply = visitors[Role.ARCHIVIST].get(f"/search?q=giay&{asked}")
    assert (reply.status, code in reply.body.decode()) == (400, True)
    assert f'value="{asked.partition("=")[2]}"' in reply.body.decode() or asked.startswith(("kind", "unit", "fonds"))


def test_numbers_of_people_are_masked_in_what_is_in_force(visitors: dict[Role | None, Visitor]) -> None:
    """In the conditions that are named above the answer; only the field itself shows what was typed."""
    text = visitors[Role.ARCHIVIST].get("/search?identity=099175004461").body.decode()
    assert "<b>0991******61</b>" in text


def test_an_answer_is_counted_within_what_may_be_seen(
    visitors: dict[Role | None, Visitor], office: PaperOffice
) -> None:
    """What it is counted by narrows it to as many; nothing of another unit is in a count."""
    made = account(office, "counts", Role.ARCHIVIST)
    everywhere = Visitor(visitors[Role.ARCHIVIST].app)
    people.set_password(made, "một mật khẩu dài", made.id, office.services)
    everywhere.sign_in("counts", "một mật khẩu dài")
    text = everywhere.get("/search?q=giay+khai+sinh").body.decode()
    links = re.findall(r'<a href="(/search\?[^"]*unit=[^"]*)">[^<]*</a> <span class="count">(\d+)', text)
    assert len(links) == 2
    for link, count in links:
        assert word("search.total", "vi", total=count) in everywhere.get(link.replace("&amp;", "&")).body.decode()
    assert 'class="count"' not in visitors[Role.ARCHIVIST].get("/search?q=giay+khai+sinh").body.decode()


def test_a_misread_word_is_found_and_said(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """No page has it as it is typed: near words stand in, and the page says so; a number is never widened."""
    text = visitors[Role.ARCHIVIST].get(f"/search?q={quote('giay khaj sinh')}").body.decode()
    assert document_of(office) in text
    assert word("search.widened", "vi", words="khaj") in text
    (link,) = set(re.findall(rf'href="(/documents/{document_of(office)}\?[^"]*near=1)"', text))
    page = visitors[Role.ARCHIVIST].get(unescape(link)).body.decode()
    assert (page.count("<polygon points"), page.count('<polygon class="near"')) == (2, 1)
    assert word("document.near", "vi", count=1, words="khai") in page
    assert 'class="near"' not in visitors[Role.ARCHIVIST].get(unescape(link).replace("&near=1", "")).body.decode()
    assert word("search.nothing", "vi") in visitors[Role.ARCHIVIST].get("/search?q=099175004462").body.decode()


def test_people_keep_searches_for_themselves(visitors: dict[Role | None, Visitor]) -> None:
    """Under a name, once; nobody else sees or removes them; masked where the name has a number."""
    mine, other = visitors[Role.ARCHIVIST], visitors[Role.CLERK]
    for name in ("Khai sinh 2026", "Khai sinh 2026", "Ông 099175004461"):
        form = {"name": name, "query": "q=khai+sinh&year=2026&nonsense=1"}
        assert mine.post("/searches", form).headers["location"] == "/search?q=khai+sinh&year=2026"
    text = mine.get("/search").body.decode()
    assert text.count(">Khai sinh 2026<") == 1
    assert "0991******61" in text
    assert "Khai sinh 2026" not in other.get("/search").body.decode()
    (key, *_) = re.findall(r'action="/searches/(\w+)/delete"', text)
    assert other.post(f"/searches/{key}/delete", {}).status == 303
    assert key in mine.get("/search").body.decode()
    assert mine.post(f"/searches/{key}/delete", {}).status == 303
    assert key not in mine.get("/search").body.decode()
    for name, query in ((" ", "q=a"), ("x", "")):
        assert mine.post("/searches", {"name": name, "query": query}).headers["location"] == f"/search?{query}"
    assert mine.get("/search").body.decode().count("/delete") == 1


def test_not_endlessly_many_are_kept(office: PaperOffice) -> None:
    """One more is told, one of the same name takes the place of the other."""
    catalogue, now = office.services.catalogue, office.services.clock()
    with catalogue.write() as tx:
        for number in range(saved_searches.MOST):
            saved_searches.save(tx, "somebody", f"{number:02}", "q=a", now)
    with catalogue.write() as tx, pytest.raises(Rejected) as told:
        saved_searches.save(tx, "somebody", "x", "q=a", now)
    assert told.value.code is Code.SEARCHES_TOO_MANY
    with catalogue.write() as tx:
        saved_searches.save(tx, "somebody", "00", "q=b", now)
        assert {one.query for one in saved_searches.of_account(tx, "somebody")} == {"q=a", "q=b"}


def test_what_a_store_room_says_later_is_found(visitors: dict[Role | None, Visitor], office: PaperOffice) -> None:
    """A list of places changes what archived documents are found by, and when it says nothing any more, again."""
    reader, shelf = visitors[Role.ARCHIVIST], f"/search?box={quote('Kho 1, giá 2, hộp 3')}"
    assert document_of(office) not in reader.get(shelf).body.decode()
    for box, found in (("Kho 1, giá 2, hộp 3", True), ("", False)):
        with office.services.catalogue.write() as tx:
            paper_places.put(tx, [PaperPlace(CODE, box, "7")])
        assert (document_of(office) in reader.get(shelf).body.decode()) is found
        assert (document_of(office) in reader.get("/search?locator=hop+3+ho+so+7").body.decode()) is found


def test_an_index_behind_is_told(
    visitors: dict[Role | None, Visitor], office: PaperOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever searches does not wait for a long catching up, and is told that the newest may be missing."""
    monkeypatch.setattr("web.pages.search._SECONDS", 0.0)
    with office.services.catalogue.write() as tx:
        paper_places.put(tx, [PaperPlace(CODE, "Kho 9")])
    assert word("search.behind", "vi") in visitors[Role.ARCHIVIST].get("/search?q=giay").body.decode()
    monkeypatch.undo()
    assert word("search.behind", "vi") not in visitors[Role.ARCHIVIST].get("/search?q=giay").body.decode()
