"""What runs in the confined child: one file open at a time, one page per call."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from dossier.errors import Code, HososoError, Rejected
from dossier.page import PageReading
from ingest.born_digital import page_readings
from ingest.limits import Limits
from ingest.sniff import sniff
from ingest.take import open_source
from ingest.taken import Inspection, PageSource, TakenPage

_Stamp = tuple[str, int, int, int]


class _Open:
    """The file that was asked for last."""

    def __init__(self) -> None:
        self._stamp: _Stamp | None = None
        self._source: PageSource | None = None
        self.media_type = ""

    def source(self, path: Path, limits: Limits, name: str) -> PageSource:
        """Return the file as a source, opened anew when it is another one or has changed."""
        status = path.stat()
        stamp = (str(path), status.st_ino, status.st_size, status.st_mtime_ns)
        if self._source is None or stamp != self._stamp:
            self.close()
            self.media_type = sniff(path, name)
            self._source = open_source(path, self.media_type, limits)
            self._stamp = stamp
        return self._source

    def close(self) -> None:
        """Let go of the file."""
        if self._source is not None:
            self._source.close()
        self._source = self._stamp = None


_OPEN = _Open()


def take(action: str, path: Path, limits: Limits, number: int = 0, name: str = "") -> Any:  # noqa: ANN401 - one door for three questions
    """Answer one call of `ingest.confined.BoundedTaker`.

    Raises:
        Rejected: With the file's own code, FILE_UNREADABLE for anything that a decoder raises unexpectedly.
    """
    answer: Callable[[], Any] = partial(_ACTIONS[action], path, limits, number, name)
    try:
        return answer()
    except (HososoError, MemoryError):
        _OPEN.close()
        raise
    except OSError as exc:
        raise Rejected(Code.FILE_UNREADABLE, f"{type(exc).__name__}: {exc.strerror}") from exc
    except Exception as exc:
        # Process boundary: decoders raise what they like on hostile bytes, and one file must not stop the others.
        _OPEN.close()
        raise Rejected(Code.FILE_UNREADABLE, f"{type(exc).__name__} while {action}") from exc


def _inspect(path: Path, limits: Limits, _: int, name: str) -> Inspection:
    source = _OPEN.source(path, limits, name)
    return Inspection(source.pages, source.signed, _OPEN.media_type)


def _page(path: Path, limits: Limits, number: int, name: str) -> TakenPage:
    return _OPEN.source(path, limits, name).take(number)


def _reading(path: Path, limits: Limits, number: int, name: str) -> PageReading:
    del limits, name
    return next(islice(page_readings(path, first=number), 1))


_ACTIONS: dict[str, Callable[[Path, Limits, int, str], object]] = {
    "inspect": _inspect,
    "page": _page,
    "reading": _reading,
}
