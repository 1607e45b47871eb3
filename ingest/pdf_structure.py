"""A second reader of the PDF beside the one that draws it: page tree, page dictionaries, signatures.

pdfium repairs in silence. A file whose page tree the two readers see differently is refused, because nobody could
say which of the two is the paper that was handed in.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, PdfObject, StreamObject

from dossier.digest import CHUNK
from dossier.errors import Code, Rejected
from ingest.limits import Limits

_TAIL = 2048
_BYTE_RANGE = re.compile(rb"/ByteRange\s*\[")
_BEGUN = re.compile(rb"(/ByteRange)\s*\Z")
_LONGEST_NAME = len(b"/ByteRange") - 1
_LINEARIZED = re.compile(rb"/Linearized\b.{0,400}?/L\s+(\d+)", re.DOTALL)
_INHERITED = ("/Resources", "/MediaBox", "/CropBox", "/Rotate")
_SIGNATURES_EXIST = 1  # ISO 32000-1 table 219
_STRUCTURE = ("/ObjStm", "/XRef")

# What pypdf raises on bytes that make no sense, beside its own errors; anything else is a bug.
_BROKEN = (
    PyPdfError,
    KeyError,
    IndexError,
    TypeError,
    ValueError,
    AttributeError,
    AssertionError,
    RecursionError,
    OverflowError,
    NotImplementedError,
    OSError,
    struct.error,
    zlib.error,
)


@contextmanager
def damaged_pdf() -> Iterator[None]:
    """Turn what pypdf raises on broken bytes into Rejected(PDF_DAMAGED)."""
    try:
        yield
    except _BROKEN as exc:
        raise Rejected(Code.PDF_DAMAGED, f"{type(exc).__name__} in the file's structure") from exc


def check_complete(path: Path) -> None:
    """Refuse a PDF that ends too early (ISO 32000-1, 7.5.5: the last line is %%EOF).

    Raises:
        Rejected: FILE_TRUNCATED.
    """
    with path.open("rb") as stream:
        head = stream.read(_TAIL)
        size = stream.seek(0, 2)
        stream.seek(max(0, size - _TAIL))
        tail = stream.read().rstrip(b"\0 \t\r\n")
    if b"%%EOF" not in tail or b"startxref" not in tail:
        raise Rejected(Code.FILE_TRUNCATED, "no end of file mark")
    linearized = _LINEARIZED.search(head)
    if linearized and int(linearized[1]) > size:
        raise Rejected(Code.FILE_TRUNCATED, f"{size} bytes of {int(linearized[1])}")


class _Dictionaries(PdfReader):
    """pypdf without the data of streams: it keeps all it ever read, and the pictures of a long file do not fit."""

    def cache_indirect_object(self, generation: int, idnum: int, obj: PdfObject | None) -> PdfObject | None:
        """Keep a parsed object, a stream of page content as its dictionary alone."""
        if isinstance(obj, StreamObject) and obj.get("/Type") not in _STRUCTURE:
            StreamObject.set_data(obj, b"")
        return super().cache_indirect_object(generation, idnum, obj)


class PdfStructure:
    """The dictionaries of a PDF as pypdf reads them.

    Raises:
        Rejected: PDF_ENCRYPTED when a password is needed to open it (a file that only restricts what may be done
            with it opens with the empty one and passes), PDF_DAMAGED, PDF_NO_PAGES, TOO_MANY_PAGES.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._stream = path.open("rb")
        with damaged_pdf():
            self._reader = _Dictionaries(self._stream, strict=False)
            if self._reader.is_encrypted and not self._reader.decrypt(""):
                raise Rejected(Code.PDF_ENCRYPTED)
            root = _resolved(self._reader.trailer["/Root"])
            self.pages: list[DictionaryObject] = list(self._leaves(root["/Pages"]))
        if not self.pages:
            raise Rejected(Code.PDF_NO_PAGES)

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()

    def is_signed(self) -> bool:
        """Return whether the file carries a signature or document time stamp, whatever it is worth.

        A filled signature field counts, a signature flag without any field to check it against counts, and so does
        a bare ByteRange anywhere in the bytes: a signature that somebody detached from its form is still evidence.
        """
        if self._has_byte_range():
            return True
        with damaged_pdf():
            form = _resolved(_resolved(self._reader.trailer["/Root"]).get("/AcroForm"))
            if not isinstance(form, DictionaryObject):
                return False
            fields = list(self._signature_fields(form.get("/Fields"), 0, set()))
            if any(fields):
                return True
            flags = _resolved(form.get("/SigFlags", 0))
            return not fields and isinstance(flags, int) and bool(flags & _SIGNATURES_EXIST)

    def _has_byte_range(self) -> bool:
        rest = b""
        self._stream.seek(0)
        while chunk := self._stream.read(CHUNK):
            window = rest + chunk
            if _BYTE_RANGE.search(window):
                return True
            begun = _BEGUN.search(window)
            # White space may fill any number of chunks; only the name before it is carried on.
            rest = begun[1] if begun else window[-_LONGEST_NAME:]
        return False

    def _signature_fields(self, entries: object, depth: int, seen: set[int]) -> Iterator[bool]:
        """Yield for each signature field whether it has a value."""
        entries = _resolved(entries)
        if not isinstance(entries, ArrayObject) or depth > self._limits.max_nesting:
            return
        for entry in entries:
            field = _resolved(entry)
            if not isinstance(field, DictionaryObject) or id(field) in seen:
                continue
            seen.add(id(field))
            if _resolved(field.get("/FT")) == "/Sig":
                yield _resolved(field.get("/V")) is not None
            yield from self._signature_fields(field.get("/Kids"), depth + 1, seen)

    def _leaves(self, root: object) -> Iterator[DictionaryObject]:
        """Yield the page dictionaries in order, inherited entries filled in."""
        waiting: list[tuple[object, dict[str, Any], int]] = [(root, {}, 0)]
        seen: set[tuple[int, int]] = set()
        count = 0
        while waiting:
            reference, above, depth = waiting.pop()
            _once(reference, seen)
            node = _resolved(reference)
            if not isinstance(node, DictionaryObject) or depth > self._limits.max_nesting:
                raise Rejected(Code.PDF_DAMAGED, "page tree makes no sense")
            own = above | {key: node[key] for key in _INHERITED if key in node}
            kids = _resolved(node.get("/Kids"))
            if isinstance(kids, ArrayObject):
                waiting.extend((kid, own, depth + 1) for kid in reversed(kids))
                continue
            count += 1
            if count > self._limits.max_pages_per_file:
                raise Rejected(Code.TOO_MANY_PAGES, f"more than {self._limits.max_pages_per_file} pages")
            node.update(own)
            yield node


def resolved(value: object) -> object:
    """Return what an indirect reference points at, or the value itself."""
    return _resolved(value)


def _resolved(value: Any) -> Any:  # noqa: ANN401 - a PDF value can be anything
    return value.get_object() if isinstance(value, IndirectObject) else value


def _once(reference: object, seen: set[tuple[int, int]]) -> None:
    if not isinstance(reference, IndirectObject):
        return
    name = (reference.idnum, reference.generation)
    if name in seen:
        raise Rejected(Code.PDF_DAMAGED, "page tree comes back to itself")
    seen.add(name)
