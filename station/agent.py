"""The agent: looks at its folders, takes what is whole, hands it over, follows it, tells how that goes.

One pass does a little of everything; whatever fails in it waits and is tried again. The agent may be killed anywhere.
"""

from __future__ import annotations

import errno
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from dossier.errors import Code, HososoError, Rejected
from station import telling
from station.backoff import Backoff
from station.claiming import Spool, recover
from station.drafts import sweep_drafts
from station.early_looks import EarlyLooks
from station.following import Follower
from station.gatherer import Gatherer
from station.naming import STATUS
from station.paths import write_whole
from station.queue import Batch, BatchState, Queue, now
from station.returning import return_batch
from station.sending import Interrupted, Sender
from station.server import Server
from station.settings import StationSettings
from station.telling import Standing
from station.watching import Watch

_LOOK_SECONDS, _LONGEST_LOOK = 20.0, 600.0
_TOLD_SECONDS = 15.0
_LAST_SECONDS = 5.0
_KEPT_DAYS = 30
_SERVER, _DRAFTS = "server", "drafts"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_OF_THE_SERVER = (
    Code.NOT_ALLOWED,
    Code.SETTINGS_INVALID,
    Code.STATION_SERVER_UNAVAILABLE,
    Code.REQUESTS_TOO_MANY,
)
"""What concerns every batch: nothing is asked for a while."""
ASIDE_WISH = "aside"
STANDING = "status.json"


