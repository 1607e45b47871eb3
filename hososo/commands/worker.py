"""`hososo worker`: work until told to stop, on this host, beside any number of others."""

from __future__ import annotations

from contextlib import ExitStack

import click

from hososo.console import Console, Exit
from hososo.duties import duties
from hososo.heartbeat import Heartbeat
from hososo.home import Home
from hososo.logs import log_as
from hososo.servers import broker_of, prove_store
from hososo.stopping import stop_on_signal
from hososo.wiring import check_clock, services
from hososo.worker_process import POLLING, WOKEN
from hososo.worker_process import command as worker_command
from workers.chores import Chores
from workers.pool import Pool, free_claims_of_dead_runs
from workers.runs import new_run_id
from workers.supervisor import Supervisor
from workers.telemetry import worker_metrics


@click.command("worker")
@click.option("--processes", type=click.IntRange(1, 256))
@click.option("--ask", is_flag=True)
@click.pass_obj
def command(console: Console, processes: int | None, *, ask: bool) -> int:
    """Supervise worker processes until SIGTERM; they finish what they are at within the time of grace."""
    settings = console.settings
    home = Home(settings.home)
    home.check()
    heartbeat = Heartbeat(home)
    if ask:
        return _tell(console, alive=heartbeat.fresh())
    log_as(settings)
    prove_store(settings)
    run_id, count = new_run_id(), processes or settings.worker_count
    with ExitStack() as stack:
        stack.enter_context(worker_metrics(home.metrics, run_id, settings.metrics_listen))
        ready = stack.enter_context(services(settings))
        check_clock(ready.catalogue)
        free_claims_of_dead_runs(ready)
        broker = broker_of(settings)
        pool = Pool(ready, worker_command(WOKEN if broker else POLLING, settings, run_id), run_id, count)
        stopped = stack.enter_context(stop_on_signal())
        console.say("worker.started", count=count)

        def stopping() -> bool:
            heartbeat.beat()
            return stopped.is_set()

        Supervisor(ready, pool, broker, Chores(ready, duties(settings)), settings.grace).run(stopping)
    heartbeat.stop()
    console.say("worker.stopped")
    console.result("worker", {"processes": count})
    return Exit.OK


def _tell(console: Console, *, alive: bool) -> int:
    console.say("worker.alive" if alive else "worker.silent")
    console.result("worker", {"alive": alive})
    return Exit.OK if alive else Exit.NOT_READY
