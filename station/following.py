"""Following what was handed over, until the archive has it: only then are the own copies removed."""

from __future__ import annotations

from dataclasses import dataclass

from dossier.errors import Code, Rejected
from station.claiming import Spool
from station.page_telling import leaves_told, pages_of
from station.queue import Batch, BatchState, FileState, Item, Part, Queue
from station.returning import return_items
from station.server import Answer, Server

_OVER = (FileState.FORGOTTEN, FileState.ASIDE, FileState.DESTROYED)


@dataclass(frozen=True, slots=True)
class Follower:
    """Asks the server how far batches are."""

    queue: Queue
    spool: Spool
    server: Server

    def follow(self, batch: Batch) -> None:
        """Ask how far a batch is, and do what that allows: forget, destroy, give back to the clerk.

        Raises:
            Unavailable: Later.
            Rejected(STATION_REFUSED): The token is not good.
        """
        if batch.reason:  # of an earlier look, that failed
            self.queue.set_batch(batch, BatchState.FOLLOWED)
        for part in self.queue.parts(batch):
            if any(item.state not in _OVER for item in self.queue.items(part)) and not self._look(part, batch):
                return
        items = self.queue.all_items(batch)
        if all(item.state in _OVER for item in items):
            states = {item.state for item in items}
            over = BatchState.DESTROYED if FileState.DESTROYED in states else BatchState.DONE
            over = BatchState.ASIDE if FileState.ASIDE in states else over
            first = next((item for item in items if item.error), None)
            reason = Code.SECRET_STAMP.value if over is BatchState.DESTROYED else first.error if first else ""
            self.queue.set_batch(batch, over, reason, first.original if first else "")

    def _look(self, part: Part, batch: Batch) -> bool:
        """Look at one hand-over; return False when it has to be sent again."""
        try:
            told = self.server.look(part.server_id)
        except Rejected as exc:
            if exc.code is not Code.PAGE_UNKNOWN:
                raise
            # The server was restored from a backup that does not know it: under the same key it is the same.
            for each in self.queue.parts(batch):
                self.queue.set_part(each, committed=False, server_id="")
            self.queue.set_batch(batch, BatchState.SENDING)
            return False
        self.queue.set_part(part, stage=str(told.get("stage", "")))
        self.queue.set_leaves_told(part, leaves_told(told))
        if told.get("must_destroy") is True:
            self._destroy(part)
        else:
            self._sort(part, batch, told)
        return True

    def _destroy(self, part: Part) -> None:
        for item in self.queue.items(part):
            self.spool.path(item).unlink(missing_ok=True)
            self.queue.set_item(item, state=FileState.DESTROYED, error=Code.SECRET_STAMP.value)

    def _sort(self, part: Part, batch: Batch, told: Answer) -> None:
        """Forget the files that the archive has, give back those that cannot be used."""
        there = {(str(file.get("name")), file.get("sha256")): file for file in told.get("files", [])}
        is_refused = told.get("stage") == "rejected"
        back: list[Item] = []
        for item in self.queue.items(part):
            file = there.get((item.name, item.sha256), {})
            if item.state in _OVER:
                continue
            if file:
                self.queue.set_look(item, pages_of(file))
            if told.get("may_forget") is True or file.get("archived") is True or file.get("replaced") is True:
                self._forget(item)
            elif file.get("error") or is_refused:
                self.queue.set_item(item, error=_code(file.get("error")))
                back.append(item)
        if back:
            return_items(batch, self.queue.items(part), back, self.queue, self.spool)

    def _forget(self, item: Item) -> None:
        self.queue.set_item(item, state=FileState.ARCHIVED)
        self.spool.path(item).unlink(missing_ok=True)
        self.queue.set_item(item, state=FileState.FORGOTTEN)


def _code(said: object) -> str:
    return said if isinstance(said, str) and said in Code.__members__ else Code.FOLDER_NO_PAGES.value
