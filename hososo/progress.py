"""Progress of a long run: a bar on a terminal, a plain line now and then elsewhere, nothing for programs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console as Terminal
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Bar

from hososo.console import Console
from workers.runner import Progress

_PLAIN_SECONDS = 10.0


@contextmanager
def shown(console: Console) -> Iterator[Callable[[Progress], None]]:
    """Give the function that a run tells its progress to."""
    if console.as_json:
        yield lambda _progress: None
    elif sys.stdout.isatty():
        with _bar(console) as tell:
            yield tell
    else:
        yield _Plain(console)


def sentence(console: Console, progress: Progress) -> str:
    """Return pages done, pages a minute and time left in words."""
    rate = progress.pages_done / progress.seconds * 60 if progress.seconds > 0 else 0.0
    missing = progress.pages_total - progress.pages_done
    left = missing / rate * 60 if rate > 0 else 0.0
    return console.word(
        "digitise.progress",
        done=progress.pages_done,
        total=progress.pages_total,
        rate=round(rate),
        left=f"{int(left) // 60:02}:{int(left) % 60:02}",
        open=progress.open_items,
    )


class _Plain:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._next = _PLAIN_SECONDS
        self._worked = False

    def __call__(self, progress: Progress) -> None:
        self._worked = self._worked or progress.open_items > 0
        if not self._worked or (progress.open_items and progress.seconds < self._next):
            return
        self._next = progress.seconds + _PLAIN_SECONDS
        self._console.line(sentence(self._console, progress))


@contextmanager
def _bar(console: Console) -> Iterator[Callable[[Progress], None]]:
    columns = (BarColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=Terminal(file=sys.stdout), transient=False) as bar:
        task = bar.add_task("", total=None)

        def tell(progress: Progress) -> None:
            """Draw where the run stands."""
            bar.update(
                task,
                completed=progress.pages_done,
                total=max(progress.pages_total, 1),
                description=sentence(console, progress),
            )

        yield tell
