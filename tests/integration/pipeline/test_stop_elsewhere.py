"""A page with the marking of a state secret is read on one host while the delivered folder lies on another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from catalog import events, intakes, pages, queue, work
from dossier.errors import Code, Rejected
from dossier.model import Intake, WorkItem
from dossier.scan import PageScan
from dossier.states import DocumentState, FileState, IntakeState, Priority, Step, WorkState
from ingest.holding import Holding
from pipeline import stop
from pipeline.delivery import deliver
from pipeline.running import run
from pipeline.services import Services
from pipeline.setbacks import give_back
from pipeline.steps import STEPS
from pipeline.sweeping import sweep
from tests.fakes.office import PaperOffice


class PowerCut(BaseException):
    """The worker ends here."""


@pytest.fixture
def delivered(office: PaperOffice) -> PaperOffice:
    """Return an office on host `a` that has received a dossier of three pages, the first with a marking."""
    office.services = replace(office.services, place="a")
    office.reader.secret.add(office.page("a.jpg", 10))
    office.page("b.jpg", 20)
    office.page("c.jpg", 30)
    office.deliver()
    item = claim(office, "a", Step.RECEIVE)
    run(item, office.services)
    return office


@pytest.fixture
def elsewhere(delivered: PaperOffice) -> Services:
    """Return the services of host `b`: catalogue and holding area are the same, its folders are not."""
    scratch = delivered.inbox.parent / "scratch of b"
    scratch.mkdir()
    return replace(delivered.services, place="b", scratch=scratch)


def claim(office: PaperOffice, place: str, *steps: Step) -> WorkItem:
    """Claim an item as a worker of a host does."""
    item = claim_if_any(office, place, *steps)
    assert item is not None
    return item


def claim_if_any(office: PaperOffice, place: str, *steps: Step) -> WorkItem | None:
    """Claim an item as a worker of a host does, if there is one."""
    with office.services.catalogue.write() as tx:
        return work.claim(tx, f"{place}/1/", steps or tuple(Step), office.clock(), place)


def drain(office: PaperOffice, services: Services) -> list[WorkItem]:
    """Run what a host can run."""
    done = []
    while (item := claim_if_any(office, services.place)) is not None:
        run(item, services)
        done.append(item)
    return done


def intake_of(office: PaperOffice) -> Intake:
    """Return the delivery."""
    with office.services.catalogue.read() as tx:
        found = intakes.latest(tx, office.dossier().id)
    assert found is not None
    return found


def is_stopped(office: PaperOffice) -> bool:
    """Return whether nothing of the delivery is kept and nothing of it is open."""
    intake = intake_of(office)
    with office.services.catalogue.read() as tx:
        destroyed = {file.state for file in intakes.files(tx, intake.id)} == {FileState.DESTROYED}
        ended = queue.open_count(tx, tuple(Step), place="a") == 0
        told = [event.kind for event in events.chain(tx, intake.dossier_id)].count("stopped")
    nothing_held = office.services.holding.batches() == [] and list(office.services.store.list()) == []
    return intake.state is IntakeState.STOPPED and destroyed and ended and told == 1 and nothing_held


def scans(office: PaperOffice) -> list[str]:
    """Return what lies in the delivered folder."""
    return sorted(path.name for path in office.folder().iterdir())


def test_the_host_that_reads_destroys_the_key_and_the_other_the_scan(
    delivered: PaperOffice, elsewhere: Services
) -> None:
    """What host b can reach is gone before the item is handed over; only host a gets it, and ends the stop."""
    run(claim(delivered, "b", Step.READ), elsewhere)
    assert delivered.services.holding.batches() == []
    assert scans(delivered) == ["a.jpg", "b.jpg", "c.jpg"]
    assert intake_of(delivered).state is IntakeState.STOPPED
    assert drain(delivered, elsewhere) == []
    assert [item.step for item in drain(delivered, delivered.services)] == [Step.READ]
    assert scans(delivered) == ["b.jpg", "c.jpg"]
    assert is_stopped(delivered)
    assert [(item.subject, item.code) for item in delivered.problems()] == [("a.jpg#1", Code.SECRET_STAMP)]
    assert [item.outcome.value for item in delivered.deliver()] == ["problem"]


def test_the_host_that_reads_touches_no_folder_of_its_own(
    delivered: PaperOffice, elsewhere: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of the same path on host b may hold anything."""

    def never(*_: object) -> None:
        raise AssertionError("host b looked into a folder")

    with monkeypatch.context() as patch:
        patch.setattr(stop, "_destroy_delivered", never)
        patch.setattr(stop, "_look", never)
        run(claim(delivered, "b", Step.READ), elsewhere)
    drain(delivered, delivered.services)
    assert is_stopped(delivered)


