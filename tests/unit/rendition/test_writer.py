"""The writer: one pass, one page at a time, the same bytes for the same input."""

from __future__ import annotations

import errno
import gc
import hashlib
import io
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pikepdf
import pytest

from dossier.errors import Code, Rejected, Unavailable
from dossier.page import PageReading, PageText, PageTransform, Verdict
from rendition import writer
from rendition.writer import RenditionPage, RenditionResult, write_pdfa
from tests.unit.rendition.scans import coded, meta_for, page_of


class _OneWay(io.RawIOBase):
    """A stream that can only be written to, like a pipe."""

    def __init__(self) -> None:
        self.written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        self.written += bytes(data)  # type: ignore[call-overload]
        return len(data)  # type: ignore[arg-type]


class _Full(_OneWay):
    """A disk with no room after the first bytes."""

    def write(self, data: object) -> int:
        if self.written:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


def _written(*pages: RenditionPage) -> bytes:
    target = io.BytesIO()
    write_pdfa(target, iter(pages), meta_for(len(pages)))
    return target.getvalue()


def test_the_same_input_gives_the_same_bytes() -> None:
    """Two runs give one file; another word gives another file with another identifier."""
    first, again, other = _written(page_of()), _written(page_of()), _written(page_of(()))
    assert first == again
    with pikepdf.open(io.BytesIO(first)) as one, pikepdf.open(io.BytesIO(other)) as two:
        assert bytes(one.trailer.ID[0]) != bytes(two.trailer.ID[0])


def test_a_one_way_target_and_the_result() -> None:
    """The target is only written to; the result tells digest, size and pages of what was written."""
    target = _OneWay()
    result = write_pdfa(target, [page_of(), page_of()], meta_for(2))  # type: ignore[arg-type]
    digest = hashlib.sha256(target.written).hexdigest()
    assert result == RenditionResult(digest, len(target.written), 2)


def test_every_object_is_where_the_table_says() -> None:
    """Each entry of the cross-reference table points at its object, and startxref at the table."""
    pdf = _written(page_of(), page_of())
    start = int(pdf.rsplit(b"startxref\n", 1)[1].split()[0])
    table = pdf[start:].split(b"trailer")[0].splitlines()
    assert table[0] == b"xref"
    for number, entry in enumerate(table[3:], 1):
        assert pdf[int(entry[:10]) :].startswith(b"%d 0 obj\n" % number)


@pytest.mark.long
def test_a_page_is_let_go_before_the_next_is_made() -> None:
    """No more than one page is alive while a long document is written."""
    alive: list[weakref.ref[_Kept]] = []

    def pages() -> Iterator[RenditionPage]:
        for _ in range(20):
            gc.collect()
            assert not any(kept() for kept in alive)
            yield _kept(alive)

    assert write_pdfa(io.BytesIO(), pages(), meta_for(20)).pages == 20


class _Kept(bytearray):
    """Page bytes whose life can be watched."""


def _kept(alive: list[weakref.ref[_Kept]]) -> RenditionPage:
    data = _Kept(coded("RGB", "JPEG"))
    alive.append(weakref.ref(data))
    return replace(page_of(), data=data)  # type: ignore[arg-type]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_page_keeps_the_paper_and_turns_in_the_viewer(turn: int) -> None:
    """The media box is the scan at its resolution, whatever the turn; /Rotate shows it upright."""
    with pikepdf.open(io.BytesIO(_written(page_of(turn=turn)))) as document:
        page = document.pages[0]
        assert [float(edge) for edge in page.MediaBox] == [0, 0, 144, 72]
        assert page.Rotate == turn


def test_a_page_without_words_has_no_text_layer() -> None:
    """A blank page is kept as an image and nothing else."""
    with pikepdf.open(io.BytesIO(_written(page_of(()), page_of(())))) as document:
        assert document.pages[1].Contents.read_bytes() == b"q 144 0 0 72 0 0 cm /Scan Do Q\n"
        assert "/Font" not in document.pages[1].Resources


@pytest.mark.parametrize("announced", [1, 3])
def test_a_lost_or_added_page_is_a_bug(announced: int) -> None:
    """The number of pages that came must be the number announced."""
    with pytest.raises(ValueError, match=f"{announced} pages were announced, 2 came"):
        write_pdfa(io.BytesIO(), [page_of(), page_of()], meta_for(announced))


def test_the_reading_of_another_scan_is_a_bug() -> None:
    """Words are never laid over a scan of another size."""
    reading = PageReading(PageText((), "none", "none"), PageTransform(100, 200), Verdict.GOOD)
    with pytest.raises(ValueError, match="not of this scan"):
        _written(replace(page_of(), reading=reading))


@pytest.mark.parametrize(("dpi", "code"), [(10_000.0, Code.PAGE_ZERO_SIZE), (0.5, Code.PAGE_TOO_LARGE)])
def test_paper_that_no_page_can_have_is_rejected(dpi: float, code: Code) -> None:
    """Sides below 3 and above 14400 points are outside PDF/A-2."""
    page = page_of()
    with pytest.raises(Rejected) as caught:
        _written(replace(page, scan=replace(page.scan, dpi_x=dpi, dpi_y=dpi)))
    assert caught.value.code is code


def test_a_full_disk_is_the_worlds_fault() -> None:
    """No space left is something to wait for, not a bug."""
    with pytest.raises(Unavailable) as caught:
        write_pdfa(_Full(), [page_of()], meta_for(1))  # type: ignore[arg-type]
    assert caught.value.code is Code.DISK_FULL


def test_without_a_font_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing font is told before the first byte."""

    def nothing_found() -> NoReturn:
        raise Unavailable(Code.FONT_MISSING)

    monkeypatch.setattr(writer, "find_serif", nothing_found)
    target = io.BytesIO()
    with pytest.raises(Unavailable):
        write_pdfa(target, [page_of()], meta_for(1))
    assert target.getvalue() == b""


def test_writing_to_a_file(tmp_path: Path) -> None:
    """A plain file is a target."""
    with (tmp_path / "out.pdf").open("wb") as target:
        result = write_pdfa(target, [page_of()], meta_for(1))
    assert (tmp_path / "out.pdf").stat().st_size == result.size
