"""Names in an export are good on every system, stay inside the folder and never fall together."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.export import _safe, _unlike


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("to-khai/to_khai.jpg", "to-khai/to_khai.jpg"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("a\\..\\b.pdf", "a_.._b.pdf"),
        ("con.pdf", "_con.pdf"),
        ("Aux", "_Aux"),
        ("COM1 .tar.gz", "_COM1 .tar.gz"),
        ("console.pdf", "console.pdf"),
        ("tờ khai?.pdf. ", "tờ khai_.pdf"),
        ("...", "_"),
        (".gitignore", ".gitignore"),
        ("\u202efdp.exe", "_u202efdp.exe"),
        ("a\nb.pdf", "a_nb.pdf"),
    ],
)
def test_a_name_is_good_on_every_system(name: str, expected: str) -> None:
    """Folders that lead out, devices of Windows, signs it lacks, turns of direction and line ends are gone."""
    assert _safe(name) == expected


@given(st.text(st.characters(exclude_characters="\0"), max_size=255))
def test_any_name_fits_and_stays_inside(name: str) -> None:
    """No part is longer than a file system takes or means another folder."""
    safe = PurePosixPath("goc", _safe(name))
    assert safe.parts[0] == "goc"
    assert ".." not in safe.parts
    assert all(len(part.encode()) <= 220 for part in safe.parts)


def test_names_that_fall_together_are_told_apart() -> None:
    """Of names that differ only in case, or in signs that were replaced, each file keeps one."""
    taken: set[str] = set()
    assert [_unlike(name, taken) for name in ("a_b.pdf", "A_B.pdf", "a_b~2.pdf", "a_b.pdf")] == [
        "a_b.pdf",
        "A_B~2.pdf",
        "a_b~2~2.pdf",
        "a_b~3.pdf",
    ]
