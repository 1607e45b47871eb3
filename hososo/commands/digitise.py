"""`hososo digitise PATH…`: take dossier folders through every step, resume what was begun, do nothing twice."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import click

from dossier.states import Priority
from hososo.console import Console, Exit
from hososo.duties import sweep_here
from hososo.home import Home
from hososo.logs import log_as
from hososo.overview import Overview, overview
from hososo.progress import shown
from hososo.servers import prove_store
from hososo.settings import Settings
from hososo.stopping import stop_on_signal
from hososo.wiring import services
from hososo.worker_process import POLLING
from hososo.worker_process import command as worker_command
from pipeline.access_log import store_access_log
from pipeline.delivery import Delivered, Outcome, deliver
from pipeline.indexing import bring_up_to_date
from pipeline.sealing import seal
from pipeline.services import Services
from workers.pool import Pool, free_claims_of_dead_runs
from workers.runner import Runner
from workers.runs import new_run_id


@dataclass(frozen=True, slots=True)
class _Order:
    """What somebody asked to digitise."""

    paths: tuple[Path, ...]
    priority: Priority

    def deliver(self, ready: Services) -> list[Delivered]:
        """Look at the folders and enqueue what is new or changed."""
        return [item for path in self.paths for item in deliver(path, ready, self.priority)]


@click.command("digitise")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--backlog", is_flag=True)
@click.pass_obj
def command(console: Console, paths: tuple[Path, ...], *, backlog: bool) -> int:
    """Digitise folders; the exit code says whether a person or the world must act."""
    home = Home(console.settings.home)
    home.check()
    log_as(console.settings)
    prove_store(console.settings)
    with ExitStack() as stack:
        ready = stack.enter_context(services(console.settings))
        for path in paths:
            stack.enter_context(home.one_run_over(path))
        free_claims_of_dead_runs(ready)
        _tidy(ready, console.settings)
        stopped = stack.enter_context(stop_on_signal())
        order = _Order(paths, Priority.BACKLOG if backlog else Priority.COUNTER)
        looked = _run(console, order, ready, stopped)
        indexed = bring_up_to_date(ready)
        store_access_log(ready)
        seal(ready)
        _tidy(ready, console.settings)
        return _tell(console, looked, overview(ready.catalogue, console.settings), indexed, stopped=stopped.is_set())


def _run(console: Console, order: _Order, ready: Services, stopped: threading.Event) -> list[Delivered]:
    """Deliver and work; folders that an earlier run was still busy with are looked at once more at the end."""
    looked = order.deliver(ready)
    _work(console, ready, stopped)
    if any(item.outcome is Outcome.UNDER_WAY for item in looked) and not stopped.is_set():
        again = {item.code: item for item in order.deliver(ready)}
        changed = any(item.outcome is Outcome.CHANGED for item in again.values())
        looked = [again[item.code] if _turned(item, again) else item for item in looked]
        if changed:
            _work(console, ready, stopped)
    return looked


def _turned(item: Delivered, again: dict[str, Delivered]) -> bool:
    return item.outcome is Outcome.UNDER_WAY and again[item.code].outcome is Outcome.CHANGED


def _work(console: Console, ready: Services, stopped: threading.Event) -> None:
    run_id = new_run_id()
    settings = console.settings
    pool = Pool(ready, worker_command(POLLING, settings, run_id), run_id, settings.worker_count)
    runner = Runner(ready, pool, settings.grace)
    with shown(console) as tell:
        runner.run(ready.runnable, tell, stopped.is_set)


def _tidy(ready: Services, settings: Settings) -> None:
    """Sweep a folder's archive; a shared bucket, long to list, is swept by the workers' supervisors now and then."""
    if not settings.s3_endpoint:
        sweep_here(ready, settings)


def tally(looked: list[Delivered]) -> dict[str, int]:
    """Return how many folders had each outcome."""
    return {outcome.value: sum(item.outcome is outcome for item in looked) for outcome in Outcome}


def _tell(console: Console, looked: list[Delivered], state: Overview, indexed: int, *, stopped: bool) -> int:
    counted = tally(looked)
    console.result(
        "digitise",
        {"dossiers": counted, "documents_indexed": indexed, "interrupted": stopped, "status": state.as_json()},
    )
    console.say("digitise.looked", **counted)
    if not looked:
        console.say("digitise.nothing_found")
    elif indexed == 0 and counted[Outcome.SAME.value] == len(looked):
        console.say("digitise.nothing_new")
    for line in state.lines(console):
        console.line(line)
    if stopped:
        console.say("digitise.stopped")
        return Exit.INTERRUPTED
    return state.exit_code()
