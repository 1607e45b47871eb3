"""The counter: papers handed over by a form, told page by page, scanned again, moved, held by a placeholder."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from starlette.applications import Starlette

from catalog import access, events, hand_overs, intakes, pages
from dossier.digest import of_bytes
from dossier.errors import Code, Rejected
from dossier.handing_over import HandOverState
from dossier.model import Document
from dossier.people import Role
from dossier.scan import Encoding, PageScan
from dossier.states import Step
from dossier.wording import advice
from pipeline import people
from pipeline.placeholders import placeholders
from rendition.plain import write_scans
from tests.fakes.asker import Reply, ask
from tests.fakes.office import CODE, PaperOffice, jpeg
from tests.fakes.visitor import Visitor
from tests.integration.site.browsing import judged, person, sign_in
from tests.integration.site.conftest import FOREIGN, PASSWORD, UNIT, account
from web.wording import word

_COUNTER = "H99.27.14-260308-0001"
NEW, OTHER = "H99.27.14-260306-0001", "H99.27.14-260306-0002"
_BOUNDARY = "a-line-that-no-paper-has"
_READ = (Step.RECEIVE, Step.READ, Step.ASSEMBLE)


@dataclass
class Counter:
    """Somebody at a counter, without the browser."""

    visitor: Visitor
    office: PaperOffice

    def give(self, code: str, files: dict[str, bytes], *, end: str = "--", **fields: str) -> Reply:
        """Send the form of a dossier with files."""
        said = {"csrf": self.visitor.csrf, "component": "to-khai", "not_secret": "on", "key": "k", **fields}
        parts = [(f'name="{name}"', value.encode()) for name, value in said.items()]
        parts += [(f'name="files"; filename="{name}"', data) for name, data in files.items()]
        body = b"".join(
            f"--{_BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + data + b"\r\n"
            for head, data in parts
        )
        body += f"--{_BOUNDARY}{end}\r\n".encode()
        return self.sent(code, body)

    def sent(self, code: str, body: bytes, **headers: str) -> Reply:
        """Send a body as the form of a dossier."""
        own = {
            "content_type": f"multipart/form-data; boundary={_BOUNDARY}",
            "content_length": str(len(body)),
            "host": "127.0.0.1",
            "cookie": self.visitor.cookie,
        }
        return ask(self.visitor.app, f"/counter/{code}", "POST", body, **{**own, **headers})

    def documents(self, code: str) -> list[Document]:
        """Return the present documents of a dossier."""
        return self.office.documents(code)

    def spooled(self) -> list[str]:
        """Return what lies in the spool while no form is under way."""
        return [path.name for path in (self.office.services.spool.root / "parts").glob("*")]


@pytest.fixture(scope="module")
def counter(app: Starlette, office: PaperOffice) -> Counter:
    """Return somebody who receives papers for one unit."""
    visitor = Visitor(app)
    made = account(office, "quay.1", Role.RECEIVER, units=frozenset({UNIT}))
    people.set_password(made, PASSWORD, made.id, office.services)
    visitor.sign_in(made.login, PASSWORD)
    return Counter(visitor, office)


def text(reply: Reply) -> str:
    """Return a page."""
    return reply.body.decode()


def test_papers_go_in_with_a_plain_form(counter: Counter, office: PaperOffice) -> None:
    """Chosen by code, sent with files, read; the page tells each page's verdict, the event stream the same."""
    assert counter.visitor.get(f"/counter?code={NEW.lower()}").headers["location"] == f"/counter/{NEW}"
    assert word("handing.not_in_register", "vi") in text(counter.visitor.get(f"/counter/{NEW}"))
    reply = counter.give(NEW, {"1.jpg": jpeg(101), "2.jpg": jpeg(102)}, pages="3")
    assert reply.status == 303
    address = reply.headers["location"]
    assert counter.give(NEW, {"1.jpg": jpeg(101), "2.jpg": jpeg(102)}, pages="3").headers["location"] == address
    assert word("stage.reading", "vi") in text(counter.visitor.get(address))
    office.drain()
    shown = text(counter.visitor.get(address))
    assert word("stage.archived", "vi") in shown
    assert word("handing.counted", "vi", pages=2, declared=3) in shown
    told = text(counter.visitor.get(f"{address}/events"))
    assert told.startswith('data: {"code": "')
    assert told.count("đạt") == 2
    assert counter.spooled() == []
    doubted = text(counter.visitor.get(f"/counter/{NEW}"))
    assert (advice(Code.PAGES_MISCOUNTED, "vi").cause in doubted, "(2/3)" in doubted) == (True, True)
    counter.visitor.post(f"/counter/{NEW}/leaves-stand", {"stand": "on"})
    assert "(2/3)" not in text(counter.visitor.get(f"/counter/{NEW}"))


