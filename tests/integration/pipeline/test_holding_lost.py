"""A holding area that is lost as a whole, with a dossier under way: delivered again, all of it is archived."""

from __future__ import annotations

import pytest

from catalog import events
from dossier.errors import Code
from dossier.states import DocumentState, GivenUpFor, Step
from pipeline.abandoning import abandon
from pipeline.giving_up import give_up
from pipeline.retrying import retry
from tests.fakes.office import CODE, PaperOffice

_STEPS = (Step.RECEIVE, Step.READ, Step.ASSEMBLE, Step.CLASSIFY)


@pytest.mark.parametrize("done", range(1, len(_STEPS) + 1))
def test_a_delivery_under_way_is_made_anew(office: PaperOffice, done: int) -> None:
    """However far it had come: the cause is told, and after `retry` the unchanged folder is no unchanged one."""
    office.page("1.jpg", 10)
    office.page("2.jpg", 20)
    office.deliver()
    office.drain(*_STEPS[:done])
    for batch in office.services.holding.batches():
        office.services.holding.destroy(batch)
    office.drain()
    assert Code.OBJECT_MISSING in {problem.code for problem in office.problems()}
    assert retry(office.services) > 0
    office.digitise()
    assert set(office.states()) == {DocumentState.ARCHIVED}
    assert office.quarantined() == []
    assert {problem.code for problem in office.problems()} <= {Code.FOLDER_CHANGED}
    assert office.missing() == set()
    assert office.services.holding.batches() == []


def test_what_a_restore_has_abandoned_can_be_given_up(office: PaperOffice) -> None:
    """Its folder may be gone as well: a person lets it go, and the dossier is closed without it."""
    office.page("1.jpg", 10)
    office.deliver()
    office.drain(*_STEPS)
    with office.services.catalogue.write() as tx:
        assert abandon(tx, lambda _: False, office.clock()) == [CODE]
    assert give_up(office.dossier(), GivenUpFor.OTHER, office.services).documents == 1
    office.drain()
    assert office.states() == [DocumentState.WITHDRAWN]
    assert office.problems() == []
    with office.services.catalogue.read() as tx:
        assert [event.kind for event in events.chain(tx, office.dossier().id)][-2:] == ["given_up", "closed"]
