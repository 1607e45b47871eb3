"""First looks: as soon as a file of a hand-over is whole, its pages are looked at, and what was seen is told at once.

One thread and its children do it, beside whoever receives. What was seen lies beside the files in the spool: verdicts
and reasons, no picture and no word. Should it be lost, nothing is: reading tells the same later.
"""

from __future__ import annotations

import json
import queue
import threading
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from catalog import Catalogue, hand_overs
from dossier.errors import HososoError
from dossier.handing_over import HandOver, ReceivedFile
from dossier.page import MAY_BE_SECRET, STANDS, Verdict
from dossier.page_look import NOTES, PageLook
from ingest.limits import Limits
from ingest.spool import Spool
from pipeline.looking import FileLooker

_WAITING = 2000
_LAST_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class _Wanted:
    hand_over: str
    code: str
    file: str
    name: str


@dataclass
class FirstLooks:
    """Looks at files that were received.

    Attributes:
        spool: Where they lie.
        catalogue: Knows under which name they were placed.
        limits: On files.
    """

    spool: Spool
    catalogue: Catalogue
    limits: Limits
    _waiting: queue.Queue[_Wanted | None] = field(default_factory=lambda: queue.Queue(_WAITING))
    _thread: threading.Thread | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def want(self, own: HandOver, file: ReceivedFile) -> None:
        """Have a whole file looked at soon; when too many wait, reading will tell of this one."""
        try:
            self._waiting.put_nowait(_Wanted(own.id, own.code, file.id, file.name))
        except queue.Full:
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="first-looks", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """End the thread and its children."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._waiting.queue.clear()
            self._waiting.put(None)
            thread.join(_LAST_SECONDS)

    def _run(self) -> None:
        with FileLooker(self.limits) as looker:
            while (wanted := self._waiting.get()) is not None:
                found: list[PageLook] = []
                try:
                    for look in looker.looks(self._path(wanted), wanted.hand_over, wanted.name):
                        found.append(look)
                        keep(self.spool, wanted.file, found)
                except (HososoError, OSError):
                    continue  # of a file that nothing can be taken from: receiving it tells why

    def _path(self, wanted: _Wanted) -> Path:
        """Return where a file is: where it was received, or among those of its dossier by now."""
        path = self.spool.part(wanted.file)
        if path.exists():
            return path
        with self.catalogue.read() as tx:
            file = hand_overs.file(tx, wanted.hand_over, wanted.file)
        return self.spool.dossier(wanted.code) / file.placed_as if file is not None and file.placed_as else path


def keep(spool: Spool, file_id: str, found: list[PageLook]) -> None:
    """Put down what was seen of a file so far."""
    path = spool.look(file_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}")
    draft.write_text(json.dumps([_told(each) for each in found], ensure_ascii=False), encoding="utf-8")
    draft.rename(path)


def seen(spool: Spool, file_id: str) -> tuple[PageLook, ...]:
    """Return what was seen of a file, as far as it was looked at."""
    try:
        said = json.loads(spool.look(file_id).read_text(encoding="utf-8"))
        return tuple(
            PageLook(int(each["number"]), Verdict(each["verdict"]), tuple(each["reasons"]), like=each["like"])
            for each in said
        )
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def together(
    verdict: Verdict | None, reasons: tuple[str, ...], look: PageLook | None
) -> tuple[Verdict | None, tuple[str, ...]]:
    """Return what is told of a page by reading (None: not yet) and by a first look; a person's word outweighs both."""
    if look is None or STANDS in reasons:
        return verdict, reasons
    if verdict is None:
        return look.verdict, look.reasons
    look = look if MAY_BE_SECRET in reasons else without_secrecy(look)
    worse = look.verdict if _GRAVITY.index(look.verdict) > _GRAVITY.index(verdict) else verdict
    more = tuple(each for each in look.reasons if each not in reasons)
    return (worse if look.verdict is not Verdict.BLANK else verdict), (*reasons, *more)


def without_secrecy(look: PageLook) -> PageLook:
    """Return a look without what it says of secrecy: of a page that was read, reading or a person has answered that."""
    left = tuple(each for each in look.reasons if each != MAY_BE_SECRET and not each.startswith(_SECRET_PLACE))
    if left == look.reasons:
        return look
    verdict = Verdict.GOOD if look.verdict is Verdict.LOOK and NOTES.issuperset(left) else look.verdict
    return replace(look, verdict=verdict, reasons=left)


_SECRET_PLACE = "secret_"  # noqa: S105 - how names of reasons begin
_GRAVITY = (Verdict.GOOD, Verdict.BLANK, Verdict.LOOK, Verdict.RESCAN)


def _told(look: PageLook) -> dict[str, object]:
    said = asdict(look)
    del said["measures"]
    return said
