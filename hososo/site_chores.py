"""What the process of the pages does beside them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from hososo.duties import duties_of_pages
from pipeline.services import Services
from workers.chores import Chores

_LAST_SECONDS = 5.0


@contextmanager
def kept_under_seal(ready: Services) -> Iterator[None]:
    """While the block lasts, store and seal the access log now and then, unless a worker has just done it."""
    stopped = threading.Event()
    chores = Chores(ready, duties_of_pages())
    thread = threading.Thread(target=chores.run, args=(stopped,), name="chores", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(_LAST_SECONDS)