def test_what_cannot_be_taken_is_told(counter: Counter) -> None:
    """Nothing chosen, no answer about secrets, another kind of file, a code that is none, another unit's."""
    for reply, code in (
        (counter.give(NEW, {}, key="a"), "HAND_OVER_INCOMPLETE"),
        (counter.give(NEW, {"1.jpg": jpeg(103)}, key="b", not_secret=""), "SECRECY_UNANSWERED"),
        (counter.give(NEW, {"1.jpg": b"%PDF-1.7"}, key="c"), "TYPE_MISMATCH"),
        (counter.give(NEW, {"1.jpg": jpeg(103)}, key="d", pages="nhiều"), "REQUEST_INVALID"),
        (counter.visitor.get("/counter?code=x"), "FOLDER_CODE_UNKNOWN"),
    ):
        assert (reply.status, code in text(reply)) == (422, True)
    assert counter.give(FOREIGN, {"1.jpg": jpeg(103)}).status == 404
    assert counter.spooled() == []


def test_hostile_forms_are_refused(counter: Counter, app: Starlette, office: PaperOffice) -> None:
    """Cut off, endless parts, no boundary, another session's word, another site, somebody else's role."""
    whole = counter.give(NEW, {"1.jpg": jpeg(104)}, csrf="0" * 64)
    stranger = Counter(Visitor(app), office)
    statuses = [
        whole.status,
        counter.give(NEW, {"1.jpg": jpeg(104)}, end="").status,
        counter.sent(NEW, b"no form at all").status,
        counter.sent(NEW, b"x", content_type="multipart/form-data").status,
        counter.sent(NEW, b"", origin="https://elsewhere.example").status,
        counter.sent(NEW, f"--{_BOUNDARY}\r\nX: ".encode() + b"y" * 100_000).status,
    ]
    assert statuses == [400] * 6
    many = b"".join(
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'.encode() for _ in range(400)
    )
    assert counter.sent(NEW, many).status == 422
    assert counter.sent(NEW, b"x", content_length=str(1 << 40)).status == 422
    assert stranger.give(NEW, {"1.jpg": jpeg(104)}).status == 401
    assert counter.spooled() == []


def test_a_bad_page_is_scanned_again(counter: Counter, office: PaperOffice) -> None:
    """It stands on the list with its reason, until another scan has taken its place."""
    office.reader.faults[of_bytes(jpeg(110))] = [Rejected(Code.READ_TIMEOUT)] * 2
    counter.give(OTHER, {"1.jpg": jpeg(110), "2.jpg": jpeg(111)}, key="bad")
    office.drain(*_READ)
    listed = text(counter.visitor.get("/rescans"))
    assert OTHER in listed
    (again,) = set(re.findall(r"/counter/[^\"]+\?replaces=[0-9a-f]+", listed))
    form = text(counter.visitor.get(again))
    assert word("handing.replace", "vi", name="to-khai/1.jpg") in form
    reply = counter.give(OTHER, {"moi.jpg": jpeg(112)}, key="good", replaces=again.rpartition("=")[2])
    assert reply.status == 303
    office.drain(*_READ)
    assert word("counter.none_again", "vi") in text(counter.visitor.get("/rescans"))
    names = {path.name for path in office.services.spool.dossier(OTHER).rglob("*.jpg")}
    assert names == {"2.jpg", "moi.jpg"}


