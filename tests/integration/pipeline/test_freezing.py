"""A fixed report says the same for ever, whatever becomes of register and archive, or says that it is damaged."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from catalog import facts, snapshots
from dossier.errors import Code, Rejected
from dossier.register import VIETNAM
from pipeline.freezing import known, take, thawed
from pipeline.projecting import explain, project
from pipeline.referring import reference
from pipeline.registering import Order, import_register
from registers.reference_data import of_files
from reports.as_json import as_json
from reports.indicators.published import published
from reports.inspection import Question
from reports.period import Counting, whole_year
from reports.snapshot import Frozen, difference, freeze
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice

_HEADER = "Mã hồ sơ;MaTTHC;Ngày nhận;Ngày hẹn trả;Ngày trả;Trạng thái\n"
_ROWS = (f"{CODE};1.001193;11/02/2026;;;4", f"{OTHER_CODE};1.001193;11/02/2026;20/02/2026;19/02/2026;10")


@pytest.fixture
def registered(office: PaperOffice) -> PaperOffice:
    """Return an office with two dossiers in its register, one of them with papers."""
    office.services = replace(office.services, reference=of_files(None, None))
    _register(office, *_ROWS)
    office.page("to-khai/1.jpg", 10)
    office.digitise()
    return office


def _register(office: PaperOffice, *lines: str) -> None:
    path = office.inbox.parent / "so.csv"
    path.write_text(_HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    import_register(path, Order(as_of=office.services.clock()), office.services)


def report(office: PaperOffice) -> Frozen:
    """Return the report of 2026 as of 1 April, ready to be fixed."""
    project(office.services, demo=True)
    question = Question(whole_year(2026, Counting.CALENDAR), datetime(2026, 4, 1, tzinfo=VIETNAM), demo=True)
    with office.services.catalogue.read() as tx:
        now = reference(tx, office.services)
        return freeze(facts.lines(tx), question, published(now.procedures.on(question.period.end).values()), now.digest)


def test_it_says_what_it_said(registered: PaperOffice) -> None:
    """After a correction of the register it counts as before; the new one differs by the dossier that was corrected."""
    frozen = report(registered)
    first = take(frozen, "lanh-dao", "quý I", registered.services)
    _register(registered, _ROWS[0], f"{OTHER_CODE};1.001193;11/02/2026;20/02/2026;25/02/2026;10")
    second = take(report(registered), "lanh-dao", "", registered.services)
    again = thawed(known(first.number, registered.services), registered.services)
    assert as_json(again.figures) == as_json(frozen.figures)
    (change,) = difference(again, thawed(second, registered.services))
    assert (change.code, change.before.outcome, change.after.outcome) == (OTHER_CODE, "early", "late")  # type: ignore[union-attr]
    assert not registered.unclaimed()


def test_the_same_figures_are_one_object(registered: PaperOffice) -> None:
    """And two entries of the list: two people fixed them."""
    frozen = report(registered)
    one, two = (take(frozen, actor, "", registered.services) for actor in ("an", "binh"))
    assert one.sha256 == two.sha256
    with registered.services.catalogue.read() as tx:
        assert [(each.number, each.actor, each.period, each.base) for each in snapshots.every(tx)] == [
            (one.number, "an", "2026", "B1"),
            (two.number, "binh", "2026", "B1"),
        ]


def test_it_is_not_fixed_until_everything_is_explained(registered: PaperOffice) -> None:
    """A dossier of which the register says nothing stands in the way; a reason lets it through, and stays with it."""
    _register(registered, _ROWS[0].removesuffix("4"), _ROWS[1])
    with pytest.raises(Rejected) as caught:
        take(report(registered), "an", "", registered.services)
    assert (caught.value.code, caught.value.subject) == (Code.REPORT_NOT_CLOSED, "1")
    explain(registered.services, [CODE], "chuyển sổ", "an", demo=True)
    taken = take(report(registered), "an", "", registered.services)
    assert thawed(taken, registered.services).figures.closes


def test_a_number_that_nobody_gave_is_unknown(registered: PaperOffice) -> None:
    """With its code, before anything is read."""
    with pytest.raises(Rejected) as caught:
        known(7, registered.services)
    assert caught.value.code is Code.SNAPSHOT_UNKNOWN


def test_bytes_that_rotted_are_told(registered: PaperOffice) -> None:
    """By the store, before anything is counted."""
    taken = take(report(registered), "an", "", registered.services)
    (path,) = (registered.inbox.parent / "archive").rglob(taken.sha256)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"2026", b"2027", 1))
    with pytest.raises(Rejected) as caught:
        thawed(taken, registered.services)
    assert caught.value.code is Code.OBJECT_DAMAGED
