"""Reuse before scanning: offered of the same person only, counted, told to the portal, kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from catalog import Catalogue, access, accounts, comparison, events, facts, renditions, reuse
from catalog.schema import claim, document
from dossier.errors import Code, Rejected
from dossier.facts import FactLine
from dossier.people import Account, Role
from pipeline.completeness import known_of
from pipeline.installation import Installation
from pipeline.packaging import content_of
from pipeline.projecting import project
from pipeline.rebuilding import FOUND as NOBODYS
from pipeline.rebuilding import rebuild
from pipeline.registering import Order, import_register
from pipeline.reusing import How, ReuseWish, lendable, reuse_component, undo_reuse
from registers.portal.fields import edition_on, sync_record
from registers.reference_data import of_files
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice

pytestmark = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
STRANGER = "H99.27.14-260211-0010"
FOREIGN = "H99.27.12-260302-0003"
_HEADER = "Mã hồ sơ;MaTTHC;Ngày nhận;Ngày trả;Trạng thái;Số định danh\n"
_COMPONENT = "giay-chung-sinh"


@pytest.fixture
def lent(office: PaperOffice) -> PaperOffice:
    """Return an office with an earlier dossier of a person, archived and confirmed, and a new one of theirs."""
    office.services = replace(office.services, reference=of_files(None, None))
    path = office.inbox.parent / "so.csv"
    persons = {CODE: "099175004461", OTHER_CODE: "099175004461", STRANGER: "099175004462", FOREIGN: "099175004461"}
    rows = "".join(f"{code};1.001193;11/02/2026;;;{person}\n" for code, person in persons.items())
    path.write_text(_HEADER + rows, encoding="utf-8")
    import_register(path, Order(as_of=office.services.clock()), office.services)
    office.page(f"{_COMPONENT}/1.jpg", 10, text="GIẤY CHỨNG SINH")
    office.page("to-khai/1.jpg", 20, code=OTHER_CODE)
    office.page("to-khai/1.jpg", 30, code=STRANGER)
    office.digitise()
    kind = _kind(office)
    with office.services.catalogue.write() as tx:
        tx.execute(update(document).values(kind=kind, confirmed_by="kiem-tra"))
    return office


def _kind(office: PaperOffice) -> str:
    with office.services.catalogue.read() as tx:
        parts = known_of(tx, CODE, office.services, demo=True).parts
    return next((each.rule.kinds[0] for each in parts if each.rule.code == _COMPONENT and each.rule.kinds), "")


@pytest.fixture
def clerk(lent: PaperOffice) -> Account:
    """Give somebody at the counter of the unit."""
    own = Account("id-quay", "quay.1", "Quầy một", frozenset({Role.RECEIVER}), frozenset({"H99.27.14"}))
    with lent.services.catalogue.write() as tx:
        accounts.add(tx, own, "", lent.services.clock())
    return own


def _source(office: PaperOffice, code: str = CODE) -> str:
    return office.documents(code)[0].id


def _wish(office: PaperOffice, **more: str) -> ReuseWish:
    return ReuseWish(**{"code": OTHER_CODE, "component": _COMPONENT, "document_id": _source(office), **more})


def _line(office: PaperOffice, code: str) -> FactLine:
    project(office.services, demo=True)
    with office.services.catalogue.read() as tx:
        return next(line for line in facts.lines(tx) if line.code == code)


def test_what_could_be_reused_is_told_and_what_does_not_fit_is_refused(lent: PaperOffice, clerk: Account) -> None:
    """An earlier dossier of the same person is offered, another person's is not; who looked stands in the log."""
    found = lendable(OTHER_CODE, clerk, lent.services, demo=True)
    parts = {each.part.rule.code: each for each in found.parts}
    assert [each.document_id for each in parts[_COMPONENT].offers] == [_source(lent)]
    assert [each.how for each in parts["to-khai"].there] == [How.SCANNED]
    with lent.services.catalogue.read() as tx:
        last = list(access.lines(tx))[-1]
    assert (last.action, last.subject, last.detail) == ("reuse.look", OTHER_CODE, f"documents={_source(lent)}")
    stranger = lendable(STRANGER, clerk, lent.services, demo=True)
    assert [each for part in stranger.parts for each in part.offers] == []
    elsewhere = replace(clerk, units=frozenset({"H99.27.12"}))
    assert [each for part in lendable(FOREIGN, elsewhere, lent.services, demo=True).parts for each in part.offers] == []
    blind = replace(clerk, roles=frozenset({Role.INSPECTOR}))
    assert [each for part in lendable(OTHER_CODE, blind, lent.services, demo=True).parts for each in part.offers] == []
    without = lendable(OTHER_CODE, clerk, lent.services, demo=False)
    assert [each for part in without.parts for each in part.offers] == []  # a development signature proves nothing
    _check_refused(lent, clerk)


