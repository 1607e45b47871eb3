"""Plugs pulled on a host: dead workers' pages run again soon, and who wakes up too late commits nothing."""

from __future__ import annotations

import time

import pytest

from dossier.states import Step
from tests.e2e import processes
from tests.e2e.hosts import alive, frozen_worker, running, thaw
from tests.e2e.program import wait_until
from tests.integration.workers.conftest import KINDS, Site, further

MOST_SECONDS = 15.0

# What the catalogue decides is the same whoever wakes a worker: the short form takes one kind, with all the servers.
with_servers = pytest.mark.parametrize("site", [*map(further, KINDS[:3]), KINDS[3]], indirect=True, scope="module")
# What one host decides by itself needs no servers.
on_one_kind = pytest.mark.parametrize("site", [KINDS[0], *map(further, KINDS[1:])], indirect=True, scope="module")


@with_servers
def test_a_killed_workers_page_runs_again_within_15_seconds(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """One of two worker processes is killed over a page: the other does it, and the dead one is replaced."""
    host = site.host(2)
    with running(host):
        site.deliver()
        pid, item = frozen_worker(site.look, (host,), Step.READ)
        processes.kill([pid])
        seconds = site.look.seconds_to_run_again(item, MOST_SECONDS)
        site.finished()
        _, attempts, crashes, _ = site.look.item(item.id)
        assert (attempts, crashes) == (item.attempts + 1, 1)
        wait_until(lambda: len(host.worker_processes()) == host.processes, 30)
        assert host.stop() == 0
    _tell(capsys, f"a killed worker's page ran again after {seconds:.1f} s")


@pytest.mark.long
@with_servers
def test_a_dead_hosts_page_runs_elsewhere_within_15_seconds(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    """A whole host is killed, supervisor first: another takes its page over when the lease runs out."""
    one, other = site.host(), site.host()
    with running(other):
        wait_until(lambda: len(other.worker_processes()) == 1)
        other_pids = other.worker_processes()
        with running(one):
            site.deliver(3, 3)
            _, item = frozen_worker(site.look, (one,), Step.READ)
            one.kill()
        seconds = site.look.seconds_to_run_again(item, MOST_SECONDS)
        site.finished()
        assert other.worker_processes() == other_pids
        assert other.stop() == 0
    _tell(capsys, f"a dead host's page ran elsewhere after {seconds:.1f} s")


@pytest.mark.long
@with_servers
def test_a_zombie_cannot_commit(site: Site) -> None:
    """A worker that slept past its lease wakes up: another has done its page, its own result is dropped."""
    host = site.host(2)
    with running(host):
        site.deliver(2, 3)
        pid, item = frozen_worker(site.look, (host,), Step.READ)
        wait_until(lambda: site.look.item(item.id)[0] == "done", 30)
        _, attempts, crashes, token = site.look.item(item.id)
        changed = site.look.value("select changed_at from work_item where id = :id", id=item.id)
        thaw(pid)
        site.finished()
        wait_until(lambda: "lease lost, nothing committed" in host.log, 20)
        assert site.look.item(item.id) == ("done", attempts, crashes, token)
        assert site.look.value("select changed_at from work_item where id = :id", id=item.id) == changed
        assert (attempts, crashes) == (item.attempts + 1, 1)
        assert pid in host.worker_processes()
        assert host.stop() == 0


@on_one_kind
def test_a_supervisor_that_was_killed_leaves_no_process_behind(site: Site) -> None:
    """Its workers and their confined children end by themselves, and what they held comes back."""
    host = site.host()
    with running(host):
        site.deliver()
        pid, item = frozen_worker(site.look, (host,), Step.READ)
        family = processes.family(host.pid)
        host.kill_supervisor()
        thaw(pid)
        started = time.monotonic()
        wait_until(lambda: not alive(family), 15)
        assert time.monotonic() - started < MOST_SECONDS
    assert site.look.item(item.id)[0] == "done"
    assert site.look.claimed() == []
    with running(host):
        site.finished()
        assert host.stop() == 0


def _tell(capsys: pytest.CaptureFixture[str], what: str) -> None:
    with capsys.disabled():
        print(f"\n  {what}", end="")  # noqa: T201 - a figure that people look for
