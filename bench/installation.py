"""Installations to measure: a home, its servers if any, and `hososo worker` with so many processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench.processes import below
from catalog import Catalogue, queue
from dossier.states import Step
from hososo.servers import catalogue_of
from hososo.settings import load_settings

_PROGRAM = (sys.executable, "-c", "from hososo.main import main; main()")
_LOOK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Installation:
    """A home and its settings.

    Attributes:
        home: Its folder.
        settings: Environment variables `HOSOSO_*` without their prefix; passwords are named by file.
    """

    home: Path
    settings: Mapping[str, str]

    def run(self, *words: object, code: int = 0) -> str:
        """Run a command of the program to its end and return what it prints.

        Raises:
            RuntimeError: It ended with another exit code.
        """
        call = [*_PROGRAM, *map(str, words)]
        done = subprocess.run(call, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode != code:
            raise RuntimeError(f"hososo {words[0]} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def json(self, *words: object) -> Any:  # noqa: ANN401 - whatever the command answers
        """Run a command with `--json` and return the parsed answer."""
        return json.loads(self.run("--json", *words))

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes; byte code is kept, as it is for an installed program."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HOSOSO_")}
        clean.pop("PYTHONDONTWRITEBYTECODE", None)
        own = {f"HOSOSO_{name.upper()}": value for name, value in self.settings.items()}
        return clean | own | {"HOSOSO_HOME": str(self.home), "PYTHONPYCACHEPREFIX": str(self.home.parent / "pyc")}

    def start(self, processes: int) -> Workers:
        """Start a supervisor and return once it has workers.

        Raises:
            RuntimeError: It ended before it had any.
        """
        call = [*_PROGRAM, "worker", "--processes", str(processes)]
        with (self.home / "worker.out").open("ab") as out:
            process = subprocess.Popen(
                call, env=self.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )
        while not list(below(process.pid)):
            if process.poll() is not None:
                raise RuntimeError(f"hososo worker ended with {process.returncode}")
            time.sleep(_LOOK_SECONDS)
        return Workers(process)

    @contextmanager
    def catalogue(self) -> Iterator[Catalogue]:
        """Give the catalogue."""
        opened = catalogue_of(load_settings(self.home).model_copy(update=self._of_catalogue()))
        try:
            yield opened
        finally:
            opened.close()

    def rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        """Return what a query over the catalogue finds."""
        with self.catalogue() as catalogue, catalogue.read() as tx:
            return [tuple(row) for row in tx.execute(text(query), values)]

    def wait_until_done(self, seconds: float) -> None:
        """Wait until nothing is left to do.

        Raises:
            TimeoutError: It took longer.
        """
        deadline = time.monotonic() + seconds
        with self.catalogue() as catalogue:
            while time.monotonic() < deadline:
                with catalogue.read() as tx:
                    if queue.open_count(tx, tuple(Step)) == 0:
                        return
                time.sleep(_LOOK_SECONDS)
        raise TimeoutError(f"work is left after {seconds:.0f} s")

    def _of_catalogue(self) -> dict[str, Any]:
        found: dict[str, Any] = {"database_url": self.settings.get("database_url", "")}
        if "database_password_file" in self.settings:
            found["database_password_file"] = Path(self.settings["database_password_file"])
        return found


@dataclass(frozen=True, slots=True)
class Workers:
    """A running supervisor."""

    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End it in good order.

        Raises:
            RuntimeError: It did not end with 0.
        """
        self.process.terminate()
        if self.process.wait(120) != 0:
            raise RuntimeError(f"hososo worker ended with {self.process.returncode}")

    def kill(self) -> None:
        """Kill it with everything below it, as a power cut would."""
        for pid in [self.process.pid, *below(self.process.pid)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()
