"""Many small papers that are read quickly, each page another, and a list of them made before anybody delivers them."""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from samples.sheet import Sheet, Style
from tests.e2e import delivery
from tests.e2e.archive import PageIdentity, file_pages

_SLIP, _LETTER, _DPI = (150.0, 52.0), (210.0, 297.0), 200
_TITLE, _BODY = Style(15, bold=True), Style(14)
_UNIT = "H99.27.12"
POISON_FILE = "doc/giay.jpg"


@dataclass
class Papers:
    """Makes dossier folders one after the other and knows every page of them.

    Args:
        inbox: Where the dossier folders are put.
        workshop: Where single scans are drawn.
    """

    inbox: Path
    workshop: Path
    manifest: Counter[PageIdentity] = field(default_factory=Counter)
    dossiers: list[str] = field(default_factory=list)
    poison: str = ""
    _drawn: int = 0
    _twin: Path | None = None

    def __post_init__(self) -> None:
        """Make the folders."""
        self.inbox.mkdir(parents=True)
        self.workshop.mkdir(parents=True)

    @property
    def pages(self) -> int:
        """How many pages there are by now."""
        return sum(self.manifest.values())

    def add(self) -> str:
        """Make one more dossier of three to five pages and return its code."""
        kind = (_separate, _one_pdf, _black_and_white, _twins)[len(self.dossiers) % 4]
        code, folder = self._begin()
        kind(self, folder)
        return self._deliverable(code, folder)

    def add_poison(self) -> str:
        """Make a dossier with one page that takes long to read, in a file of its own; return its code."""
        code, folder = self._begin()
        delivery.put(folder, POISON_FILE, self._scan(_LETTER, lines=38))
        delivery.put(folder, "lanh/giay.jpg", self.scan())
        self.poison = code
        return self._deliverable(code, folder)

    def expected(self) -> Counter[PageIdentity]:
        """Return what must be archived: all but the page that was poisoned on purpose."""
        poisoned = (self.poison, POISON_FILE)
        return Counter({page: count for page, count in self.manifest.items() if page[:2] != poisoned})

    def scan(self) -> Path:
        """Draw a page that no other is like, and return its file."""
        return self._scan(_SLIP, lines=3)

    def twin(self) -> Path:
        """Return the scan that was taken as a twin before; the first time, a new one."""
        found = self._twin or self.scan()
        self._twin = None if self._twin else found
        return found

    def _scan(self, size: tuple[float, float], lines: int) -> Path:
        self._drawn += 1
        sheet = Sheet(_DPI, size)
        sheet.centred(size[0] / 2, 6, f"GIẤY XÁC NHẬN SỐ {self._drawn}", _TITLE)
        for line in range(lines):
            text = f"Hồ sơ {self._drawn * 7919 % 100_003}, dòng {line + 1}: đã nộp đủ giấy tờ theo quy định."
            sheet.text((12, 16 + 7 * line), text, _BODY)
        path = self.workshop / f"{self._drawn}.jpg"
        Image.fromarray(sheet.leaf().pixels).save(path, "JPEG", quality=80, dpi=(_DPI, _DPI))
        return path

    def _begin(self) -> tuple[str, Path]:
        code = f"{_UNIT}-260601-{len(self.dossiers) + 1:04}"
        return code, self.workshop / code

    def _deliverable(self, code: str, folder: Path) -> str:
        """List the pages of a finished folder, then put it where it is delivered from."""
        for path in sorted(folder.rglob("*.*")):
            for number, digest in enumerate(file_pages(path), start=1):
                self.manifest[(code, path.relative_to(folder).as_posix(), number, digest)] += 1
        self.dossiers.append(code)
        shutil.move(folder, self.inbox / code)
        return code


def _separate(papers: Papers, folder: Path) -> None:
    for number in range(1, 4):
        delivery.put(folder, f"to-{number}/giay.jpg", papers.scan())


def _one_pdf(papers: Papers, folder: Path) -> None:
    delivery.jpeg_pdf(folder / "tap.pdf", *(papers.scan() for _ in range(4)))
    delivery.put(folder, "don/giay.jpg", papers.twin())


def _black_and_white(papers: Papers, folder: Path) -> None:
    delivery.png(folder / "anh" / "giay.png", papers.scan())
    delivery.lzw_tiff(folder / "giay.tif", papers.scan(), papers.scan())


def _twins(papers: Papers, folder: Path) -> None:
    scan = papers.scan()
    delivery.put(folder, "ban-1/giay.jpg", scan)
    delivery.put(folder, "ban-2/giay.jpg", scan)
    delivery.jpeg_pdf(folder / "hai_lan.pdf", scan, papers.scan(), scan)
    delivery.put(folder, "khac/giay.jpg", papers.twin())
