"""Sending: a batch goes to the server, file by file; only when all of it is there is it committed.

Everything may be said again: the key of a hand-over and the names of its files decide what is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from dossier.digest import of_file
from dossier.errors import Code, Rejected, Unavailable
from station.claiming import Spool
from station.queue import Batch, BatchState, FileState, Item, Part, Queue
from station.server import Answer, Server

_PIECE = 4 << 20
_TRIES = 4
_OPEN, _GIVEN_UP = "open", "abandoned"


class Interrupted(Exception):  # noqa: N818 - reads as what happened
    """Somebody wants the agent to do something else: the rest is sent later."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends batches; `go_on` is asked between pieces."""

    queue: Queue
    spool: Spool
    server: Server
    go_on: Callable[[], bool]

    def send(self, batch: Batch) -> None:
        """Send a batch and commit it.

        Raises:
            Unavailable: Later; what is there is there.
            Rejected: The server will not have it, or a file is not what it was when it was taken.
            Interrupted: Somebody wants something else.
        """
        parts = [self._filled(part, batch) for part in self.queue.parts(batch)]
        for part in parts:
            if not part.committed:
                self._commit(part)
        self.queue.set_batch(batch, BatchState.FOLLOWED)

    def _filled(self, part: Part, batch: Batch) -> Part:
        """Return a hand-over that the server has with every file, committed already or not."""
        part, told = self._begun(part, batch)
        try:
            return self._with_files(part, told)
        except Rejected as exc:
            if exc.code is not Code.PAGE_UNKNOWN:
                raise
            # Gone since it was begun: the server was restored from a backup. It is begun again.
            raise Unavailable(Code.STATION_SERVER_UNAVAILABLE, "the hand-over is gone") from exc

    def _with_files(self, part: Part, told: Answer) -> Part:
        if told.get("state") != _OPEN:
            self._check_same(part, told)
            self.queue.set_part(part, committed=True)
            return replace(part, committed=True)
        there = {str(file.get("name")): file for file in told.get("files", [])}
        for item in self.queue.items(part):
            known = there.get(item.name, {})
            if not (known.get("whole") is True and known.get("sha256") == item.sha256):
                self._send(part, item)
            self.queue.set_item(item, state=FileState.ACKNOWLEDGED)
        return part

    def _begun(self, part: Part, batch: Batch) -> tuple[Part, Answer]:
        for _ in range(_TRIES):
            told = self._begin(part, batch)
            self.queue.set_part(part, server_id=told["id"])
            part = replace(part, server_id=str(told["id"]))
            if told.get("state") != _GIVEN_UP:
                return part, told
            # Not committed in time, when this PC was away: it is begun anew, under another key.
            part = replace(part, attempt=part.attempt + 1, server_id="")
            self.queue.set_part(part, attempt=part.attempt, server_id="")
        raise Unavailable(Code.STATION_SERVER_UNAVAILABLE, "gives up what is begun")

    def _begin(self, part: Part, batch: Batch) -> Answer:
        whose: Answer = {
            "code": batch.code,
            "component": part.component,
            "pages": part.pages,
            "replaces": list(part.replaces),
            **({"leaves": part.leaves} if part.leaves else {}),  # unknown to earlier servers
        }
        # That nothing is secret a person has said: the manifest, or whoever used the folder.
        pile: Answer = {"collate": part.component, "pages": part.pages} if part.component else {}
        stack: Answer = {"stack": True, **pile}
        wish: Answer = {"key": part.key, "not_secret": True, **(whose if batch.code else stack)}
        try:
            return self.server.begin(wish)
        except Rejected as exc:
            if exc.code is not Code.PAGE_UNKNOWN:
                raise
            raise Rejected(Code.STATION_UNIT, exc.detail, subject=batch.name) from exc

    def _check_same(self, part: Part, told: Answer) -> None:
        """Make sure that what was committed, by an answer that never came, is what we have.

        Raises:
            Rejected(HAND_OVER_CONFLICT): It is not.
        """
        there = {str(file.get("name")): file.get("sha256") for file in told.get("files", [])}
        items = self.queue.items(part)
        if there != {item.name: item.sha256 for item in items}:
            raise Rejected(Code.HAND_OVER_CONFLICT, "committed with other files", subject=part.id)
        for item in items:
            self.queue.set_item(item, state=FileState.ACKNOWLEDGED)

    def _send(self, part: Part, item: Item) -> None:
        """Send one file from where the server has got to; the last answer means that it has the digest."""
        try:
            place, at = self.server.create(part.server_id, item.name, item.sha256, item.size)
        except Rejected as exc:
            raise Rejected(exc.code, exc.detail, subject=item.original) from exc
        path = self.spool.path(item)
        left = _TRIES
        with path.open("rb") as stream:
            while at < item.size:
                if not self.go_on():
                    raise Interrupted
                stream.seek(at)
                piece = stream.read(min(_PIECE, item.size - at))
                try:
                    at = self.server.send(place, at, piece)
                except Rejected as exc:
                    left -= 1
                    self._check_again(exc, item, left)
                    at = self.server.offset(place)

    def _check_again(self, exc: Rejected, item: Item, left: int) -> None:
        """Go on after a refusal that asking for the offset may cure.

        Raises:
            Rejected: It may not; FILE_CHANGED_WHILE_READ, the disk of this PC no longer gives what was taken.
            Unavailable: It has not, several times.
        """
        if exc.code not in (Code.UPLOAD_OFFSET, Code.UPLOAD_DIGEST):
            raise Rejected(exc.code, exc.detail, subject=item.original) from exc
        if of_file(self.spool.path(item))[0] != item.sha256:
            raise Rejected(Code.FILE_CHANGED_WHILE_READ, "on the disk of the station", subject=item.original) from exc
        if left <= 0:
            raise Unavailable(Code.STATION_SERVER_UNAVAILABLE, exc.code.value) from exc

    def _commit(self, part: Part) -> None:
        items = self.queue.items(part)
        told = self.server.commit(part.server_id, [(item.name, item.sha256) for item in items])
        there = {str(file.get("name")): file.get("sha256") for file in told.get("files", []) if file.get("whole")}
        if any(there.get(item.name) != item.sha256 for item in items):
            raise Unavailable(Code.STATION_SERVER_UNAVAILABLE, "acknowledged another digest")
        self.queue.set_part(part, committed=True, stage=str(told.get("stage", "")))
