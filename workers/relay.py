"""The relay: keeps the queues as full as there is work for them, and no fuller.

The ready rows of the catalogue are the outbox: they are there only once their transaction has committed, and they
stay until somebody has claimed them. So the relay needs no memory of what it sent. After a purge, a restart or a lost
message the queue is shorter than the work that is due, and it fills the difference.
"""

from __future__ import annotations

import threading

import structlog
from dramatiq import Broker, Message

from catalog import queue
from dossier.errors import Code, Unavailable
from dossier.model import WorkItem
from dossier.states import Step
from pipeline.services import Services
from workers.brokers import AWAY, forget_connection, messages_in
from workers.queues import LANES, QUEUES, WINDOW

_log = structlog.get_logger("hososo")


class Relay:
    """Sends wake-ups for what is due.

    Args:
        services: Catalogue and clock.
        broker: Where wake-ups go.
    """

    def __init__(self, services: Services, broker: Broker) -> None:
        self._services = services
        self._broker = broker
        self._silent = False

    def tick(self) -> int:
        """Fill the queues once; return how many wake-ups were sent. A broker or catalogue that is away is no error."""
        try:
            sent = sum(self._fill(name, self._due(name)) for name in QUEUES)
        except Unavailable as exc:
            if not self._silent:
                _log.warning("wake-ups wait", code=exc.code.value, detail=exc.detail)
            self._silent = True
            return 0
        if self._silent:
            _log.info("wake-ups go out again")
        self._silent = False
        return sent

    def run(self, stopped: threading.Event, seconds: float) -> None:
        """Fill the queues again and again until told to stop."""
        while not stopped.wait(seconds):
            try:
                self.tick()
            except Exception:  # noqa: BLE001
                # The thread is all that fills the queues of this host: what nobody foresaw must not end it.
                _log.exception("bug in the relay")
                forget_connection(self._broker)

    def _due(self, name: str) -> list[WorkItem]:
        """Return what a queue's workers could do now, the most urgent first."""
        steps = [step for step in Step if LANES[step].queue == name]
        with self._services.catalogue.read() as tx:
            found = [item for step in steps for item in queue.due(tx, step, self._services.clock(), WINDOW)]
        return sorted(found, key=lambda item: (item.priority, LANES[item.step].urgency, item.id))[:WINDOW]

    def _fill(self, name: str, items: list[WorkItem]) -> int:
        """Bring a queue to one message for each item; those for the most urgent items are sent."""
        if not items:
            return 0
        missing = items[: max(0, len(items) - messages_in(self._broker, name))]
        for item in missing:
            self._send(item)
        return len(missing)

    def _send(self, item: WorkItem) -> None:
        lane = LANES[item.step]
        message: Message[None] = Message(
            queue_name=lane.queue, actor_name=item.step.value, args=(item.id, item.attempts), kwargs={}, options={}
        )
        try:
            self._broker.enqueue(message)
        except AWAY as exc:
            forget_connection(self._broker)
            raise Unavailable(Code.BROKER_UNAVAILABLE, type(exc).__name__) from exc
