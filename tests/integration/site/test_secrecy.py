"""The question about secrecy on its page: asked without a picture, answered once, by who may see the dossier."""

from __future__ import annotations

from playwright.sync_api import BrowserContext

from catalog import access, events
from dossier.people import Role
from dossier.states import DocumentState
from tests.fakes.office import PaperOffice
from tests.fakes.visitor import Visitor
from tests.integration.site.browsing import judged, person, sign_in
from tests.integration.site.conftest import UNIT
from web.wording import word

_CODE, _MARKED = f"{UNIT}-260305-0001", f"{UNIT}-260305-0002"


def _page_id(shown: str) -> str:
    return shown.split('name="page" value="', 1)[1].split('"', 1)[0]


def test_an_answer_lets_the_page_be_read(office: PaperOffice, visitors: dict[Role, Visitor]) -> None:
    """Who is of another unit sees nothing of it; the answer is logged with its person."""
    office.reader.doubtful.add(office.page("to-khai/1.jpg", 61, code=_CODE))
    office.digitise()
    own = visitors[Role.RECEIVER]
    shown = own.get("/secrecy").body.decode()
    assert _CODE in shown
    assert word("secrecy.question", "vi") in shown
    assert "<img" not in shown
    assert word("counter.secrecy", "vi", count=1) in own.get("/counter").body.decode()
    page = _page_id(shown)
    assert visitors[Role.LEADER].get("/secrecy").status == 403
    assert own.post("/secrecy", {"page": page, "said": "perhaps"}).status == 422
    assert own.post("/secrecy", {"page": "nothing", "said": "not_secret"}).status == 422
    assert own.post("/secrecy", {"page": page, "said": "not_secret"}).status == 303
    office.drain()
    assert office.states(_CODE) == [DocumentState.ARCHIVED]
    assert _CODE not in own.get("/secrecy").body.decode()
    assert own.post("/secrecy", {"page": page, "said": "marked"}).status == 422
    with office.services.catalogue.read() as tx:
        assert access.check(tx)[0]
        (said,) = [each for each in events.chain(tx, office.dossier(_CODE).id) if each.kind == "not_secret"]
    assert said.actor not in ("", "hososo")
    shown = own.get(f"/dossiers/{_CODE}").body.decode()
    assert "không phải tài liệu mật" in shown


def test_somebody_at_the_counter_answers(desk: BrowserContext, address: str, office: PaperOffice) -> None:
    """From the counter to the answer with the mouse; what is marked is gone, and the page says what is left to do."""
    office.reader.doubtful.add(office.page("to-khai/1.jpg", 62, code=_MARKED))
    office.digitise()
    page = sign_in(desk, address, person(office, Role.RECEIVER))
    page.goto(f"{address}/counter")
    page.get_by_role("link", name="chờ trả lời").click()
    judged(page, "secrecy")
    page.get_by_role("button", name=word("secrecy.marked", "vi")).click()
    page.get_by_text(word("secrecy.none", "vi")).wait_for()
    assert not (office.folder(_MARKED) / "to-khai" / "1.jpg").exists()
    assert office.services.holding.batches() == []
