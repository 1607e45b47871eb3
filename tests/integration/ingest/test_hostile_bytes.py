"""Whatever is done to the bytes of a file, it gives pages or is refused with a code, and leaves nothing open."""

import io
import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from dossier.errors import Code, Rejected
from ingest.confined import BoundedTaker
from ingest.limits import Limits

ROUNDS = 60
FINE = {
    Code.FILE_EMPTY,
    Code.FILE_TRUNCATED,
    Code.TYPE_UNKNOWN,
    Code.IMAGE_BOMB,
    Code.IMAGE_DAMAGED,
    Code.TIFF_NO_PAGES,
    Code.PDF_ENCRYPTED,
    Code.PDF_DAMAGED,
    Code.PDF_NO_PAGES,
    Code.PAGE_ZERO_SIZE,
    Code.PAGE_TOO_LARGE,
    Code.TOO_MANY_PAGES,
}
NUMBERS = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\1\0\0\0")


def saved(kind: str, mode: str, **options: object) -> bytes:
    """Return a small picture as a file."""
    out = io.BytesIO()
    Image.radial_gradient("L").convert(mode).save(out, kind, **options)
    return out.getvalue()


SEEDS: dict[str, Callable[[], bytes]] = {
    "gray.jpg": lambda: saved("JPEG", "L"),
    "ink.jpg": lambda: saved("JPEG", "CMYK"),
    "lines.png": lambda: saved("PNG", "1"),
    "clear.png": lambda: saved("PNG", "RGBA"),
    "group4.tif": lambda: saved("TIFF", "1", compression="group4"),
    "lzw.tif": lambda: saved("TIFF", "RGB", compression="tiff_lzw"),
    "jpeg.tif": lambda: saved("TIFF", "RGB", compression="jpeg"),
    "scan.pdf": lambda: saved("PDF", "RGB"),
    "lines.pdf": lambda: saved("PDF", "1"),
}


@pytest.fixture(scope="module")
def taker() -> Iterator[BoundedTaker]:
    """Give a taker that is quick to lose patience."""
    with BoundedTaker(replace(Limits(), wall_seconds=20.0, cpu_seconds=10, memory_bytes=1 << 30)) as opened:
        yield opened


@pytest.mark.parametrize("name", sorted(SEEDS))
def test_hurt_files_are_taken_or_refused(name: str, taker: BoundedTaker, tmp_path: Path) -> None:
    """Flipped bits, cuts, insertions and absurd numbers never end in a time-out, a crash or another error."""
    dice, good, path = random.Random(name), SEEDS[name](), tmp_path / name
    before = open_files()
    for _ in range(ROUNDS):
        path.write_bytes(hurt(good, dice))
        try:
            list(taker.pages(path))
        except Rejected as exc:
            code = exc.code
        else:
            continue
        assert code in FINE
    assert open_files() <= before + 1  # the child's own line, when it was started here
    assert [entry.name for entry in tmp_path.iterdir()] == [name]
    path.write_bytes(good)
    assert len(list(taker.pages(path))) == 1


def open_files() -> int:
    """Return how many files this process holds open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def hurt(good: bytes, dice: random.Random) -> bytes:
    """Return a file with one to eight wounds; a PNG's checksums are mended, so that decoders look further."""
    data = bytearray(good)
    for _ in range(dice.choice((1, 1, 2, 8))):
        at = dice.randrange(min(len(data), dice.choice((400, len(data)))))
        wound = dice.randrange(5)
        if wound == 0:
            data[at] ^= 1 << dice.randrange(8)
        elif wound == 1:
            data[at : at + 4] = dice.choice(NUMBERS)
        elif wound == 2:
            del data[at : at + dice.randrange(1, 40)]
        elif wound == 3:
            data[at:at] = data[dice.randrange(len(data)) :][: dice.randrange(1, 200)]
        elif dice.random() < 0.3 and at > 10:
            del data[at:]
    return mended(bytes(data)) if good.startswith(b"\x89PNG") else bytes(data)


def mended(data: bytes) -> bytes:
    """Return a PNG whose chunks have true checksums, as far as they can be followed."""
    out, at = data[:8], 8
    while at + 12 <= len(data) and (end := at + 12 + int.from_bytes(data[at : at + 4], "big")) <= len(data):
        body = data[at + 4 : end - 4]
        out += data[at : at + 4] + body + zlib.crc32(body).to_bytes(4, "big")
        at = end
    return out + data[at:]
