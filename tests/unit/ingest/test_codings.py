"""Group 4 strips, resolutions and types, by themselves."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dossier.errors import Code, Rejected
from ingest import g4
from ingest.resolution import resolution
from ingest.sniff import JPEG, PDF, PNG, TIFF, sniff


@st.composite
def bilevel(draw: st.DrawFn) -> Image.Image:
    """Draw a small bilevel image of any content."""
    width, height = draw(st.integers(1, 70)), draw(st.integers(1, 24))
    data = draw(st.binary(min_size=(width + 7) // 8 * height, max_size=(width + 7) // 8 * height))
    # Through mode L: padding bits beyond the width are nobody's pixels.
    return Image.frombytes("1", (width, height), data).convert("L").convert("1", dither=Image.Dither.NONE)


@given(image=bilevel())
@settings(max_examples=200, deadline=None)
def test_group4_round_trip(image: Image.Image) -> None:
    """Any pixels survive, also with the bits mirrored twice and the ink exchanged twice."""
    strip = g4.encode(image)
    assert g4.checked(strip, *image.size).tobytes() == image.tobytes()
    assert g4.mirrored(g4.mirrored(strip)) == strip
    assert g4.inverted(g4.inverted(image)).convert("L").tobytes() == image.convert("L").tobytes()


@given(image=bilevel(), share=st.floats(0, 0.9))
@settings(max_examples=100, deadline=None)
def test_cut_group4_never_gives_other_pixels_unnoticed(image: Image.Image, share: float) -> None:
    """A strip that was cut is refused, or what was cut is only its end mark."""
    strip = g4.encode(image)
    cut = strip[: int(len(strip) * share)]
    seen = None
    with contextlib.suppress(Rejected):
        seen = g4.checked(cut, *image.size)
    assert seen is None or seen.tobytes() == image.tobytes()


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a.pdf", b"%PDF-1.4\n", PDF),
        ("a.PDF", b"junk from a scanner\n%PDF-1.7\n", PDF),
        ("a.tif", b"II*\0", TIFF),
        ("a.tiff", b"MM\0*", TIFF),
        ("a.TIF", b"II+\0", TIFF),
        ("a.jpeg", b"\xff\xd8\xff\xe1", JPEG),
        ("a.png", b"\x89PNG\r\n\x1a\n", PNG),
    ],
)
def test_sniff_knows_by_the_first_bytes(name: str, head: bytes, expected: str, tmp_path: Path) -> None:
    """The kinds that pages are taken from, in the spellings that occur."""
    path = tmp_path / name
    path.write_bytes(head)
    assert sniff(path) == expected


@pytest.mark.parametrize(
    ("name", "head", "code"),
    [
        ("a.pdf", b"", Code.FILE_EMPTY),
        ("a.pdf", b"MZ\x90\0", Code.TYPE_UNKNOWN),
        ("a.docx", b"PK\3\4", Code.TYPE_UNKNOWN),
        ("a.jpg", b"%PDF-1.4", Code.TYPE_MISMATCH),
        ("a.exe", b"%PDF-1.4", Code.TYPE_MISMATCH),
        ("a", b"\xff\xd8\xff\xe1", Code.TYPE_MISMATCH),
    ],
)
def test_sniff_refuses(name: str, head: bytes, code: Code, tmp_path: Path) -> None:
    """Nothing, something unknown, and something named as another thing."""
    path = tmp_path / name
    path.write_bytes(head)
    with pytest.raises(Rejected) as caught:
        sniff(path)
    assert caught.value.code is code


@given(st.integers(1, 20_000), st.integers(1, 20_000), st.none() | st.tuples(st.floats(0, 9e5), st.floats(0, 9e5)))
def test_resolution_is_always_usable(width: int, height: int, stated: tuple[float, float] | None) -> None:
    """Whatever a file states, there is a resolution that a page can have."""
    found = resolution((width, height), stated)
    assert 50 <= min(found.x, found.y) <= max(found.x, found.y) <= 2400
