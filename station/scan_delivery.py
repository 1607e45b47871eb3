"""Pages from a scanner on their way into the hot folder: hidden until all are there, then whole, with a manifest."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from dossier.digest import of_file
from dossier.errors import Code, Unavailable
from station.manifest import Listed, ListedPart, Manifest, as_json
from station.naming import MANIFESTS
from station.paths import sync_folder, write_whole

_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/tiff": ".tif", "application/pdf": ".pdf"}


@dataclass(frozen=True, slots=True)
class ScanDelivery:
    """The pages of one component of one dossier.

    Attributes:
        hot: The hot folder.
        code: Normalised mã hồ sơ.
        component: Code of the component; empty: nobody said.
        kind: Media type of a page.
    """

    hot: Path
    code: str
    component: str
    kind: str

    @property
    def draft(self) -> Path:
        """Where pages lie until all are there: hidden, so that nobody takes them."""
        return self.hot / f".quet-{self.code}-{self.component or 'khong'}"

    def begin(self, *, resume: bool) -> int:
        """Make room; return how many pages are there already, which are none unless they are to be gone on with."""
        if not resume and self.draft.exists():
            shutil.rmtree(self.draft)
        self.draft.mkdir(parents=True, exist_ok=True)
        return len(self.pages())

    def pages(self) -> list[Path]:
        """Return the pages that are there, in order."""
        return sorted(path for path in self.draft.iterdir() if path.suffix in _ENDINGS.values())

    def page(self, number: int) -> Path:
        """Return where a page goes."""
        return self.draft / f"{number:04d}{_ENDINGS.get(self.kind, '.jpg')}"

    def finish(self, counted: int | None) -> int:
        """Give everything to the agent, as a whole; return how many files that were.

        Args:
            counted: How many pages somebody has counted; None: nobody has.

        Raises:
            Unavailable(SCANNER_COUNT): There are more or fewer; they stay, to be gone on with.
        """
        pages = self.pages()
        if counted is not None and self.kind.startswith("image/") and counted != len(pages):
            raise Unavailable(Code.SCANNER_COUNT, f"{len(pages)} of {counted}", subject=f"{len(pages)}/{counted}")
        files = tuple(Listed(path.name, of_file(path)[0]) for path in pages)
        manifest = Manifest(self.code, not_secret=True, parts=(ListedPart(self.component, counted, (), files),))
        show(self.draft, self.hot, manifest)
        return len(pages)


def show(draft: Path, hot: Path, manifest: Manifest) -> Path:
    """Turn a hidden folder into one of a dossier, with its manifest, at once; return it."""
    write_whole(draft / MANIFESTS[0], as_json(manifest))
    sync_folder(draft)
    target, number = hot / manifest.code, 1
    while target.exists():
        number += 1
        target = hot / f"{manifest.code} ({number})"
    draft.rename(target)
    sync_folder(hot)
    return target
