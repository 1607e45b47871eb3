"""The page of stacks: what waits is seen, with pictures, put into a dossier or discarded; others' are unknown."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import BrowserContext
from starlette.applications import Starlette

from catalog import access, accounts, stacks
from catalog.stacks import StackPart
from dossier.people import Role
from dossier.stacks import PartState
from pipeline import people
from pipeline.stacks import take_stack
from pipeline.taking_stacks import take_stacks
from tests.e2e.program import wait_until
from tests.fakes.office import PaperOffice
from tests.fakes.stacks import paper, pdf, png, sheet, sheet_code
from tests.fakes.visitor import Visitor
from tests.integration.site.browsing import judged, person, sign_in
from tests.integration.site.conftest import PASSWORD, UNIT, account
from web.wording import word

_CODE, _OTHER = f"{UNIT}-260305-0001", f"{UNIT}-260305-0002"


def _visitor(app: Starlette, office: PaperOffice, login: str, unit: str) -> Visitor:
    visitor = Visitor(app)
    made = account(office, login, Role.RECEIVER, units=frozenset({unit}))
    people.set_password(made, PASSWORD, made.id, office.services)
    visitor.sign_in(login, PASSWORD)
    return visitor


def _parts(office: PaperOffice, stack_id: str) -> list[StackPart]:
    with office.services.catalogue.read() as tx:
        return stacks.parts(tx, stack_id)


def test_what_waits_is_decided(app: Starlette, office: PaperOffice, tmp_path: Path) -> None:
    """Pictures of both kinds of files; one part is put into a dossier, one discarded; who may not see it does not."""
    visitor, stranger = _visitor(app, office, "xap.1", UNIT), _visitor(app, office, "xap.2", "H11.22")
    folder = tmp_path / "xap"
    folder.mkdir()
    (folder / "1.png").write_bytes(png(paper(1)))
    (folder / "2.pdf").write_bytes(pdf([paper(2), sheet(sheet_code(office, "H11.22-260305-0009")), paper(3)]))
    with office.services.catalogue.read() as tx:
        before = access.check(tx)[0]
        own = accounts.find(tx, "xap.1")
    assert own is not None
    stack, _ = take_stack(folder, own, office.services, not_secret=True)
    take_stacks(office.services)
    shown = visitor.get("/stacks")
    assert shown.body.decode().count("<section") == 2
    assert stack.id not in stranger.get("/stacks").body.decode()
    for part, page in ((1, 1), (1, 2), (2, 1)):
        found = visitor.get(f"/stacks/page.jpg?stack={stack.id}&part={part}&page={page}")
        assert (found.status, found.body[:2]) == (200, b"\xff\xd8")
    for visited, asked in ((stranger, f"stack={stack.id}&part=1"), (visitor, f"stack={stack.id}&part=1&page=3")):
        assert visited.get(f"/stacks/page.jpg?{asked}").status == 422
    assert stranger.post("/stacks/assign", {"stack": stack.id, "part": "1", "code": _CODE}).status == 422
    assert visitor.post("/stacks/assign", {"stack": stack.id, "part": "1", "code": "X"}).status == 422
    assert visitor.post("/stacks/assign", {"stack": stack.id, "part": "1", "code": _CODE}).status == 303
    assert visitor.post("/stacks/discard", {"stack": stack.id, "part": "2", "reason": "why"}).status == 422
    assert visitor.post("/stacks/discard", {"stack": stack.id, "part": "2", "reason": "stray"}).status == 303
    assert [each.state for each in _parts(office, stack.id)] == [PartState.HANDED_OVER, PartState.DISCARDED]
    with office.services.catalogue.read() as tx:
        said = [(line.action, line.subject, line.detail) for line in access.lines(tx, before)]
    assert ("stack.discard", stack.id, "part=2 reason=stray") in said


def test_a_stack_is_handed_over_and_sorted(desk: BrowserContext, address: str, office: PaperOffice) -> None:
    """A file is chosen; what is certain goes its way, the rest is shown with its pages and put right."""
    page = sign_in(desk, address, person(office, Role.RECEIVER))
    page.goto(f"{address}/stacks")
    first = sheet(sheet_code(office, _OTHER))
    data = pdf([paper(11), paper(12), first, paper(13), sheet(sheet_code(office, "H11.22-260305-0010")), paper(14)])
    page.locator("#files").set_input_files([{"name": "xap sáng.pdf", "mimeType": "application/pdf", "buffer": data}])
    page.get_by_label(word("handing.not_secret", "vi")).check()
    with page.expect_navigation():
        page.get_by_role("button", name=word("stacks.go", "vi")).click()
    take_stacks(office.services)
    page.reload()
    page.locator("section img").first.wait_for()
    for picture in page.locator("section img").all():
        picture.scroll_into_view_if_needed()  # pictures further down are fetched when they are looked at
    wait_until(lambda: page.evaluate("() => [...document.images].every(each => each.complete && each.naturalWidth)"))
    judged(page, "stacks")
    section = page.locator("section").first
    section.locator("input[name=code]").fill(_CODE)
    with page.expect_navigation():
        section.get_by_role("button", name=word("stacks.assign", "vi")).click()
    assert page.locator("section").count() == 1
    page.goto(f"{address}/counter")
    assert page.get_by_role("link", name=word("counter.stacks", "vi", count=1)).is_visible()
