"""`hososo digitise PATH…`: take dossier folders through every step, resume what was begun, do nothing twice."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from hososo.console import Console, Exit
from hososo.home import Home
from hososo.logs import log_to
from hososo.overview import Overview, overview
from hososo.progress import shown
from hososo.wiring import services
from pipeline.delivery import Delivered, Outcome, deliver
from pipeline.indexing import bring_up_to_date
from pipeline.sealing import seal
from pipeline.services import Services
from pipeline.sweeping import sweep
from workers.runner import Runner, free_claims_of_dead_runs
from workers.runs import new_run_id, process_is_alive


@click.command("digitise")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.pass_obj
def command(console: Console, paths: tuple[Path, ...]) -> int:
    """Digitise folders; the exit code says whether a person or the world must act."""
    home = Home(console.settings.home)
    home.check()
    log_to(home.log)
    with ExitStack() as stack:
        ready = stack.enter_context(services(console.settings))
        for path in paths:
            stack.enter_context(home.one_run_over(path))
        free_claims_of_dead_runs(ready, process_is_alive)
        _tidy(home, ready)
        stopped = stack.enter_context(_stop_on_signal())
        with home.working():
            looked = _run(console, paths, ready, stopped)
            indexed = bring_up_to_date(ready)
            seal(ready)
        _tidy(home, ready)
        return _tell(console, looked, overview(ready.catalogue), indexed, stopped=stopped.is_set())


def _run(console: Console, paths: tuple[Path, ...], ready: Services, stopped: threading.Event) -> list[Delivered]:
    """Deliver and work; folders that an earlier run was still busy with are looked at once more at the end."""
    looked = _deliver(paths, ready)
    _work(console, ready, stopped)
    if any(item.outcome is Outcome.UNDER_WAY for item in looked) and not stopped.is_set():
        again = {item.code: item for item in _deliver(paths, ready)}
        changed = any(item.outcome is Outcome.CHANGED for item in again.values())
        looked = [again[item.code] if _turned(item, again) else item for item in looked]
        if changed:
            _work(console, ready, stopped)
    return looked


def _turned(item: Delivered, again: dict[str, Delivered]) -> bool:
    return item.outcome is Outcome.UNDER_WAY and again[item.code].outcome is Outcome.CHANGED


def _deliver(paths: tuple[Path, ...], ready: Services) -> list[Delivered]:
    return [item for path in paths for item in deliver(path, ready)]


def _work(console: Console, ready: Services, stopped: threading.Event) -> None:
    run_id = new_run_id()
    settings = console.settings
    call = [sys.executable, "-m", "hososo.worker_process", str(settings.home), run_id]
    runner = Runner(ready, call, run_id, settings.worker_count)
    with shown(console) as tell:
        runner.run(ready.runnable, tell, stopped.is_set)


def _tidy(home: Home, ready: Services) -> None:
    with home.alone() as got:
        if got:
            sweep(ready)


@contextmanager
def _stop_on_signal() -> Iterator[threading.Event]:
    stopped = threading.Event()
    before = {
        number: signal.signal(number, lambda _number, _frame: stopped.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(console: Console, looked: list[Delivered], state: Overview, indexed: int, *, stopped: bool) -> int:
    tally = {outcome.value: sum(item.outcome is outcome for item in looked) for outcome in Outcome}
    console.result(
        "digitise",
        {"dossiers": tally, "documents_indexed": indexed, "interrupted": stopped, "status": state.as_json()},
    )
    console.say("digitise.looked", **tally)
    if not looked:
        console.say("digitise.nothing_found")
    elif indexed == 0 and tally[Outcome.SAME.value] == len(looked):
        console.say("digitise.nothing_new")
    for line in state.lines(console):
        console.line(line)
    if stopped:
        console.say("digitise.stopped")
        return Exit.INTERRUPTED
    return state.exit_code()
