"""One look at all hot folders: what is whole is claimed, what is not is told with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from dossier.errors import Code, Unavailable
from station import hot_folder
from station.claiming import Lost, Spool, claim
from station.gathering import NotWhole, Wait, planned
from station.hot_folder import Delivery
from station.naming import TRAY
from station.paths import move_whole
from station.queue import Queue, now
from station.settings import HotFolder, StationSettings
from station.telling import Waiting
from station.watching import Finished, Found, Watch


@dataclass(slots=True)
class Looked:
    """What was left where it lies; `stray` counts the files that do not say where they belong."""

    waiting: list[Waiting] = field(default_factory=list)
    stray: int = 0


@dataclass(slots=True)
class Gatherer:
    """Looks at the folders of a station, pass after pass."""

    settings: StationSettings
    queue: Queue
    spool: Spool
    watch: Watch
    standing: Looked = field(default_factory=Looked)
    _since: dict[str, str] = field(default_factory=dict)

    def gather(self) -> None:
        """Look at every folder, and claim what is whole.

        Raises:
            Unavailable(STATION_FOLDER_AWAY): A folder is away; the others were looked at.
        """
        standing, seen, away = Looked(), set[str](), ""
        for folder in self.settings.folders:
            try:
                lying = hot_folder.look(folder.path, stacks=folder.stacks)
            except OSError as exc:
                away = f"{folder.path}: {type(exc).__name__}"
                continue
            for delivery in lying.deliveries:
                seen |= {str(file.path) for file in delivery.everything}
                self._deliver(delivery, folder, standing)
            seen |= {str(file.path) for file in lying.stray}
            standing.stray += self._tray(lying.stray, folder.path)
        self.standing = standing
        self.watch.forget_all_but(seen)
        names = {each.name for each in standing.waiting}
        self._since = {name: since for name, since in self._since.items() if name in names}
        if away:
            raise Unavailable(Code.STATION_FOLDER_AWAY, away)

    def _deliver(self, delivery: Delivery, folder: HotFolder, standing: Looked) -> None:
        """Claim what lies there for one dossier, or note why not.

        Raises:
            OSError: The spool cannot take it.
        """
        try:
            for file in delivery.everything:
                self.watch.quiet(file)
            claim(planned(delivery, folder, self.watch), folder.path, self.queue, self.spool)
        except NotWhole as exc:
            if exc.wait is not Wait.EMPTY:
                self._note(standing, delivery, exc.wait, exc.subject)
        except (Lost, PermissionError, FileNotFoundError):  # PermissionError: open elsewhere, on Windows
            self._note(standing, delivery, Wait.WRITING, "")

    def _note(self, standing: Looked, delivery: Delivery, wait: Wait, subject: str) -> None:
        since = self._since.setdefault(delivery.name, now())
        standing.waiting.append(Waiting(delivery.name, wait.value, subject, since, len(delivery.files)))

    def _tray(self, stray: list[Found], root: Path) -> int:
        """Put files that do not say where they belong into a folder of their own; return how many lie there."""
        tray = root / TRAY
        for file in stray:
            if self.watch.finished(file) is Finished.YES:
                tray.mkdir(exist_ok=True)
                target, number = tray / file.path.name, 1
                while target.exists():
                    number += 1
                    target = tray / f"{file.path.stem}-{number}{file.path.suffix}"
                move_whole(file.path, target)
        return sum(path.is_file() for path in tray.iterdir()) if tray.is_dir() else 0
