"""A holding area that is lost as a whole, with a dossier under way: delivered again, all of it is archived."""

from __future__ import annotations

import pytest

from dossier.errors import Code
from dossier.states import DocumentState, Step
from pipeline.retrying import retry
from tests.fakes.office import PaperOffice

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
