"""Stopping, draining and upgrading: what is under way is finished or given back, and nobody is blamed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dossier.errors import Code
from dossier.states import Step
from dossier.wording import advice
from hososo.console import Exit
from tests.e2e.hosts import alive, frozen_worker, running, thaw
from tests.e2e.program import wait_until
from tests.integration.workers.conftest import KINDS, Site, further, opened_site

_SOON = 25.0
"""Less than the grace of these installations and more than a process needs to end on a busy machine."""


@pytest.fixture(scope="module", params=(further(KINDS[0]), further(KINDS[2]), KINDS[3]))
def brokered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Give an installation whose workers poll, and one for each broker that wakes them."""
    with opened_site(tmp_path_factory.mktemp("site"), request.param, request) as made:
        yield made


def test_a_page_that_is_being_read_is_finished(brokered: Site) -> None:
    """SIGTERM: the item in hand is done, nothing new is begun, nothing stays claimed, the exit code is 0."""
    host = brokered.host()
    with running(host):
        brokered.deliver(2, 3)
        pid, item = frozen_worker(brokered.look, (host,), Step.READ)
        family = [pid, *host.worker_processes()]
        host.terminate()
        thaw(pid)
        assert host.wait() == 0
    assert brokered.look.item(item.id)[0:3] == ("done", item.attempts, 0)
    assert brokered.look.claimed() == []
    assert brokered.look.open_items() > 0
    assert alive(family) == []


def test_without_grace_the_page_is_given_back_and_not_blamed(brokered: Site) -> None:
    """A grace of nothing: workers end at once, what they held is ready again and counts no crash."""
    host = brokered.host()
    with running():
        host.start(grace="0")
        try:
            brokered.deliver(1, 3)
            _, item = frozen_worker(brokered.look, (host,), Step.READ)
            host.terminate()
            assert host.wait(_SOON) == 0
        finally:
            host.kill()
    state, attempts, crashes, token = brokered.look.item(item.id)
    assert (state, attempts, crashes) == ("ready", item.attempts, 0)
    assert token > item.token
    assert brokered.look.claimed() == []


def test_a_drained_installation_gives_out_nothing(brokered: Site) -> None:
    """Draining waits for what is under way; workers stay and go on when it ends; digitising says so meanwhile."""
    host, program = brokered.host(), brokered.program
    with running(host):
        wait_until(lambda: len(host.worker_processes()) == 1)
        workers = host.worker_processes()
        told = program.json("drain", "--wait", "60")
        assert (told["draining"], told["under_way"]) == (True, 0)
        folder = brokered.deliver(1, 2)[0].folder.parent
        before = brokered.look.open_items()
        code, _, error = program.ends("digitise", folder)
        assert code == Exit.WAITING
        assert advice(Code.DRAINING).cause in error
        assert brokered.look.open_items() == before > 0
        assert brokered.look.claimed() == []
        assert host.worker_processes() == workers
        program.run("drain", "--off")
        brokered.finished()
        assert host.worker_processes() == workers
        assert host.stop() == 0
    assert program.json("digitise", folder)["dossiers"]["same"] == 1


def test_draining_says_what_is_still_under_way(local_site: Site) -> None:
    """Whoever upgrades must not take the end of the patience for the end of the work."""
    host = local_site.host()
    with running(host):
        local_site.deliver(2, 4)
        pid, _ = frozen_worker(local_site.look, (host,), Step.READ)
        code, out, error = local_site.program.ends("--json", "drain", "--wait", "0.5")
        thaw(pid)
        assert code == Exit.WAITING
        assert '"under_way": 1' in out
        assert Code.DRAINING.value in out + error
