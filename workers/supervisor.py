"""The supervisor of a host: keeps its worker processes alive, re-drives what was lost, and does the chores."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from dramatiq import Broker

from dossier.errors import Unavailable
from pipeline.services import Services
from workers.chores import Chores
from workers.pool import Pool
from workers.redrive import Redrive
from workers.relay import Relay

_POLL_SECONDS = 0.2
_RELAY_SECONDS = 0.5
_log = structlog.get_logger("hososo")


class Supervisor:
    """Runs until told to stop.

    Args:
        services: Of the supervising process.
        pool: The worker processes.
        broker: Where wake-ups go; None where workers poll the catalogue.
        chores: What has to be done now and then.
        grace: Seconds that a worker gets to finish its item at the end.
    """

    def __init__(self, services: Services, pool: Pool, broker: Broker | None, chores: Chores, grace: float) -> None:
        self._pool = pool
        self._redrive = Redrive(services)
        self._relay = Relay(services, broker) if broker else None
        self._chores = chores
        self._grace = grace

    def run(self, stopped: Callable[[], bool]) -> None:
        """Supervise until `stopped`, then let the workers finish.

        A broker that hangs and a chore that takes long are in threads of their own: neither keeps dead workers from
        being replaced.

        Raises:
            RuntimeError: Workers end as soon as they start: the installation is broken.
        """
        ending = threading.Event()
        threads = [threading.Thread(target=self._chores.run, args=(ending,), name="chores", daemon=True)]
        if self._relay is not None:
            target = self._relay.run
            threads.append(threading.Thread(target=target, args=(ending, _RELAY_SECONDS), name="relay", daemon=True))
        for thread in threads:
            thread.start()
        try:
            while not stopped():
                self._look()
                ending.wait(_POLL_SECONDS)
        finally:
            ending.set()
            self._pool.end(self._grace)

    def _look(self) -> None:
        try:
            self._pool.keep_staffed()
        except Unavailable as exc:
            _log.warning("the catalogue is away", code=exc.code.value, detail=exc.detail)
        self._redrive.tick()