@pytest.mark.parametrize(
    ("owner", "point"),
    [(Holding, "destroy"), (Holding, "purge"), (work, "hand_over")],
)
def test_the_host_that_reads_may_die_at_any_point(
    delivered: PaperOffice, elsewhere: Services, monkeypatch: pytest.MonkeyPatch, owner: object, point: str
) -> None:
    """After the record whoever gets the item next goes on, host a as well as another one."""

    def cut(*_: object) -> None:
        raise PowerCut

    item = claim(delivered, "b", Step.READ)
    with monkeypatch.context() as patch:
        patch.setattr(owner, point, cut)
        with pytest.raises(PowerCut):
            stop_step(item, elsewhere)
    give_back("b/", delivered.services, crashed=True)
    delivered.clock.later(600)
    drain(delivered, elsewhere)
    drain(delivered, delivered.services)
    assert is_stopped(delivered)
    assert scans(delivered) == ["b.jpg", "c.jpg"]


def stop_step(item: WorkItem, services: Services) -> None:
    """Run the step without what a worker does about failures."""
    STEPS[item.step](item.subject, services.under(item))


@pytest.mark.parametrize("point", ["_destroy_delivered", "_erase", "_look"])
def test_the_host_of_the_folder_may_die_at_any_point(
    delivered: PaperOffice, elsewhere: Services, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    """The item stays with host a, whoever else asks for work."""

    def cut(*_: object) -> None:
        raise PowerCut

    run(claim(delivered, "b", Step.READ), elsewhere)
    item = claim(delivered, "a", Step.READ)
    with monkeypatch.context() as patch:
        patch.setattr(stop, point, cut)
        with pytest.raises(PowerCut):
            stop_step(item, delivered.services)
    give_back("a/", delivered.services, crashed=True)
    delivered.clock.later(600)
    assert drain(delivered, elsewhere) == []
    drain(delivered, delivered.services)
    assert is_stopped(delivered)
    assert scans(delivered) == ["b.jpg", "c.jpg"]


class Racing:
    """A reader that lets something happen before it answers."""

    def __init__(self, office: PaperOffice, before: Callable[[], None]) -> None:
        self._office, self._before = office, before

    def read(self, data: bytes, scan: PageScan, effort: str = "full", *, cleared: bool = False) -> object:
        """Read a page after what was to happen."""
        self._before()
        return self._office.reader.read(data, scan, effort, cleared=cleared)


def racing(office: PaperOffice, services: Services, before: Callable[[], None]) -> Services:
    """Return services whose reader is overtaken."""
    return replace(services, reader=Racing(office, before))  # type: ignore[arg-type] # a reader to the step


def test_two_marked_pages_read_on_two_hosts_both_lose_their_scans(delivered: PaperOffice, elsewhere: Services) -> None:
    """The second finds the dossier stopped when it comes to record: its file is destroyed on host a as well."""
    delivered.reader.secret.add(delivered.page("b.jpg", 20))
    first, second = claim(delivered, "b", Step.READ), claim(delivered, "c", Step.READ)
    third = replace(elsewhere, place="c")
    run(second, racing(delivered, third, lambda: run(first, elsewhere)))
    drain(delivered, elsewhere)
    drain(delivered, third)
    drain(delivered, delivered.services)
    assert scans(delivered) == ["c.jpg"]
    assert is_stopped(delivered)
    assert [item.outcome.value for item in delivered.deliver()] == ["problem"]


def test_a_zombie_that_sees_a_marking_stops_nothing_by_itself(delivered: PaperOffice, elsewhere: Services) -> None:
    """Its lease has run out, the page's new owner decides; what the zombie saw is on the list until then."""
    item = claim(delivered, "b", Step.READ)

    def overtaken() -> None:
        give_back("b/", delivered.services, crashed=True)
        delivered.clock.later(600)

    run(item, racing(delivered, elsewhere, overtaken))
    assert intake_of(delivered).state is IntakeState.READING
    assert scans(delivered) == ["a.jpg", "b.jpg", "c.jpg"]
    assert [problem.code for problem in delivered.problems()] == [Code.SECRET_STAMP]
    drain(delivered, elsewhere)
    drain(delivered, delivered.services)
    assert is_stopped(delivered)
    assert scans(delivered) == ["b.jpg", "c.jpg"]


def test_a_zombie_does_not_undo_what_was_archived_meanwhile(delivered: PaperOffice, elsewhere: Services) -> None:
    """A host with another reader sees a marking in what was cleared and archived: a person is told, all stays."""
    item = claim(delivered, "b", Step.READ)
    marked = delivered.reader.secret.copy()

    def archived_meanwhile() -> None:
        give_back("b/", delivered.services, crashed=True)
        delivered.clock.later(600)
        delivered.reader.secret.clear()
        drain(delivered, delivered.services)
        delivered.reader.secret |= marked

    run(item, racing(delivered, elsewhere, archived_meanwhile))
    drain(delivered, delivered.services)
    assert delivered.states() == [DocumentState.ARCHIVED]
    assert intake_of(delivered).state is IntakeState.ASSEMBLED
    assert scans(delivered) == ["a.jpg", "b.jpg", "c.jpg"]
    assert [problem.code for problem in delivered.problems()] == [Code.SECRET_STAMP]


def test_a_zombie_that_receives_takes_nothing_in_again(office: PaperOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that slept through a stop, just before it opened the batch: the empty batch is swept."""
    office.reader.secret.add(office.page("a.jpg", 10))
    office.deliver()
    zombie = claim(office, "a", Step.RECEIVE)
    real = Holding.open_batch

    def overslept(holding: Holding, batch: str) -> None:
        monkeypatch.setattr(Holding, "open_batch", real)
        give_back("a/", office.services, crashed=True)
        office.clock.later(600)
        drain(office, office.services)
        assert is_stopped(office)
        real(holding, batch)

    monkeypatch.setattr(Holding, "open_batch", overslept)
    with pytest.raises(work.LostLease):
        stop_step(zombie, office.services)
    assert [path.name for path in (office.inbox.parent / "holding").rglob("*") if path.is_file()] == ["key"]
    assert sweep(office.services).batches == 1
    assert is_stopped(office)


def test_while_the_delivered_folder_cannot_be_reached_the_stop_waits(
    delivered: PaperOffice, elsewhere: Services
) -> None:
    """An inbox that is not mounted is not an empty one: nothing is called destroyed that was not looked at."""
    run(claim(delivered, "b", Step.READ), elsewhere)
    away = delivered.inbox.rename(delivered.inbox.parent / "not mounted")
    drain(delivered, delivered.services)
    assert not is_stopped(delivered)
    with delivered.services.catalogue.read() as tx:
        assert [item.error for item in queue.waiting(tx)] == [Code.STORE_UNAVAILABLE]
    away.rename(delivered.inbox)
    delivered.clock.later(600)
    drain(delivered, delivered.services)
    assert is_stopped(delivered)
    assert scans(delivered) == ["b.jpg", "c.jpg"]


def test_pages_read_after_the_stop_was_recorded_hold_nothing(delivered: PaperOffice, elsewhere: Services) -> None:
    """A page that another host is reading while the batch is destroyed leaves no reading behind."""
    first, second = claim(delivered, "a", Step.READ), claim(delivered, "b", Step.READ)
    run(second, racing(delivered, elsewhere, lambda: run(first, delivered.services)))
    assert is_stopped(delivered)
    with delivered.services.catalogue.read() as tx:
        states = {pages.get(tx, item.subject).error for item in (first, second)}
    assert states == {Code.SECRET_STAMP.value, ""}
    assert second.state is WorkState.CLAIMED
    assert not any(path.is_file() for path in Path(delivered.inbox.parent / "holding").rglob("*"))


def test_a_stop_handed_over_goes_before_all_other_work(delivered: PaperOffice, elsewhere: Services) -> None:
    """The marked scan does not lie there until a backlog is done."""
    run(claim(delivered, "b", Step.READ), elsewhere)
    first = claim(delivered, "a")
    assert (first.step, first.priority) == (Step.READ, Priority.ALARM)


def test_two_marked_scans_leave_a_folder_that_is_not_new(office: PaperOffice) -> None:
    """What we destroyed ourselves, both of them, begins no new delivery."""
    office.reader.secret |= {office.page("a.jpg", 10), office.page("b.jpg", 20)}
    office.page("c.jpg", 30)
    office.deliver()
    office.drain(Step.RECEIVE)
    first, second = claim(office, "a", Step.READ), claim(office, "b", Step.READ)
    run(second, racing(office, office.services, lambda: run(first, office.services)))
    office.drain()
    assert scans(office) == ["c.jpg"]
    (office.folder() / "c.jpg").touch()
    assert [looked.outcome.value for looked in office.deliver()] == ["problem"]


def test_two_places_may_not_deliver_from_folders_of_one_name(delivered: PaperOffice, elsewhere: Services) -> None:
    """What becomes of the one would be told of the other."""
    with pytest.raises(Rejected) as caught:
        deliver(delivered.inbox, elsewhere)
    assert caught.value.code is Code.SETTINGS_INVALID
