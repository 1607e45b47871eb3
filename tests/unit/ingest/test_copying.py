"""A copy is the file as it was, or it is refused."""

import io
import os
from pathlib import Path

import pytest

from dossier.digest import CHUNK, of_bytes
from dossier.errors import Code, Rejected
from ingest.copying import copy_hashed


class Meddler(io.BytesIO):
    """A sink that does something to the source when it gets its first chunk."""

    def __init__(self, act: object) -> None:
        super().__init__()
        self._act = act

    def write(self, data: object, /) -> int:
        """Take a chunk."""
        if callable(self._act):
            self._act()
            self._act = None
        return super().write(data)  # type: ignore[arg-type]


def refused(path: Path, sink: io.BytesIO) -> Code:
    """Return the code that a copy is refused with."""
    with pytest.raises(Rejected) as caught:
        copy_hashed(path, sink)
    return caught.value.code


@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1])
def test_copy_and_digest(size: int, tmp_path: Path) -> None:
    """Bytes, digest and size agree."""
    path = tmp_path / "a"
    path.write_bytes(b"a" * size)
    sink = io.BytesIO()
    assert copy_hashed(path, sink) == (of_bytes(b"a" * size), size)
    assert sink.getvalue() == b"a" * size


def test_growing_rewritten_replaced_and_vanishing_files_are_found(tmp_path: Path) -> None:
    """Somebody still writes: whatever they do, it is noticed."""
    path = tmp_path / "a"

    def grow() -> None:
        with path.open("ab") as stream:
            stream.write(b"more")

    def rewrite() -> None:
        path.write_bytes(b"b" * 3 * CHUNK)
        os.utime(path, ns=(1, 1))

    def replace() -> None:
        other = tmp_path / "other"
        other.write_bytes(b"a" * 3 * CHUNK)
        other.replace(path)

    for act in (grow, rewrite, replace, lambda: os.truncate(path, 5), path.unlink):
        path.write_bytes(b"a" * 3 * CHUNK)
        assert refused(path, Meddler(act)) is Code.FILE_CHANGED_WHILE_READ


@pytest.mark.timeout(20)
def test_only_regular_files_are_read(tmp_path: Path) -> None:
    """A pipe does not hang, a link is not followed, a folder is not read."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    for name in ("pipe", "link", "."):
        assert refused(tmp_path / name, io.BytesIO()) is Code.FILE_UNREADABLE
    assert refused(tmp_path / "gone", io.BytesIO()) is Code.FILE_CHANGED_WHILE_READ


def test_errors_of_the_sink_pass_through(tmp_path: Path) -> None:
    """A full target is not the source's fault."""
    path = tmp_path / "a"
    path.write_bytes(b"a")

    def full() -> None:
        raise OSError(28, "No space left")

    with pytest.raises(OSError, match="No space left"):
        copy_hashed(path, Meddler(full))
