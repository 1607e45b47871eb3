"""The home folder: where everything lies, and the locks that keep two runs out of each other's way."""

from __future__ import annotations

import fcntl
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dossier.codes import parse_code
from dossier.digest import of_bytes
from dossier.errors import Code, Rejected, Unavailable
from dossier.text import visible


def without_core_dumps() -> None:
    """Keep the memory of this process and its children, where pages lie in clear, off the disk when one crashes."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@dataclass(frozen=True, slots=True)
class Home:
    """Paths under one home folder."""

    root: Path

    @property
    def archive(self) -> Path:
        """The object store: `objects/ab/cd/<sha256>`."""
        return self.root / "archive"

    @property
    def holding(self) -> Path:
        """The encrypted holding area; keep it out of backups."""
        return self.root / "holding"

    @property
    def index(self) -> Path:
        """The search index: may be deleted, it is rebuilt."""
        return self.root / "index"

    @property
    def scratch(self) -> Path:
        """Working files."""
        return self.root / "scratch"

    @property
    def spool(self) -> Path:
        """What stations and counters hand over, until the archive has it; keep it out of backups."""
        return self.root / "spool"

    @property
    def pki(self) -> Path:
        """The development keys of the demo profile."""
        return self.root / "development-pki"

    @property
    def refused_pins(self) -> Path:
        """Which tokens' PINs were refused and must not be tried again."""
        return self.root / "refused-pins"

    @property
    def metrics(self) -> Path:
        """What running workers measure of themselves: may be deleted when none runs."""
        return self.root / "metrics"

    @property
    def returned_rows(self) -> Path:
        """Rows of registers that were set aside and are to be corrected."""
        return self.root / "returned-rows"

    @property
    def recognisers(self) -> Path:
        """Recognisers that were adopted in place of the packaged one."""
        return self.root / "recognisers"

    @property
    def log(self) -> Path:
        """The log of the workers."""
        return self.root / "log" / "hososo.log"

    def make(self) -> None:
        """Make the folders that a run needs."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)  # people's papers: nobody else's to read
        for folder in (self.archive, self.scratch, self.log.parent, self.root / "locks"):
            folder.mkdir(mode=0o700, exist_ok=True)  # the home may have been there before, open to others

    def check(self) -> None:
        """Raise Rejected(HOME_MISSING) unless `hososo init` has been here."""
        if not (self.root / "locks").is_dir():
            raise Rejected(Code.HOME_MISSING, subject=str(self.root))

    @contextmanager
    def one_run_over(self, folder: Path) -> Iterator[None]:
        """Hold the lock of one delivered folder.

        Raises:
            Rejected(SETTINGS_INVALID): The archive would be taken for papers: the folder lies in the home, or the home
                in a dossier folder.
            Unavailable(FOLDER_BUSY): Another run is digitising the folder now.
        """
        self._check_apart(folder.resolve())
        name = of_bytes(str(folder.resolve()).encode("utf-8", "surrogateescape"))[:16]
        with self._locked(f"folder-{name}") as got:
            if not got:
                raise Unavailable(Code.FOLDER_BUSY, subject=folder.name)
            yield

    def _check_apart(self, folder: Path) -> None:
        home = self.root.resolve()
        around = [place for place in (home, *home.parents) if place.is_relative_to(folder)]
        if folder.is_relative_to(home) or any(parse_code(place.name) for place in around):
            raise Rejected(
                Code.SETTINGS_INVALID, "home and dossier folders must lie apart", subject=visible(folder.name)
            )

    @contextmanager
    def sweeping(self) -> Iterator[bool]:
        """Try to be the only sweep of this home; gives False when another is under way, or paused."""
        with self._locked("sweep") as got:
            yield got

    @contextmanager
    def handing_back(self) -> Iterator[bool]:
        """Try to be the only one of this home that sends to the one-stop software; gives False when another does."""
        with self._locked("portal") as got:
            yield got

    @contextmanager
    def _locked(self, name: str) -> Iterator[bool]:
        descriptor = os.open(self.root / "locks" / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            yield False
            return
        try:
            yield True
        finally:
            os.close(descriptor)
