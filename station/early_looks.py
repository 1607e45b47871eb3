"""Early looks: what the server says of papers that still lie in a hot folder, while the clerk is scanning.

A file that has its end is shown to the server once, which looks at it and keeps nothing; the words stand on the
station's page before the dossier is whole. Nothing depends on it: what was not looked at is told after the hand-over.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from dossier.errors import Code, HososoError, Rejected
from station import hot_folder
from station.backoff import Backoff
from station.endings import Ending, ending
from station.page_telling import Told, looks_of
from station.server import Server
from station.settings import NotSecret, StationSettings
from station.watching import Found, is_open_elsewhere

SECONDS: Final = 0.4
"""Between two looks at the folders: they are listed, nothing more."""
_SERVER: Final = "server"
_MOST_BYTES: Final = 64 << 20
_MOST_TOLD: Final = 200
_LETTERS: Final = 24
_OF_THE_SERVER: Final = (Code.STATION_REFUSED, Code.NOT_ALLOWED, Code.SETTINGS_INVALID, Code.PAGE_UNKNOWN)


@dataclass(slots=True)
class _Seen:
    size: int
    mtime_ns: int
    name: str
    pages: list[Told] | None = None  # None: nobody will tell


@dataclass
class EarlyLooks:
    """Asks for each file of the hot folders once; in a thread of its own, for the agent may be sending for long.

    Attributes:
        settings: Of the station.
        server: Gives the server to ask; None: it is not to be asked now.
        changed: Called when there is something new to tell.
        backoff: When to ask again after it could not be asked.
    """

    settings: StationSettings
    server: Callable[[], Server | None]
    changed: Callable[[], None]
    backoff: Backoff = field(default_factory=Backoff)
    _seen: dict[str, _Seen] = field(default_factory=dict)
    _of: dict[str, list[str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, stop: threading.Event) -> None:
        """Look until told to stop."""
        while not stop.is_set():
            self.once()
            stop.wait(min(SECONDS, self.settings.poll_seconds))

    def once(self) -> None:
        """Look at the folders once, and ask about what is new in them."""
        lying = dict(self._lying())
        paths = {str(file.path) for files in lying.values() for file in files}
        with self._lock:
            gone = self._seen.keys() - paths
            self._seen = {path: seen for path, seen in self._seen.items() if path in paths}
            self._of = {name: [str(file.path) for file in files] for name, files in lying.items()}
        if gone:
            self.changed()
        for name, files in lying.items():
            for file in files:
                if not self._ask(name, file):
                    return

    def told(self) -> tuple[dict[str, Any], ...]:
        """Return what is known of papers that lie there: by dossier, how many pages, how many good, the others."""
        with self._lock:
            found = {name: [self._seen.get(path) for path in paths] for name, paths in self._of.items()}
        looked = {name: [each for each in seen if each is not None and each.pages] for name, seen in found.items()}
        return tuple(_told(name, seen) for name, seen in islice(looked.items(), _MOST_TOLD) if seen)

    def _lying(self) -> Iterator[tuple[str, list[Found]]]:
        """Yield the papers of each dossier or stack where whoever puts them there has looked for secrecy markings."""
        for folder in self.settings.folders:
            if folder.not_secret is not NotSecret.FOLDER:
                continue
            with suppress(OSError):
                for delivery in hot_folder.look(folder.path, stacks=folder.stacks).deliveries:
                    yield delivery.name, delivery.files

    def _ask(self, name: str, file: Found) -> bool:
        """Ask about a file that is whole and was not asked about; return whether to go on to others."""
        known = self._seen.get(str(file.path))
        is_known = known is not None and (known.size, known.mtime_ns) == (file.size, file.mtime_ns)
        data = None if is_known else _whole(file)
        if data is None:
            return True
        try:
            server = self.server() if self.backoff.is_due(_SERVER) else None
            if server is None:
                return False
            pages: list[Told] | None = looks_of(server.looks(_plain(name), _plain(file.name), data))
        except HososoError as exc:
            if not isinstance(exc, Rejected) or exc.code in _OF_THE_SERVER:
                self.backoff.failed(_SERVER)  # the agent tells why; a server of before knows no looks
                return False
            pages = None  # of this file: the hand-over tells why
        self.backoff.done(_SERVER)
        self._keep(file, pages)
        return True

    def _keep(self, file: Found, pages: list[Told] | None) -> None:
        with self._lock:
            names = {_plain(each.name): each.name for each in self._seen.values()} | {_plain(file.name): file.name}
            for page in pages or ():
                if page["like"]:
                    page["like"] = [names.get(page["like"][0], page["like"][0]), page["like"][1]]
            self._seen[str(file.path)] = _Seen(file.size, file.mtime_ns, file.name, pages)
        self.changed()


def _whole(file: Found) -> bytes | None:
    """Return the bytes of a file that has its end and is written by nobody; None where it has not."""
    try:
        if not 0 < file.size <= _MOST_BYTES or ending(file.path) is not Ending.WHOLE or is_open_elsewhere(file.path):
            return None
        return file.path.read_bytes()
    except OSError:  # taken, or in use
        return None


def _told(name: str, seen: list[_Seen]) -> dict[str, Any]:
    pages = [(each.name, page) for each in seen for page in each.pages or ()]
    bad = [{"file": file, **page} for file, page in pages if page["verdict"] != "good"]
    return {"name": name, "pages": len(pages), "good": len(pages) - len(bad), "bad_pages": bad[:_MOST_TOLD]}


def _plain(name: str) -> str:
    """Return what stands for a name: names of files and codes of dossiers say something of people."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_LETTERS]