def test_a_wrong_file_goes_to_the_right_dossier(counter: Counter, office: PaperOffice) -> None:
    """Before anything is signed, the only file too; both chains tell of it. What is signed stays."""
    wrong, right = "H99.27.14-260307-0001", "H99.27.14-260307-0002"
    counter.give(wrong, {"1.jpg": jpeg(120), "2.jpg": jpeg(121)}, key="wrong")
    office.drain(*_READ)
    with office.services.catalogue.read() as tx:
        last = intakes.latest(tx, office.dossier(wrong).id)
        assert last is not None
        file = next(each for each in intakes.files(tx, last.id) if each.name.endswith("2.jpg"))
    moved = counter.visitor.post(f"/counter/{wrong}/move", {"file": file.id, "to": right})
    assert moved.headers["location"] == f"/counter/{right}"
    office.drain(*_READ)
    assert [len(each.page_ids) for each in counter.documents(wrong)] == [1]
    assert [len(each.page_ids) for each in counter.documents(right)] == [1]
    shown = text(counter.visitor.get(f"/dossiers/{right}"))
    assert "nhận giấy tờ từ hồ sơ khác" in shown
    with office.services.catalogue.read() as tx:
        last = intakes.latest(tx, office.dossier(right).id)
        assert last is not None
        (only,) = intakes.files(tx, last.id)
        signed = intakes.files(tx, next(iter(intakes.assembled(tx, office.dossier(CODE).id))).id)
    fixed = counter.visitor.post(f"/counter/{CODE}/move", {"file": signed[0].id, "to": wrong})
    assert (fixed.status, "PAPER_SIGNED" in text(fixed)) == (422, True)
    alone = counter.visitor.post(f"/counter/{right}/move", {"file": only.id, "to": wrong})
    assert alone.headers["location"] == f"/counter/{wrong}"
    office.drain(*_READ)
    assert [sum(len(each.page_ids) for each in counter.documents(code)) for code in (wrong, right)] == [2, 0]
    assert word("dossier.empty", "vi") in text(counter.visitor.get(f"/counter/{right}"))
    with office.services.catalogue.read() as tx:
        states = {own.state for own in hand_overs.newest(tx, None, 100)}
    assert HandOverState.COMMITTED not in states


def _pdf(*seeds: int) -> bytes:
    """Return a PDF of scans."""
    found = [(cv2.imdecode(np.frombuffer(jpeg(seed), np.uint8), cv2.IMREAD_UNCHANGED), jpeg(seed)) for seed in seeds]
    made = io.BytesIO()
    write_scans(made, ((PageScan(Encoding.JPEG, *image.shape[1::-1], 200, 200, 3), data) for image, data in found))
    return made.getvalue()


def test_a_person_says_where_documents_begin(counter: Counter, office: PaperOffice) -> None:
    """A file that the machine took for one paper is three; they stay so when more is delivered."""
    code, seeds = "H99.27.14-260307-0007", (140, 141, 142, 143)
    counter.give(code, {"xap.pdf": _pdf(*seeds)}, key="part")
    office.drain(*_READ)
    assert [len(each.page_ids) for each in counter.documents(code)] == [4]
    with office.services.catalogue.read() as tx:
        last = intakes.latest(tx, office.dossier(code).id)
        assert last is not None
        (file,) = intakes.files(tx, last.id)
    for said in ("5", "x"):
        refused = counter.visitor.post(f"/counter/{code}/part", {"file": file.id, "starts": said})
        assert (refused.status, "REQUEST_INVALID" in text(refused)) == (422, True)
    for _ in range(2):  # a clerk who presses twice
        counter.visitor.post(f"/counter/{code}/part", {"file": file.id, "starts": "2, 3"})
    office.drain(*_READ)
    counter.give(code, {"them.jpg": jpeg(144)}, key="part-more")
    office.drain(*_READ)
    with office.services.catalogue.read() as tx:
        scans = [[page.scan_sha256 for page in pages.by_ids(tx, each.page_ids)] for each in counter.documents(code)]
        told = [each for each in events.chain(tx, office.dossier(code).id) if each.kind == "file_parted"]
    own = [of_bytes(jpeg(seed)) for seed in (*seeds, 144)]
    assert sorted(scans) == sorted([own[:1], own[1:2], own[2:4], own[4:]])
    assert [len(each.payload["parts"]) for each in told] == [3]
    assert "có người chia tệp thành các tài liệu" in text(counter.visitor.get(f"/dossiers/{code}"))


