"""A scan without its end is seen as such, wherever it was cut."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from station.endings import Ending, ending


def _picture(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image = Image.effect_noise((90, 70), 60)
    image.save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


_PICTURES = {
    "jpeg": _picture("JPEG"),
    "progressive": _picture("JPEG", progressive=True),
    "thumbnail": _picture("JPEG", exif=b"Exif\0\0" + _picture("JPEG", quality=5)[:60_000]),
    "png": _picture("PNG"),
    "tiff": _picture("TIFF"),
    "tiff-lzw": _picture("TIFF", compression="tiff_lzw"),
    "tiff-pages": _picture("TIFF", save_all=True, append_images=[Image.new("1", (90, 70))]),
    "pdf": _picture("PDF"),
}


@pytest.mark.parametrize("name", _PICTURES)
def test_whole_and_cut(name: str, tmp_path: Path) -> None:
    """The whole file has its end; no beginning of it has, once its kind can be told."""
    data, path = _PICTURES[name], tmp_path / "x"
    path.write_bytes(data)
    assert ending(path) is Ending.WHOLE
    for size in sorted({9, 60, len(data) // 3, len(data) // 2, len(data) * 9 // 10, len(data) - 40}):
        path.write_bytes(data[:size])
        assert ending(path) is Ending.CUT, size


def test_what_has_no_known_end(tmp_path: Path) -> None:
    """An empty file is cut; of a kind that is not known only time tells."""
    path = tmp_path / "x"
    path.write_bytes(b"")
    assert ending(path) is Ending.CUT
    path.write_bytes(b"PK\3\4 something")
    assert ending(path) is Ending.UNKNOWN


def test_a_chain_that_bites_its_tail(tmp_path: Path) -> None:
    """Directories that lead back to themselves end the walk."""
    path = tmp_path / "x"
    path.write_bytes(b"II*\0\x08\0\0\0" + b"\0\0" + b"\x08\0\0\0")
    assert ending(path) is Ending.CUT
