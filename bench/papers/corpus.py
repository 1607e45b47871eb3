"""Papers read by the product's own reader, kept on disk: a change of rules does not read two thousand pages again."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from bench.papers.names import SetName
from bench.papers.scans import Item, scanned_pages
from bench.papers.template import FOLDER, Filled, parsed
from dossier import reading_json
from dossier.page import PageReading
from ocr.engines.choice import start_engine
from ocr.engines.port import OcrEngine
from ocr.page import read_page

_ROOT: Final = Path(__file__).parent.parent.parent
CACHE: Final = _ROOT / ".bench" / "papers"
_DRAWING: Final = ("hand", "pages", "scans", "sealing")
_DECIDES: Final = (
    *("ocr", "bench/legibility", "samples/ink.py"),
    *(f"bench/papers/{name}.py" for name in _DRAWING),
)
# What only judges a page does not change its words.
_JUDGES: Final = re.compile(
    r"ocr/(?:checks/.*|data/.*|rules.*|secrecy.*|stamps.*|suspects.*|letters.*|sizes.*|verdict.*|again.*)"
)
_engine: list[OcrEngine] = []


@dataclass(frozen=True, slots=True)
class Read:
    """One paper with its truth and what was read of its pages."""

    item: Item
    paper: Filled
    pages: tuple[PageReading, ...]


def read_all(items: Iterable[Item], jobs: int) -> Iterator[Read]:
    """Yield the papers read, in order; those that were read before come from the disk."""
    asked = [(item.set_name, item.template.name, item.seed) for item in items]
    with ProcessPoolExecutor(jobs) as pool:
        for key, pages in zip(asked, pool.map(_pages_of, asked, chunksize=4), strict=True):
            item = _item(*key)
            yield Read(item, item.paper(), tuple(reading_json.load(page) for page in pages))


def kept(item: Item) -> bool:
    """Return whether a paper was read before, by this code."""
    return _place(item).is_file()


def _place(item: Item) -> Path:
    return CACHE / _version() / item.set_name / f"{item.name}-{_digest_of(item)}.zip"


def _item(set_name: SetName, template: str, seed: int) -> Item:
    return Item(parsed(set_name, FOLDER / set_name / f"{template}.txt"), seed)


def _pages_of(key: tuple[SetName, str, int]) -> list[bytes]:
    item = _item(*key)
    place = _place(item)
    if place.is_file():
        with zipfile.ZipFile(place) as box:
            return [box.read(name) for name in sorted(box.namelist())]
    if not _engine:
        _engine.append(start_engine("tesserocr"))
    pages = [reading_json.dump(read_page(_engine[0], data, scan)) for data, scan in scanned_pages(item)]
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_suffix(".part")
    with zipfile.ZipFile(part, "w") as box:
        for number, page in enumerate(pages):
            box.writestr(f"{number:03d}", page)
    part.rename(place)
    return pages


def _digest_of(item: Item) -> str:
    paper = item.paper()
    return hashlib.sha256(repr((paper.body, paper.by_hand, paper.seal)).encode()).hexdigest()[:12]


@cache
def _version() -> str:
    """Return a digest of the code that draws and reads, so that what another version read is not taken for ours."""
    digest = hashlib.sha256()
    for name in _DECIDES:
        place = _ROOT / name
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for file in files:
            path = file.relative_to(_ROOT).as_posix()
            if file.suffix in {".py", ".toml"} and "node_modules" not in path and not _JUDGES.fullmatch(path):
                digest.update(path.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]
