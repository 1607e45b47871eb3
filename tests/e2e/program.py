"""The real program in a process of its own, and its catalogue seen through `sqlite3` alone."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sysconfig
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any

PROGRAM = Path(sysconfig.get_path("scripts")) / "hososo"
_SECONDS = 240


@dataclass(frozen=True, slots=True)
class Program:
    """`hososo` with a home folder of its own."""

    home: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def initialised(cls, home: Path, **settings: str) -> Program:
        """Return the program after `hososo init`; settings are environment variables without their prefix."""
        made = cls(home, settings)
        made.run("init")
        return made

    @property
    def pki(self) -> Path:
        """The folder of the development keys."""
        return self.home / "development-pki"

    @property
    def trust(self) -> Path:
        """The certificate that everything signed here hangs on."""
        return self.pki / "root.pem"

    def command(self, *arguments: object, before: tuple[str, ...] = ()) -> list[str]:
        """Return a command line; `before` is what starts the program."""
        return [*before, str(PROGRAM), *map(str, arguments)]

    def environment(self, **settings: str) -> dict[str, str]:
        """Return the environment of a run."""
        own = {f"HOSOSO_{name.upper()}": value for name, value in {**self.settings, **settings}.items()}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HOSOSO_")}
        return clean | {"HOSOSO_HOME": str(self.home), "COLUMNS": "200"} | own

    def ends(self, *arguments: object, before: tuple[str, ...] = (), **settings: str) -> tuple[int, str, str]:
        """Run to the end; return exit code, standard output and standard error."""
        done = subprocess.run(
            self.command(*arguments, before=before),
            env=self.environment(**settings),
            cwd=self.home.parent,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    def run(self, *arguments: object, code: int = 0, **settings: str) -> str:
        """Run to the end, expect an exit code, and return what was printed, the errors last."""
        found, out, err = self.ends(*arguments, **settings)
        assert found == code, f"hososo {arguments} ended with {found}, not {code}\n{out}\n{err}"
        return out + err

    def json(self, *arguments: object, code: int = 0) -> Any:  # noqa: ANN401 - whatever the command answers
        """Run with `--json` and return the parsed answer."""
        return json.loads(self.run("--json", *arguments, code=code))

    def start(self, *arguments: object, stdout: int = subprocess.DEVNULL, **settings: str) -> subprocess.Popen[bytes]:
        """Start the program and do not wait for it."""
        return subprocess.Popen(
            self.command(*arguments),
            env=self.environment(**settings),
            cwd=self.home.parent,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return what a query over the catalogue finds."""
        where = f"file:{self.home / 'catalogue.db'}?mode=ro"
        with closing(sqlite3.connect(where, uri=True, timeout=30)) as catalogue:
            return catalogue.execute(query, values).fetchall()

    def value(self, query: str, *values: object) -> Any:  # noqa: ANN401 - a column of any type
        """Return the first column of the only row that a query finds."""
        ((found,),) = self.rows(query, *values)
        return found


def wait_until(what: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until something is so; fail when it takes too long."""
    deadline = monotonic() + seconds
    while not what():
        assert monotonic() < deadline, "waited too long"
        sleep(0.02)
