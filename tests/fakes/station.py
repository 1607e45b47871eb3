"""A station that hands files over without a network: as the pipeline sees it."""

from __future__ import annotations

from dataclasses import dataclass

from catalog import hand_overs
from dossier.digest import of_bytes
from dossier.handing_over import HandOver, ReceivedFile
from dossier.people import Account
from pipeline import hand_over_progress, handing_over
from pipeline.hand_over_progress import Progress
from pipeline.handing_over import FileWish, Wish
from pipeline.receiving_files import received_whole
from pipeline.taking_over import take_over
from tests.fakes.office import CODE, PaperOffice


@dataclass
class Station:
    """A station of one account."""

    office: PaperOffice
    own: Account

    def begin(self, key: str, code: str = CODE, component: str = "to-khai", **more: object) -> HandOver:
        """Begin a hand-over."""
        replaces = more.get("replaces", ())
        assert isinstance(replaces, tuple)
        wish = Wish(key, code, component, replaces=replaces, not_secret=True)
        return handing_over.begin(wish, self.own, self.office.services)

    def send(self, own: HandOver, name: str, data: bytes) -> ReceivedFile:
        """Send a whole file."""
        wish = FileWish(name, of_bytes(data), len(data))
        file = handing_over.add_file(own, wish, self.office.services)
        return received_whole(own, file, iter([data]), self.office.services)

    def commit(self, own: HandOver) -> HandOver:
        """Commit what was sent."""
        with self.office.services.catalogue.read() as tx:
            listed = {file.name: file.sha256 for file in hand_overs.files(tx, own.id)}
        return handing_over.commit(own, listed, self.office.services)

    def hand_over(self, key: str, files: dict[str, bytes], code: str = CODE, **more: object) -> HandOver:
        """Hand files over at once; return what became of them."""
        own = self.begin(key, code, **more)
        for name, data in files.items():
            self.send(own, name, data)
        self.commit(own)
        return take_over(own.id, self.office.services) or own

    def progress(self, own: HandOver) -> Progress:
        """Return how far a hand-over is."""
        with self.office.services.catalogue.read() as tx:
            found = hand_overs.find(tx, own.id)
            assert found is not None
            return hand_over_progress.progress(tx, found)
