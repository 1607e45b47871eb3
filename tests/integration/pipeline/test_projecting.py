"""The lines of facts follow whatever is written about a dossier, and nothing but that is made anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from catalog import facts, register_rows
from dossier.errors import Code, Rejected
from dossier.facts import Due, FactLine
from dossier.states import GivenUpFor, Step
from dossier.status import Cause
from pipeline.giving_up import give_up
from pipeline.projecting import Projection, explain, project
from pipeline.referring import enter, reference
from pipeline.registering import Order, import_register
from pipeline.retrying import retry
from pipeline.setbacks import set_aside
from registers.reference import Kind, ReferenceRow
from registers.reference_data import of_files
from registers.reference_files import ReferenceFile
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice

_HEADER = "Mã hồ sơ;MaTTHC;Ngày nhận;Ngày hẹn trả;Ngày trả;Trạng thái\n"


@pytest.fixture
def registered(office: PaperOffice) -> PaperOffice:
    """Return an office with the packaged reference data and two dossiers in its register."""
    office.services = replace(office.services, reference=of_files(None, None))
    _register(office, f"{CODE};1.001193;11/02/2026;;;", f"{OTHER_CODE};1.001193;11/02/2026;20/02/2026;19/02/2026;10")
    return office


def _register(office: PaperOffice, *lines: str) -> None:
    path = office.inbox.parent / "so.csv"
    path.write_text(_HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    import_register(path, Order(as_of=office.services.clock()), office.services)


def _lines(office: PaperOffice) -> list[FactLine]:
    with office.services.catalogue.read() as tx:
        return list(facts.lines(tx))


def _anew(office: PaperOffice) -> list[FactLine]:
    """Return what all lines would be if they were made now."""
    with office.services.catalogue.read() as tx:
        projection = Projection(office.services, reference(tx, office.services), demo=True)
        return projection.lines(tx, list(register_rows.entries(tx)))


def test_lines_follow_every_step(registered: PaperOffice) -> None:
    """After each work item, set-back, retry and giving up the lines that were due are those that all would be."""
    office = registered
    office.page("to-khai/1.jpg", 10)
    office.page("giay-chung-sinh/1.jpg", 20)
    office.page("ket-qua/1.jpg", 30, code=OTHER_CODE)
    office.deliver()
    assert project(office.services, demo=True) == 2
    seen = set()
    while (item := office.claim()) is not None:
        if item.step is Step.RENDER and "set aside" not in seen:
            set_aside(item, Code.RENDITION_TOO_LARGE, "", office.services)
            seen.add("set aside")
        else:
            office.step(item)
        project(office.services, demo=True)
        assert _lines(office) == _anew(office), item.step
        seen.add(_lines(office)[0].facts.archival.value)
    assert {"set aside", Cause.BEING_READ.value, Cause.READ_FAILED.value} <= seen
    for act in (
        lambda: retry(office.services, None),
        lambda: give_up(office.dossier(), GivenUpFor.OTHER, office.services),
    ):
        act()
        project(office.services, demo=True)
        assert _lines(office) == _anew(office)


def test_only_what_is_due_is_made(registered: PaperOffice) -> None:
    """Nothing twice; an import makes its changed rows anew; another meaning of signatures makes all anew."""
    office = registered
    assert project(office.services, demo=True) == 2
    assert project(office.services, demo=True) == 0
    _register(
        office,
        f"{CODE};1.001193;11/02/2026;20/02/2026;;4",
        f"{OTHER_CODE};1.001193;11/02/2026;20/02/2026;19/02/2026;10",
    )
    assert project(office.services, demo=True) == 1
    assert [line.facts.due for line in _lines(office)] == [Due.APPOINTED, Due.APPOINTED]
    assert project(office.services, demo=False) == 2


def test_a_new_edition_makes_all_lines_anew(registered: PaperOffice) -> None:
    """A deadline in working days stands in for the day of appointment: 5 days from 11/2/2026 reach over Tết."""
    office = registered
    project(office.services, demo=True)
    assert _lines(office)[0].facts.due is Due.NONE
    with office.services.catalogue.read() as tx:
        known = reference(tx, office.services)
        (own,) = (row for row in known.of_kind(Kind.PROCEDURES) if row.key == "1.001193")
    changed = replace(own, values={**own.values, "deadline": 5}, valid_from=date(2026, 1, 1))
    entered = enter(ReferenceFile(Kind.PROCEDURES, (changed, own), (), "0" * 64), office.services, "lan.nt")
    assert (entered.added, entered.changed, entered.same) == (1, 0, 1)
    assert enter(ReferenceFile(Kind.PROCEDURES, (changed,), (), "0" * 64), office.services, "lan.nt").edition == 0
    assert project(office.services, demo=True) == 2
    line = _lines(office)[0]
    assert line.facts.due is Due.LEGAL
    assert line.due == 1772038799  # 25/02/2026 23:59:59
    with office.services.catalogue.read() as tx:
        before = reference(tx, office.services, 0).procedures.find("1.001193", date(2026, 2, 11))
    assert before is not None
    assert before.deadline is None


def test_an_unsound_edition_stores_nothing(registered: PaperOffice) -> None:
    """A component of a procedure that is in no list is refused as a whole."""
    values = {"procedure": "9.9", "code": "x", "name": "x", "required": True, "kinds": (), "position": 1}
    row = ReferenceRow(Kind.COMPONENTS, "9.9/x", date(2026, 1, 1), None, "QĐ", values)
    with pytest.raises(Rejected) as caught:
        enter(ReferenceFile(Kind.COMPONENTS, (row,), (), "0" * 64), registered.services, "")
    assert caught.value.code is Code.REFERENCE_INVALID
    with registered.services.catalogue.read() as tx:
        assert reference(tx, registered.services).edition == 0


def test_an_explanation_is_a_fact(registered: PaperOffice) -> None:
    """What a person says of a silent row is in its line at once, and stays when all lines are made anew."""
    project(registered.services, demo=True)
    explain(registered.services, [CODE], "trùng sổ", "lan.nt", demo=True)
    assert [line.facts.explained for line in _lines(registered)] == [True, False]
    assert _lines(registered) == _anew(registered)


def test_a_dossier_in_no_register_has_no_line(office: PaperOffice) -> None:
    """It is in the archive and in no rate, and is not asked for again and again."""
    office.page("to-khai/1.jpg", 10)
    office.digitise()
    project(office.services, demo=True)
    assert _lines(office) == []
    assert project(office.services, demo=True) == 0
