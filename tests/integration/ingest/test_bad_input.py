"""Each kind of bad file is refused with its own code, in a confined child that lives on."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dossier.errors import Code, Rejected
from ingest.confined import BoundedTaker
from ingest.limits import Limits
from tests import bad_input
from tests.bad_input import BAD_FILES

LIMITS = Limits(wall_seconds=20, cpu_seconds=15, memory_bytes=1 << 30)


@pytest.fixture(scope="module")
def taker() -> Iterator[BoundedTaker]:
    """One child for all the files, as a worker has it."""
    with BoundedTaker(LIMITS) as bounded:
        yield bounded


@pytest.mark.parametrize("kind", BAD_FILES)
def test_bad_file_is_refused_with_its_code(kind: str, taker: BoundedTaker, tmp_path: Path) -> None:
    """The code names what is wrong, the refusal is quick, and a good file is taken right after it."""
    bad = BAD_FILES[kind]
    path = tmp_path / bad.name
    path.write_bytes(bad.make())
    started = time.monotonic()
    with pytest.raises(Rejected) as caught:
        list(taker.pages(path))
    assert caught.value.code in bad.codes
    assert time.monotonic() - started < 10
    good = tmp_path / "good.pdf"
    good.write_bytes(bad_input.jpeg_pdf())
    assert len(list(taker.pages(good))) == 1


def test_unfolding_content_is_stopped(taker: BoundedTaker, tmp_path: Path) -> None:
    """400 MB of content behind 400 kB neither hangs nor kills: the page is refused or comes out blank."""
    path = tmp_path / "a.pdf"
    path.write_bytes(bad_input.flate_bomb())
    outcome: object = None
    try:
        outcome = [page.scan.resampled for page in taker.pages(path)]
    except Rejected as refused:
        outcome = refused.code
    assert outcome in ([True], Code.FILE_UNREADABLE, Code.IMAGE_BOMB, Code.PDF_DAMAGED)


def test_child_out_of_time_is_a_refusal(tmp_path: Path) -> None:
    """A file that takes longer than allowed is refused and the taker goes on."""
    path = tmp_path / "a.png"
    path.write_bytes(bad_input.png(bad_input.sheet(size=(6000, 7000), mode="RGB"), dpi=(600, 600)))
    with BoundedTaker(Limits(wall_seconds=0.05)) as hurried, pytest.raises(Rejected) as caught:
        list(hurried.pages(path))
    assert caught.value.code is Code.FILE_UNREADABLE


def test_child_out_of_memory_is_a_refusal(tmp_path: Path) -> None:
    """A page that needs more memory than allowed is refused."""
    path = tmp_path / "a.png"
    path.write_bytes(bad_input.png(bad_input.sheet(size=(6000, 7000), mode="RGB"), dpi=(600, 600)))
    with BoundedTaker(Limits(memory_bytes=180 << 20)) as small, pytest.raises(Rejected) as caught:
        list(small.pages(path))
    assert caught.value.code is Code.FILE_UNREADABLE


def test_file_above_the_size_limit_is_refused(tmp_path: Path) -> None:
    """The size is judged before anything is read."""
    path = tmp_path / "a.jpg"
    path.write_bytes(bad_input.jpeg(bad_input.sheet()))
    with BoundedTaker(Limits(max_file_bytes=1000)) as strict, pytest.raises(Rejected) as caught:
        strict.inspect(path)
    assert caught.value.code is Code.FILE_TOO_LARGE


def test_pdf_with_only_restrictions_is_taken(taker: BoundedTaker, tmp_path: Path) -> None:
    """A PDF that opens with the empty password gives the very JPEG that is in it."""
    path = tmp_path / "a.pdf"
    path.write_bytes(bad_input.encrypted_pdf(""))
    (page,) = taker.pages(path)
    assert page.data == bad_input.jpeg(bad_input.sheet())


def test_broken_cross_reference_gives_the_same_page(taker: BoundedTaker, tmp_path: Path) -> None:
    """A table that points beside every object costs nothing when both readers find the page."""
    path = tmp_path / "a.pdf"
    path.write_bytes(bad_input.broken_xref_pdf())
    (page,) = taker.pages(path)
    assert page.data == bad_input.jpeg(bad_input.sheet())


def test_damaged_group4_in_pdf_is_refused(taker: BoundedTaker, tmp_path: Path) -> None:
    """A strip that ends before its last row is found, though the decoder would give white rows."""
    image = bad_input.sheet(mode="1")
    path = tmp_path / "a.pdf"
    from ingest import g4  # noqa: PLC0415 - the encoder under test is only needed here

    strip = g4.encode(image)
    entries = (
        b"/Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode"
        b" /DecodeParms << /K -1 /Columns %d /Rows %d >>" % (*image.size, *image.size)
    )
    path.write_bytes(bad_input.image_pdf(strip[: len(strip) // 2], entries))
    with pytest.raises(Rejected) as caught:
        list(taker.pages(path))
    assert caught.value.code is Code.IMAGE_DAMAGED