def test_pages_of_a_file_go_to_the_right_dossier(counter: Counter, office: PaperOffice) -> None:
    """The same images byte for byte in two files; the file as it came stays; both chains name the pages."""
    wrong, right = "H99.27.14-260307-0003", "H99.27.14-260307-0004"
    seeds = (130, 131, 132, 133)
    counter.give(wrong, {"xap.pdf": _pdf(*seeds)}, key="pages")
    office.drain(*_READ)
    with office.services.catalogue.read() as tx:
        last = intakes.latest(tx, office.dossier(wrong).id)
        assert last is not None
        (file,) = intakes.files(tx, last.id)
    form = {"file": file.id, "to": right}
    for said in ("9", "a"):
        refused = counter.visitor.post(f"/counter/{wrong}/move", {**form, "pages": said})
        assert (refused.status, "REQUEST_INVALID" in text(refused)) == (422, True)
    for _ in range(2):  # a clerk who presses twice
        counter.visitor.post(f"/counter/{wrong}/move", {**form, "pages": "2, 4"})
    office.drain(*_READ)
    scans = [of_bytes(jpeg(seed)) for seed in seeds]
    with office.services.catalogue.read() as tx:
        there, gone = (
            [page.scan_sha256 for each in office.documents(code) for page in pages.by_ids(tx, each.page_ids)]
            for code in (wrong, right)
        )
        told = [each for each in events.chain(tx, office.dossier(right).id) if each.kind == "file_moved_in"]
    assert (there, gone) == ([scans[0], scans[2]], [scans[1], scans[3]])
    assert [each.payload["moved_pages"] for each in told] == [[2, 4]]
    assert office.services.store.stat(file.sha256) is not None


def test_a_leaf_that_cannot_be_scanned_has_a_placeholder(counter: Counter, office: PaperOffice) -> None:
    """Its number and reason stand in the dossier, once; what is no number or reason is refused."""
    form = {"component": "to-khai", "leaf": "7", "reason": "torn"}
    for _ in range(2):
        assert counter.visitor.post(f"/counter/{NEW}/leaves", form).status == 303
    with office.services.catalogue.read() as tx:
        found = placeholders(tx, office.dossier(NEW).id)
    assert [(each.component, each.leaf, each.reason) for each in found] == [("to-khai", 7, "torn")]
    assert word("handing.leaf_is", "vi", leaf=7, reason="rách") in text(counter.visitor.get(f"/counter/{NEW}"))
    for wrong in ({**form, "leaf": "bảy"}, {**form, "leaf": "0"}, {**form, "reason": "lost"}):
        assert counter.visitor.post(f"/counter/{NEW}/leaves", wrong).status == 422


def test_declared_leaves_are_held_against_what_came(counter: Counter, office: PaperOffice) -> None:
    """With the papers or beside them; what does not fit stands where papers are handed over until it is settled."""
    code = "H99.27.14-260306-0021"
    reply = counter.give(code, {"1.jpg": jpeg(141), "2.jpg": jpeg(181)}, key="leaves", leaves="1-4")
    assert reply.status == 303
    office.drain()
    missing = word("handing.leaves_of", "vi", component="to-khai") + " " + advice(Code.LEAVES_MISSING).cause + " (2/4)"
    for address in (reply.headers["location"], f"/counter/{code}", "/rescans"):
        assert missing in text(counter.visitor.get(address))
    declared = word("handing.declared_of", "vi", component="to-khai", leaves="1-4")
    assert declared in text(counter.visitor.get(f"/counter/{code}"))
    said = {"component": "to-khai", "leaves": "1-2, 4"}
    assert counter.visitor.post(f"/counter/{code}/declared-leaves", said).status == 303
    shown = text(counter.visitor.get("/rescans"))
    assert advice(Code.LEAVES_GAP).cause in shown
    for address, wrong in (("declared-leaves", {"leaves": "4-1"}), ("declared-leaves", {}), ("leaves-stand", {})):
        assert counter.visitor.post(f"/counter/{code}/{address}", wrong).status == 422
    assert counter.visitor.post(f"/counter/{code}/leaves-stand", {"stand": "on"}).status == 303
    assert code not in text(counter.visitor.get("/rescans"))
    assert counter.give(code, {"3.jpg": jpeg(221)}, key="leaves", leaves="một").status == 422


