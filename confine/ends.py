"""What it means for a page that the child which worked on it was stopped or died."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from confine.parent import Died, OutOfMemory, TimedOut
from dossier.errors import Code, Rejected


@contextmanager
def ends_rejected() -> Iterator[None]:
    """Call a child within this: an end of the child is the page's fault, with the code for how it came.

    Raises:
        Rejected: READ_TIMEOUT, READ_MEMORY or READ_CRASHED. What the child itself raised goes through.
    """
    try:
        yield
    except TimedOut as exc:
        raise Rejected(Code.READ_TIMEOUT, str(exc)) from exc
    except OutOfMemory as exc:
        raise Rejected(Code.READ_MEMORY, "address space") from exc
    except Died as exc:
        raise Rejected(Code.READ_CRASHED, str(exc)) from exc