@dataclass
class Agent:
    """One agent over one queue.

    Attributes:
        settings: What it was told.
        queue: What it has taken.
        token: Gives the token as it is now: one that was replaced counts without a restart.
        stop: Set when it should end.
        look_seconds: Before the second question how far a batch is; later ones come further apart, for what waits to
            be signed may wait for days.
    """

    settings: StationSettings
    queue: Queue
    token: Callable[[], str]
    stop: threading.Event = field(default_factory=threading.Event)
    look_seconds: float = _LOOK_SECONDS
    backoff: Backoff = field(default_factory=Backoff)
    looks: Backoff = field(default_factory=Backoff)
    _refused: str = ""
    _trouble: str = ""
    _server_trouble: str = ""
    _told: Standing | None = None
    _told_at: float = 0.0
    _last: Standing | None = None
    _telling: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.looks.shortest, self.looks.longest = self.look_seconds, _LONGEST_LOOK
        self.spool = Spool(self.settings.state / "tep")
        self.spool.root.mkdir(parents=True, exist_ok=True)
        self.early = EarlyLooks(self.settings, self._server_if_asked, self._tell_looks)
        self.gatherer = Gatherer(self.settings, self.queue, self.spool, Watch(self.settings.stable_seconds))

    def run(self) -> None:
        """Work until it is told to stop."""
        looking = threading.Thread(target=self.early.run, args=(self.stop,), name="early-looks", daemon=True)
        if self.settings.early_looks:
            looking.start()
        while not self.stop.is_set():
            self.once()
            self.stop.wait(self.settings.poll_seconds)
        if looking.is_alive():
            looking.join(_LAST_SECONDS)

    def once(self) -> Standing:
        """Do one pass; return how the station is then."""
        self._trouble = ""
        for do in (self._recover, self._gather, self._give_back, self._hand_over):
            self._guarded(do)
        standing = self._last = self._standing()
        self._guarded(lambda: self._tell(standing))
        return standing

    def _guarded(self, do: Callable[[], None]) -> None:
        """Do a part of a pass; what the world keeps from being done is told, and done in a later pass."""
        try:
            do()
        except HososoError as exc:
            self._trouble = exc.code.value
        except (OSError, sqlite3.OperationalError) as exc:
            is_full = getattr(exc, "errno", 0) in _FULL or "full" in str(exc)
            self._trouble = (Code.DISK_FULL if is_full else Code.STATION_FOLDER_AWAY).value

    def _recover(self) -> None:
        recover(self.queue, self.spool)
        if self.looks.is_due(_DRAFTS):
            sweep_drafts(folder.path for folder in self.settings.folders)
            self.looks.failed(_DRAFTS)  # again after a while: the longest one between two looks

    def _gather(self) -> None:
        self.gatherer.gather()

    def _give_back(self) -> None:
        for batch in self.queue.batches(BatchState.SENDING):
            if batch.wish == ASIDE_WISH:
                self.queue.set_batch(batch, BatchState.RETURNING)
        for batch in self.queue.batches(BatchState.RETURNING):
            return_batch(batch, self.queue, self.spool, self._server() if self._may_ask() else None)

    def _hand_over(self) -> None:
        for batch in self.queue.batches(BatchState.SENDING, BatchState.FOLLOWED):
            if self.stop.is_set() or not self._may_ask():
                return
            if self.backoff.is_due(batch.id) and self.looks.is_due(batch.id):
                self._serve(batch)

    def _serve(self, batch: Batch) -> None:
        """Send or follow one batch."""
        server = self._server()
        try:
            if batch.state is BatchState.SENDING:
                Sender(self.queue, self.spool, server, self._go_on).send(batch)
                self.backoff.done(batch.id)
            else:
                Follower(self.queue, self.spool, server).follow(batch)
                self.looks.failed(batch.id)
        except Interrupted:
            return
        except HososoError as exc:
            self._failed(batch, server, exc)
        else:
            self.backoff.done(_SERVER)
            self._server_trouble = ""

    def _failed(self, batch: Batch, server: Server, exc: HososoError) -> None:
        if exc.code is Code.STATION_REFUSED:
            self._refused, self._server_trouble = server.token, exc.code.value
        elif exc.code in _OF_THE_SERVER:
            self._server_trouble = exc.code.value
            self.backoff.failed(_SERVER)
        elif isinstance(exc, Rejected) and batch.state is BatchState.SENDING:
            self.queue.set_batch(batch, BatchState.RETURNING, exc.code.value, exc.subject)
        else:  # this one cannot now: busy, full
            self.queue.set_batch(batch, batch.state, exc.code.value)
            self.backoff.failed(batch.id)

    def _may_ask(self) -> bool:
        """Return whether the server may be asked: it was there lately, and has not refused this very token."""
        if self._refused and self._refused == self.token():
            return False
        self._refused = ""
        return self.backoff.is_due(_SERVER)

    def _server(self) -> Server:
        return Server(self.settings.server, self.token(), self.settings.ca_file)

    def _go_on(self) -> bool:
        return not self.stop.is_set()

    def _standing(self) -> Standing:
        standing = self.gatherer.standing
        waiting, stray = tuple(standing.waiting), standing.stray
        trouble = self._server_trouble or self._trouble
        try:
            self.queue.prune((datetime.now(UTC) - timedelta(days=_KEPT_DAYS)).isoformat())
            return Standing(now(), trouble, waiting, stray, telling.batches_told(self.queue), self.queue.counts())
        except sqlite3.OperationalError:  # told already
            return Standing(now(), trouble, waiting, stray, (), {})

    def _server_if_asked(self) -> Server | None:
        return self._server() if self._may_ask() else None

    def _tell_looks(self) -> None:
        """Write down what was just seen, without waiting for the pass that is under way."""
        if self._last is not None:
            with suppress(OSError):  # the next pass tells what keeps it from being written
                self._tell(replace(self._last, at=now()))

    def _tell(self, standing: Standing) -> None:
        """Write it down where it has changed, and now and then where it has not: the time says that the agent runs."""
        with self._telling:
            self._write(replace(standing, looks=self.early.told()))

    def _write(self, standing: Standing) -> None:
        same = replace(standing, at="")
        if same == self._told and self.backoff.clock() - self._told_at < _TOLD_SECONDS:
            return
        self._told, self._told_at = same, self.backoff.clock()
        write_whole(self.settings.state / STANDING, standing.text())
        page = telling.page(standing.as_json())
        for folder in self.settings.folders:
            with suppress(PermissionError):  # somebody has it open, on Windows
                write_whole(folder.path / STATUS, page)
