"""Dramatiq actors: one thin actor per step, woken by a message, working from the catalogue."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import dramatiq
import structlog
from dramatiq import Broker, Worker

from dossier.states import Step
from pipeline.services import Services
from workers.hand import TRY_LATER, Hand
from workers.queues import LANES, WAKE_UP_MILLISECONDS
from workers.relay import Relay
from workers.runs import process_is_alive

_POLL_SECONDS, _SILENCE_SECONDS = 2.0, 5.0
"""How often a worker looks into the catalogue unasked: a broker that is down, or an item that only workers at this
place can do, delays work by so much and never stops it."""
_LONGEST_SECONDS = max(lane.seconds for lane in LANES.values())
_GRACE_MILLISECONDS = 600_000  # who started us has less patience and ends us before
_log = structlog.get_logger("hososo")


class Bell:
    """Knows how long ago a wake-up came."""

    def __init__(self) -> None:
        self._rung = time.monotonic()

    def ring(self) -> None:
        """Note that a wake-up came."""
        self._rung = time.monotonic()

    @property
    def silent(self) -> bool:
        """Whether none has come for some time: the broker may be away."""
        return time.monotonic() - self._rung > _SILENCE_SECONDS


def declare_actors(broker: Broker, hand: Hand, relay: Relay, bell: Bell) -> None:
    """Declare the actor of each step on a broker."""
    for step in Step:
        _declare(step, broker, hand, relay, bell)


def _declare(step: Step, broker: Broker, hand: Hand, relay: Relay, bell: Bell) -> None:
    lane = LANES[step]

    def wake(item_id: int, attempt: int) -> None:
        """Do the most urgent item of the step; the one that is named tells only why we were woken."""
        del item_id, attempt
        bell.ring()
        try:
            if hand.take((step,)):
                relay.tick()  # what this step made ready need not wait for the next round
        except Exception:
            # The library would keep it to itself: its own lines are turned off.
            _log.exception("bug in a wake-up")
            raise
        bell.ring()

    declare = dramatiq.actor(
        broker=broker,
        actor_name=step.value,
        queue_name=lane.queue,
        priority=lane.urgency,
        # Of waiting for what this process is at, then of the step, which has a limit of its own in `pipeline.running`:
        # ended from here, it would count as a worker that died.
        time_limit=int((_LONGEST_SECONDS + lane.seconds) * 1000),
        max_age=WAKE_UP_MILLISECONDS,
        max_retries=0,
    )
    declare(wake)


def consume_until(services: Services, broker: Broker, run_id: str, stopped: Callable[[], bool]) -> None:
    """Work on wake-ups until `stopped` says so or the process of the run is gone.

    Raises:
        SystemExit: TRY_LATER, the catalogue could not take in what became of an item.
    """
    ending = threading.Event()
    hand = Hand(services, run_id, lambda: ending.is_set() or stopped(), rests=True)
    bell = Bell()
    declare_actors(broker, hand, Relay(services, broker), bell)
    broker.emit_after("process_boot")  # without it the time limits do not run
    worker = Worker(broker, worker_threads=1, worker_timeout=1000)
    worker.queue_prefetch = worker.delay_prefetch = 1  # a slow page must not keep others waiting in this process
    worker.start()
    try:
        while not stopped() and not hand.broken and process_is_alive(run_id):
            worked = not hand.busy and hand.take()
            if not (worked and bell.silent):
                _pause(stopped)
    finally:
        ending.set()
        worker.stop(timeout=_GRACE_MILLISECONDS)
        broker.close()
    if hand.broken:
        raise SystemExit(TRY_LATER)


def _pause(stopped: Callable[[], bool]) -> None:
    until = time.monotonic() + _POLL_SECONDS
    while not stopped() and time.monotonic() < until:
        time.sleep(0.1)
