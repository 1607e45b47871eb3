"""A page that really kills whoever reads it: its worker process is killed each time it has claimed that page."""

from __future__ import annotations

import os
import signal
import threading
from contextlib import suppress
from typing import Self

from catalog.work import MAX_CRASHES
from tests.chaos.installation import Installation
from tests.chaos.papers import POISON_FILE

_EVERY_SECONDS = 0.02
_CLAIMED = """
select w.worker from work_item w join page p on w.subject = p.id
join source_file f on p.file_id = f.id join intake i on p.intake_id = i.id join dossier d on i.dossier_id = d.id
where w.step = 'read' and w.state = 'claimed' and d.code = '{code}' and f.name = '{file}'
and w.crashes < {crashes}
"""


class Poison:
    """Watches the catalogue for whoever claims the page, and kills it.

    Who claims it once it counts as poison only sets it aside, and lives.

    Args:
        installation: Whose workers die.
        code: The dossier of the poisoned page.
    """

    def __init__(self, installation: Installation, code: str) -> None:
        self.kills = 0
        self._installation = installation
        self._query = _CLAIMED.format(code=code, file=POISON_FILE, crashes=MAX_CRASHES)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="poison", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_EVERY_SECONDS):
            # A catalogue that is away: then nobody can claim anything either.
            with suppress(Exception):
                for (worker,) in self._installation.rows(self._query):
                    self._kill(str(worker))

    def _kill(self, worker: str) -> None:
        process = int(worker.split("/")[1])
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
            self.kills += 1
            self._over.wait(0.2)
