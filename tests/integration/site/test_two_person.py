"""One person's word is not enough where the office says so; and what nobody had to look at is looked at by samples."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.applications import Starlette

from catalog import documents, events, fields, samples
from catalog.samples import Sampled
from catalog.schema import document as table
from dossier.model import FieldValue
from dossier.people import Role
from dossier.register import VIETNAM
from pipeline import people
from pipeline.two_person import TwoPersonRule
from tests.fakes.office import PaperOffice
from tests.fakes.visitor import Visitor
from tests.integration.site.conftest import PASSWORD, UNIT, account, document_of
from web.house import House
from web.site import site
from web.wording import word

_SEEN = re.compile(r'name="seen" value="([0-9a-f]{32})"')
_NUMBER = iter(range(1000))


@pytest.fixture
def strict(house: House) -> Starlette:
    """Give a site where two have to agree on names."""
    own = replace(house, two_person=TwoPersonRule(fields=frozenset({"ho_ten"})), sample_share=0.5)
    return site(own)


@pytest.fixture
def paper(office: PaperOffice) -> str:
    """Return a document that nobody has confirmed, with a name and a day read on its page."""
    own = document_of(office)
    values = ("ho_ten", "NGUYỄN VĂN THỬ", 70.0), ("ngay_sinh", "1990-02-01", 99.0)
    with office.services.catalogue.write() as tx:
        document = documents.get(tx, own)
        tx.execute(table.update().where(table.c.id == own).values(confirmed_by=""))
        for name, _, _ in values:
            fields.confirm(tx, own, name, [], "", office.clock.now)
        page = document.page_ids[0]
        read = [FieldValue(name, value, value, sure, page, None, "rule") for name, value, sure in values]
        fields.replace_read(tx, own, read)
    return own


def checker(app: Starlette, office: PaperOffice) -> Visitor:
    """Return another officer who compares."""
    made = account(office, f"two.{next(_NUMBER)}", Role.CHECKER, units=frozenset({UNIT}))
    people.set_password(made, PASSWORD, made.id, office.services)
    visitor = Visitor(app)
    visitor.sign_in(made.login, PASSWORD)
    return visitor


def say(visitor: Visitor, paper: str, name: str, day: str = "1990-02-01") -> tuple[int, str]:
    """Confirm a paper with a name; return the status and where it leads."""
    found = _SEEN.search(visitor.get(f"/confirm/{paper}").body.decode())
    assert found
    form = {"seen": found[1], "kind": "KHAC", "field-0": name, "field-1": day}
    reply = visitor.post(f"/confirm/{paper}", form)
    return reply.status, reply.headers.get("location", "")


def confirmed(office: PaperOffice, paper: str) -> tuple[bool, list[str]]:
    """Return whether a paper is confirmed, and its name."""
    with office.services.catalogue.read() as tx:
        values = fields.of_document(tx, paper)
        return documents.get(tx, paper).confirmed, [each.value for each in values if each.name == "ho_ten"]


def test_two_agree(strict: Starlette, office: PaperOffice, paper: str) -> None:
    """The first word counts nothing and nobody reads it; the same person is no second; both stand in the chain."""
    first, second = checker(strict, office), checker(strict, office)
    status, goal = say(first, paper, "Nguyễn Văn Thử")
    assert (status, "said=second" in goal) == (303, True)
    assert confirmed(office, paper) == (False, ["NGUYỄN VĂN THỬ"])
    assert say(first, paper, "Nguyễn Văn Thử")[0] == 422
    assert f"/confirm/{paper}" not in first.get("/confirm").body.decode()
    assert "Nguyễn Văn Thử" not in second.get(f"/confirm/{paper}").body.decode()
    assert "said=" not in say(second, paper, "Nguyễn Văn Thử", "1991-01-01")[1]
    assert confirmed(office, paper) == (True, ["Nguyễn Văn Thử"])
    with office.services.catalogue.read() as tx:
        last = [each for each in events.chain(tx, documents.get(tx, paper).dossier_id) if each.kind == "confirmed"][-1]
    assert last.actor != last.payload["beside"][0]  # type: ignore[index]


def test_a_third_decides(strict: Starlette, office: PaperOffice, paper: str) -> None:
    """With both words before them, and neither of the two is the third."""
    one, two, three = (checker(strict, office) for _ in range(3))
    say(one, paper, "Nguyễn Văn Thử")
    assert "said=third" in say(two, paper, "Nguyễn Văn Thứ")[1]
    assert [say(each, paper, "Nguyễn Văn Thử")[0] for each in (one, two)] == [422, 422]
    text = three.get(f"/confirm/{paper}").body.decode()
    assert '<option value="Nguyễn Văn Thử">' in text
    assert '<option value="Nguyễn Văn Thứ">' in text
    say(three, paper, "Nguyễn Văn Thứ")
    assert confirmed(office, paper) == (True, ["Nguyễn Văn Thứ"])


def test_back_to_the_queue(house: House, office: PaperOffice, paper: str) -> None:
    """Where there is no third, both words are forgotten and the first may speak again."""
    rule = TwoPersonRule(kinds=frozenset({"*"}), third=False)
    app = site(replace(house, two_person=rule))
    one, two = checker(app, office), checker(app, office)
    say(one, paper, "A B", "1990-02-01")
    assert "said=back" in say(two, paper, "A B", "1990-02-02")[1]
    assert confirmed(office, paper)[0] is False
    assert "said=second" in say(one, paper, "A B")[1]


def test_a_sample_says_how_often_the_machine_errs(strict: Starlette, office: PaperOffice, paper: str) -> None:
    """Drawn once, of a day that is over, of what nobody had to see; a look at it counts what was wrong."""
    visitor = checker(strict, office)
    today = office.clock.now.astimezone(VIETNAM).date()
    assert visitor.post("/samples", {"day": today.isoformat()}).status == 422
    assert visitor.post("/samples", {"day": "x"}).status == 422
    quiet = next(each.id for each in office.documents() if each.id != paper)
    with office.services.catalogue.write() as tx:
        change = {"kind_confidence": 99.0, "confirmed_by": "", "created_at": "2026-11-20T03:00:00.000000Z"}
        tx.execute(table.update().where(table.c.id.in_([quiet, paper])).values(change))
        fields.replace_read(tx, quiet, [FieldValue("ho_ten", "A", "A", 99.0)])
    assert visitor.post("/samples", {"day": "2026-11-20"}).status == 303
    assert visitor.post("/samples", {"day": "2026-11-20"}).status == 422
    assert visitor.post("/samples", {"day": (today - timedelta(days=9)).isoformat()}).status == 303
    with office.services.catalogue.read() as tx:
        assert [each.document_id for each in samples.newest(tx, 9)] == [quiet]
    assert f"/confirm/{quiet}" in visitor.get("/samples").body.decode()
    found = _SEEN.search(visitor.get(f"/confirm/{quiet}").body.decode())
    assert found
    for each in (visitor, checker(strict, office)):
        each.post(f"/confirm/{quiet}", {"seen": found[1], "kind": "KHAC", "field-0": "B"})
    with office.services.catalogue.read() as tx:
        (seen,) = samples.newest(tx, 9)
        assert isinstance(seen, Sampled)
        assert (seen.checked, seen.fields, seen.wrong) == (True, 1, 1)
    rate = word("samples.rate", "vi", faulty=1, low=1, high=1, population=1)
    assert rate in visitor.get("/samples").body.decode()
