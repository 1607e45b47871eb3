"""A chore that failed does not count as done: nobody who watches the installation is told so."""

from __future__ import annotations

import pytest

from catalog import chores
from dossier.errors import Code, Unavailable
from pipeline.services import Services
from tests.fakes.office import PaperOffice
from workers.chores import Chore, Chores

_HOUR = 3600.0


@pytest.mark.parametrize("failure", [Unavailable(Code.STORE_UNAVAILABLE, "away"), ZeroDivisionError("a bug")])
def test_a_failed_chore_is_not_told_as_done(office: PaperOffice, failure: Exception) -> None:
    """The time when it was done last stays, and the next try comes after its time."""
    failing = True

    def tried(_: Services) -> None:
        if failing:
            raise failure

    supervisor, chore = Chores(office.services, []), Chore("sweep", _HOUR, tried)
    assert not supervisor.do(chore)
    assert _last_done(office) == 0
    failing = False
    office.clock.later(_HOUR - 60)
    assert not supervisor.do(chore)
    office.clock.later(61)
    assert supervisor.do(chore)
    assert _last_done(office) == pytest.approx(office.services.clock().timestamp(), abs=1)


def test_a_person_need_not_wait_for_a_chore_that_failed(office: PaperOffice) -> None:
    """What was put off is nobody's: a command that does it now may."""

    def fail(_: Services) -> None:
        raise Unavailable(Code.STORE_UNAVAILABLE, "away")

    assert not Chores(office.services, []).do(Chore("scrub", _HOUR, fail))
    with office.services.catalogue.write() as tx:
        assert chores.take(tx, "scrub", "a person", office.services.clock(), every=0, lease=60)


def _last_done(office: PaperOffice) -> float:
    with office.services.catalogue.read() as tx:
        return chores.last_done(tx, "sweep")
