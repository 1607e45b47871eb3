"""Pages from a scanner on their way into the hot folder: hidden until all are there, then whole, with a manifest."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from dossier.collation import Collation
from dossier.digest import of_file
from dossier.errors import Code, Unavailable
from station.manifest import Listed, ListedPart, Manifest, as_json
from station.naming import MANIFESTS
from station.paths import sync_folder, write_whole

_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/tiff": ".tif", "application/pdf": ".pdf"}
_FRONTS = ".mat-truoc"


@dataclass(frozen=True, slots=True)
class ScanDelivery:
    """The pages of one component of one dossier.

    Attributes:
        hot: The hot folder.
        code: Normalised mã hồ sơ.
        component: Code of the component; empty: nobody said.
        kind: Media type of a page.
        sides: In which order the backs come after all fronts; `NONE`: page follows page.
    """

    hot: Path
    code: str
    component: str
    kind: str
    sides: Collation = Collation.NONE

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

    def end_fronts(self) -> None:
        """Note that the pages that are there are all fronts: what comes now are backs."""
        write_whole(self.draft / _FRONTS, str(len(self.pages())))

    @property
    def fronts(self) -> int | None:
        """How many fronts there are; None while they are being scanned."""
        try:
            return int((self.draft / _FRONTS).read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    def finish(self, counted: int | None) -> int:
        """Give everything to the agent, as a whole; return how many files that were.

        Args:
            counted: How many pages somebody has counted; None: nobody has.

        Raises:
            Unavailable: SCANNER_COUNT, there are more or fewer; SCANNER_SIDES, fronts and backs are not as many. They
                stay, to be gone on with.
        """
        pages = self.pages()
        if counted is not None and self.kind.startswith("image/") and counted != len(pages):
            raise Unavailable(Code.SCANNER_COUNT, f"{len(pages)} of {counted}", subject=f"{len(pages)}/{counted}")
        files = tuple(Listed(path.name, of_file(path)[0]) for path in pages)
        if self.sides:
            counted = self._checked_sides(len(pages))
        parts = (ListedPart(self.component, counted, (), files),)
        show(self.draft, self.hot, Manifest(self.code, not_secret=True, parts=parts, collate=self.sides))
        return len(pages)

    def _checked_sides(self, pages: int) -> int:
        fronts = self.fronts or 0
        if fronts * 2 != pages:
            said = f"{fronts}/{pages - fronts}"
            raise Unavailable(Code.SCANNER_SIDES, f"fronts and backs: {said}", subject=said)
        return pages


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