def test_the_log_tells_what_was_done(counter: Counter, office: PaperOffice) -> None:
    """Who handed over what, without names of files or people."""
    with office.services.catalogue.read() as tx:
        said = {line.action for line in access.lines(tx)}
        details = " ".join(line.detail for line in access.lines(tx))
    assert {"hand_over.send", "hand_over.begin", "hand_over.commit", "file.move", "leaf.placeholder"} <= said
    assert "jpg" not in details
    assert counter.spooled() == []


def test_a_counter_hands_papers_over(desk: BrowserContext, address: str, office: PaperOffice, tmp_path: Path) -> None:
    """A code is typed, files are chosen, the verdicts come by themselves; a bad page is asked for again."""
    good, bad = jpeg(201), jpeg(202)
    office.reader.faults[of_bytes(bad)] = [Rejected(Code.READ_TIMEOUT)] * 2
    for name, data in (("to-1.jpg", good), ("to-2.jpg", bad)):
        (tmp_path / name).write_bytes(data)
    page = sign_in(desk, address, person(office, Role.RECEIVER, Role.CHECKER, Role.ARCHIVIST))
    with page.expect_navigation():
        page.get_by_role("link", name=word("site.counter", "vi"), exact=True).press("Enter")
    page.locator("#code:focus").wait_for()
    judged(page, "counter")
    page.goto(f"{address}/separators")
    judged(page, "separators")
    page.go_back()
    page.locator("#code").focus()
    page.keyboard.type(_COUNTER)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator("#component").fill("to-khai")
    page.locator("#files").set_input_files([tmp_path / "to-1.jpg", tmp_path / "to-2.jpg"])
    assert page.locator("[data-chosen] li").count() == 2
    page.locator("#pages").fill("2")
    page.get_by_label(word("handing.not_secret", "vi")).press("Space")
    judged(page, "counter-dossier")
    with page.expect_navigation():
        page.get_by_role("button", name=word("handing.go", "vi"), exact=True).press("Enter")
    assert page.get_by_role("status").inner_text() == word("stage.reading", "vi")
    judged(page, "hand-over-reading")
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE)
    _sees_verdicts(page)
    _scans_again(page, address, office)


def _sees_verdicts(page: Page) -> None:
    """See what became of each page, without asking: the page looks again every second, between two steps too."""
    page.get_by_role("status").filter(has_text=word("stage.processing", "vi")).wait_for()
    assert page.locator("td.bad").count() == 1
    assert page.locator("td.good").count() == 1
    judged(page, "hand-over")


def _scans_again(page: Page, address: str, office: PaperOffice) -> None:
    """Go from the list to the form, and see the list empty afterwards."""
    page.goto(f"{address}/rescans")
    judged(page, "rescans")
    with page.expect_navigation():
        page.get_by_role("link", name=word("rescans.again", "vi")).first.press("Enter")
    page.locator("#files").set_input_files([{"name": "to-2.jpg", "mimeType": "image/jpeg", "buffer": jpeg(203)}])
    page.get_by_label(word("handing.not_secret", "vi")).press("Space")
    judged(page, "counter-again")
    with page.expect_navigation():
        page.get_by_role("button", name=word("handing.go", "vi"), exact=True).press("Enter")
    office.drain()
    page.locator("p.total.good").wait_for()
    judged(page, "hand-over-archived")
    page.goto(f"{address}/rescans")
    assert page.get_by_role("status").inner_text() == word("counter.none_again", "vi")


def test_the_counter_works_without_scripts(browser: Browser, address: str, office: PaperOffice) -> None:
    """The form is plain, and the page of progress looks again by itself."""
    login = person(office, Role.RECEIVER, Role.LEADER)
    context = browser.new_context(java_script_enabled=False)
    page = sign_in(context, address, login)
    page.goto(f"{address}/counter/{_COUNTER}")
    page.locator("#component").fill("ket-qua")
    page.locator("#files").set_input_files([{"name": "kq.jpg", "mimeType": "image/jpeg", "buffer": jpeg(204)}])
    page.get_by_label(word("handing.not_secret", "vi")).check()
    page.get_by_role("button", name=word("handing.go", "vi"), exact=True).click()
    page.wait_for_url("**/hand-overs/*")
    assert page.locator("noscript meta[http-equiv=refresh]").count() + page.locator("meta[http-equiv=refresh]").count()
    office.drain()
    page.locator("p.total.good").wait_for()
    context.close()
