"""What `status` says of work that does not move: how much, at which step, since when, and why."""

from datetime import timedelta

from catalog import chores
from catalog.stuck import Reason, Stuck, stuck
from dossier.errors import Code
from dossier.states import Step
from pipeline.setbacks import put_off, set_aside
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice


def _stuck(office: PaperOffice) -> list[tuple[Step, Reason, str, int]]:
    return [(one.step, one.reason, one.code, one.count) for one in _found(office)]


def _found(office: PaperOffice) -> list[Stuck]:
    with office.services.catalogue.read() as tx:
        return stuck(tx, office.clock())


def _three_pages(office: PaperOffice) -> None:
    for number in range(3):
        office.page(f"{number}.jpg", number)
    office.deliver()
    office.drain(Step.RECEIVE)


def test_what_is_due_and_taken_by_nobody(office: PaperOffice) -> None:
    """Only after an hour, with how many there are and since when."""
    _three_pages(office)
    begun = office.clock()
    office.clock.later(3500)
    assert _stuck(office) == []
    office.clock.later(3 * 86_400)
    (one,) = _found(office)
    assert (one.step, one.reason, one.code, one.count) == (Step.READ, Reason.UNTAKEN, "", 3)
    assert abs(one.oldest - begun) < timedelta(seconds=5)


def test_a_backlog_that_is_being_worked_on_is_not_stuck(office: PaperOffice) -> None:
    """Pages that wait behind others wait in line; nor is what waits because the installation is drained."""
    _three_pages(office)
    office.clock.later(2 * 3600)
    assert office.claim(Step.READ) is not None
    assert _stuck(office) == []
    office.clock.later(60)  # the claim has run out: whoever held it is dead
    assert _stuck(office) == [(Step.READ, Reason.UNTAKEN, "", 2)]
    with office.services.catalogue.write() as tx:
        chores.set_draining(tx, office.clock(), on=True)
    assert _stuck(office) == []


def test_what_nobody_has_the_key_for(office: PaperOffice) -> None:
    """Workers that read on and on do not hide that nobody signs."""
    office.page("1.jpg", 10)
    office.deliver()
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE, Step.CLASSIFY, Step.RENDER)
    office.page("1.jpg", 20, code=OTHER_CODE)
    office.deliver()
    office.drain(Step.RECEIVE)
    office.clock.later(2 * 3600)
    assert office.claim(Step.READ) is not None
    assert _stuck(office) == [(Step.SIGN, Reason.UNTAKEN, "", 1)]


def test_what_is_put_off_again_and_again(office: PaperOffice) -> None:
    """Its age is that of the work, not that of the last attempt; it is told by cause."""
    office.page("1.jpg", 10)
    office.tsa.silent = True
    office.digitise()
    office.clock.later(2 * 3600)
    office.drain()
    (one,) = _found(office)
    assert (one.step, one.reason, one.code, one.count) == (Step.SIGN, Reason.PUT_OFF, Code.TSA_UNAVAILABLE, 1)
    assert office.clock() - one.oldest > timedelta(hours=1)


def test_what_is_held_and_set_aside(office: PaperOffice) -> None:
    """A claim of over an hour, and quarantine by cause: oldest first is who waits longest."""
    _three_pages(office)
    first, second, third = (office.claim(Step.READ, worker=f"run/{number}/") for number in range(3))
    assert first
    assert second
    assert third
    set_aside(first, Code.READ_TIMEOUT, "", office.services)
    put_off(second, 10**6, Code.STORE_UNAVAILABLE, "", office.services)
    office.clock.later(2 * 3600)
    assert _stuck(office) == [
        (Step.READ, Reason.HELD, "", 1),
        (Step.READ, Reason.PUT_OFF, "STORE_UNAVAILABLE", 1),
        (Step.READ, Reason.QUARANTINED, "READ_TIMEOUT", 1),
    ]


def test_a_finished_archive_has_nothing_stuck(office: PaperOffice) -> None:
    """However old it is."""
    office.page("1.jpg", 10)
    office.digitise()
    office.clock.later(10**7)
    assert office.dossier(CODE)
    assert _stuck(office) == []
