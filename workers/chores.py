"""Chores: what one process of all hosts does now and then, while everybody works."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from catalog import chores
from dossier.errors import HososoError, Unavailable
from pipeline.services import Services
from workers.runs import new_run_id

_LOOK_SECONDS, _LEASE_SECONDS = 5.0, 60.0
_log = structlog.get_logger("hososo")


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do every so many seconds. `do` is safe to run again and to be cut off."""

    name: str
    every: float
    do: Callable[[Services], object]


class Chores:
    """Does what is due and what nobody else is doing.

    Args:
        services: Of this process.
        all_chores: What there is to do.
    """

    def __init__(self, services: Services, all_chores: Sequence[Chore]) -> None:
        self._services = services
        self._chores = all_chores
        self._holder = new_run_id()

    def run(self, stopped: threading.Event) -> None:
        """Look for due chores until told to stop."""
        while not stopped.wait(_LOOK_SECONDS):
            for chore in self._chores:
                if not stopped.is_set():
                    self.do(chore)

    def do(self, chore: Chore) -> bool:
        """Do one chore if it is due and free; return whether it was done to its end."""
        if not self._taken(chore):
            return False
        log = _log.bind(chore=chore.name)
        ended, done = threading.Event(), False
        keeper = threading.Thread(target=self._keep, args=(chore, ended), name=f"chore-{chore.name}", daemon=True)
        keeper.start()
        try:
            chore.do(self._services)
            done = True
        except HososoError as exc:
            log.warning("chore put off", code=exc.code.value, detail=exc.detail)
        except Exception:
            # A bug of a chore must not take the supervisor with it, and with it the workers of this host.
            log.exception("bug in a chore")
        finally:
            ended.set()
            keeper.join()
            self._settle(chore, done=done)
        return done

    def _taken(self, chore: Chore) -> bool:
        try:
            with self._services.catalogue.write() as tx:
                now = self._services.clock()
                return chores.take(tx, chore.name, self._holder, now, every=chore.every, lease=_LEASE_SECONDS)
        except Unavailable:
            return False

    def _keep(self, chore: Chore, ended: threading.Event) -> None:
        while not ended.wait(_LEASE_SECONDS / 4):
            try:
                with self._services.catalogue.write() as tx:
                    chores.keep(tx, chore.name, self._holder, self._services.clock(), _LEASE_SECONDS)
            except Unavailable:
                _log.warning("chore not prolonged", chore=chore.name)

    def _settle(self, chore: Chore, *, done: bool) -> None:
        """Note the end. A chore that failed is due again after its time, not at once; nobody is told it was done."""
        try:
            with self._services.catalogue.write() as tx:
                now = self._services.clock()
                if done:
                    chores.done(tx, chore.name, self._holder, now)
                else:
                    chores.put_off(tx, chore.name, self._holder, now + timedelta(seconds=chore.every))
        except Unavailable:
            _log.warning("chore not settled", chore=chore.name)