def test_a_reused_component_is_there_and_counts(lent: PaperOffice, clerk: Account, fresh: Catalogue) -> None:
    """No byte twice, a claim of each dossier, the event names the digest; 4.3 counts it; it outlives the catalogue."""
    office = lent
    before = _line(office, OTHER_CODE).facts
    assert before.reused is None
    stored = len(list(office.services.store.list()))
    made = reuse_component(_wish(office), clerk, office.services, demo=True)
    assert made.grounds == "identity"
    assert len(list(office.services.store.list())) == stored + 1  # the statement
    after = _line(office, OTHER_CODE).facts
    assert after.reused is True
    assert after.components[0] == before.components[0] - 1
    assert after.scanned == before.scanned
    with office.services.catalogue.read() as tx:
        event = list(events.chain(tx, office.dossier(OTHER_CODE).id))[-1]
        final = renditions.final(tx, _source(office))
        assert final is not None
        assert (event.kind, event.payload["file"]) == ("component_reused", final.ref.sha256)
        owners = tx.execute(select(claim.c.referrer).where(claim.c.sha256 == final.ref.sha256)).scalars()
        assert sorted(each.partition(":")[0] for each in owners) == ["reuse", "signed"]
        content = content_of(tx, office.dossier(OTHER_CODE).id, OTHER_CODE, 1, office.services)
    told = sync_record(content, None, {each.id: "x" for each in content.documents}, edition_on(office.clock.now.date()))
    flags = {paper["MaThanhPhanHoSo"]: paper.get("DuocTaiSuDung") for paper in told["TaiLieuNop"]}
    assert flags == {"to-khai": None, _COMPONENT: "1"}
    assert "reused" not in str([each for each in content.as_value()["documents"] if each["component"] == "to-khai"])
    _check_rebuilt(office, fresh)
    undo_reuse(OTHER_CODE, _COMPONENT, clerk, office.services)
    assert _line(office, OTHER_CODE).facts.reused is None


def _check_rebuilt(office: PaperOffice, fresh: Catalogue) -> None:
    """Rebuild the catalogue from the archive store: the statement is there."""
    office.drain()
    rebuild(Installation(fresh, office.services.store, office.services.clock), lambda _: None)
    with office.services.catalogue.read() as there, fresh.read() as here:
        assert reuse.of_dossiers(here, [OTHER_CODE]) == reuse.of_dossiers(there, [OTHER_CODE])
        tables = {each.table for each in comparison.compare(here, there, NOBODYS)}
    assert tables <= {"document", "register_entry"}  # kinds were set behind the back of the manifests


def _check_refused(lent: PaperOffice, clerk: Account) -> None:
    """Replaced, unconfirmed, of another person without a reason, of a unit out of sight, there already."""
    office, services = lent, lent.services

    def refusal(act: Callable[[], object]) -> Code:
        with pytest.raises(Rejected) as caught:
            act()
        return caught.value.code

    def ask(*, demo: bool = True, **more: str) -> Code:
        wish = ReuseWish(**{"code": OTHER_CODE, "component": _COMPONENT, "document_id": first, **more})
        return refusal(lambda: reuse_component(wish, clerk, services, demo=demo))

    first = _source(office)

    assert ask(component="khong-co") is Code.COMPONENT_UNKNOWN
    assert ask(component="to-khai") is Code.REUSE_THERE
    assert ask(component="ket-qua") is Code.REUSE_THERE
    assert ask(document_id="none") is Code.REUSE_UNFIT
    assert ask(demo=False) is Code.REUSE_UNFIT
    assert ask(code=FOREIGN) is Code.PAGE_UNKNOWN
    other = _source(office, STRANGER)
    assert ask(document_id=other) is (Code.REUSE_PERSON if _kind(office) else Code.REUSE_UNFIT)
    own = document.c.id == first
    for column, value in (("superseded_by", "x"), ("confirmed_by", "")):
        with services.catalogue.write() as tx:
            kept = tx.execute(select(document.c[column]).where(own)).scalar_one()
            tx.execute(update(document).where(own).values({column: value}))
        assert ask() is Code.REUSE_UNFIT
        with services.catalogue.write() as tx:
            tx.execute(update(document).where(own).values({column: kept}))
    reuse_component(_wish(office), clerk, services, demo=True)
    assert ask() is Code.REUSE_THERE
