"""Every step may be killed at its end and run again: one result, nothing lost, nothing doubled."""

from dataclasses import replace
from pathlib import Path

import pytest

from catalog import events, work
from dossier.states import DocumentState, Step
from pipeline.setbacks import give_back
from pipeline.steps import STEPS
from pipeline.sweeping import sweep
from pipeline.verification import verify_dossier
from tests.fakes.office import PaperOffice


def test_a_step_killed_before_its_commit_runs_again(office: PaperOffice) -> None:
    """Each step first runs with a lease that is lost at the commit, as if killed there, and then once more."""
    office.page("1.jpg", 10)
    office.page("2.jpg", 20)
    office.deliver()
    ran = set()
    while (item := office.claim()) is not None:
        with pytest.raises(work.LostLease):
            office.step(replace(item, token=item.token - 1))
        office.step(item)
        ran.add(item.step)
    assert ran == set(Step)
    assert set(office.states()) == {DocumentState.ARCHIVED}
    assert all(finding.verdict == "valid" for finding in verify_dossier(office.dossier(), office.services))
    assert office.missing() == set()
    sweep(office.services)
    assert office.unclaimed() == set()
    assert office.services.holding.batches() == []


def test_a_worker_overtaken_in_its_step_writes_nothing(office: PaperOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paused in the middle of receiving until another has done it: the rows of that one are no bug of this one."""
    office.page("1.jpg", 10)
    office.deliver()
    late = office.claim()
    assert late is not None
    taker = office.services.taker
    inspect = taker.inspect

    def overtaken(path: Path) -> object:
        monkeypatch.setattr(taker, "inspect", inspect)
        give_back("run/1/", office.services, crashed=True)
        office.clock.later(60)
        other = office.claim(worker="run/2/")
        assert other is not None
        assert other.id == late.id
        office.step(other)
        return inspect(path)

    monkeypatch.setattr(taker, "inspect", overtaken)
    with pytest.raises(work.LostLease):
        office.step(late)
    office.drain()
    assert office.states() == [DocumentState.ARCHIVED]


def test_a_finished_step_does_nothing_when_run_again(office: PaperOffice) -> None:
    """A step that comes late, after its work was done, leaves chain, documents and store as they are."""
    office.page("1.jpg", 10)
    office.deliver()
    items = office.drain()
    with office.services.catalogue.read() as tx:
        head = events.check_chain(tx, office.dossier().id)
    stored = {ref.sha256 for ref in office.services.store.list()}
    for item in items:
        if item.step is not Step.CLOSE:
            STEPS[item.step](item.subject, office.services)
    with office.services.catalogue.read() as tx:
        assert events.check_chain(tx, office.dossier().id) == head
    assert {ref.sha256 for ref in office.services.store.list()} == stored
    assert office.states() == [DocumentState.ARCHIVED]


def test_a_second_look_at_the_inbox_finds_nothing_to_do(office: PaperOffice) -> None:
    """The same folder is not digitised twice."""
    office.page("1.jpg", 10)
    assert [item.outcome.value for item in office.digitise()] == ["new"]
    assert [item.outcome.value for item in office.deliver()] == ["same"]
    assert office.drain() == []
