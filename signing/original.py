"""The PDF that is going to be signed: read by pypdf, refused where an update could not be trusted."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NumberObject, PdfObject

from dossier.errors import Code, Rejected
from signing.layout import PageFrame

if TYPE_CHECKING:
    from collections.abc import Iterator

    from signing.layout import Box

_TAIL = 2048
_END = re.compile(rb"startxref[\r\n\t ]+(\d{1,10})[\r\n\t ]+%%EOF[\r\n\t ]*$")
_MAX_OBJECTS = 8_388_607  # ISO 32000-1 annex C
_MAX_DEPTH = 64
_NO_CHANGES = 1
_INHERITED = ("/MediaBox", "/CropBox", "/Rotate")
PARSE_ERRORS = (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError)


@dataclass(frozen=True, slots=True)
class Original:
    """A PDF ready for an incremental update.

    Attributes:
        reader: pypdf's view of it.
        size: Length in bytes.
        startxref: Offset of its last cross-reference section.
        xref_stream: Whether that section is a stream; the update must be of the same kind.
        next_number: First object number that is free.
        page: Reference of page 1.
        frame: What a viewer shows of page 1.
        signatures: Signatures already in it, document time stamps not counted.
        changed: Objects that an update in the making brings, by number: newer than what the reader gives.
    """

    reader: PdfReader
    size: int
    startxref: int
    xref_stream: bool
    next_number: int
    page: IndirectObject
    frame: PageFrame
    signatures: int
    changed: dict[int, PdfObject] = field(default_factory=dict)

    @property
    def root(self) -> IndirectObject:
        """Reference of the catalog.

        Raises:
            TypeError: The trailer names none.
        """
        found = self.reader.trailer.raw_get("/Root")
        if not isinstance(found, IndirectObject):
            raise TypeError("/Root is not a reference")
        return found

    def resolve(self, value: PdfObject) -> PdfObject | None:
        """Return what a value refers to, or the value itself."""
        if isinstance(value, IndirectObject) and value.idnum in self.changed:
            return self.changed[value.idnum]
        return value.get_object()


def read(stream: BinaryIO) -> Original:
    """Return the PDF in an open file.

    Raises:
        Rejected: PDF_ENCRYPTED; PDF_NO_PAGES; PDF_ALREADY_SIGNED where a certification forbids any change;
            PDF_DAMAGED where it is broken, ends in foreign bytes or has two cross-reference forms at once, which
            readers resolve differently.
    """
    size = stream.seek(0, os.SEEK_END)
    startxref = _startxref(stream, size)
    try:
        reader = PdfReader(stream, strict=True)
        _refuse(reader)
        page, attributes = _first_page(reader)
        return Original(
            reader,
            size,
            startxref,
            _is_stream(stream, startxref),
            _next_number(reader),
            page,
            _frame(attributes, page),
            sum(value.get("/Type") != "/DocTimeStamp" for value in signature_values(reader)),
        )
    except PARSE_ERRORS as exc:
        raise Rejected(Code.PDF_DAMAGED, f"not readable for signing: {type(exc).__name__}") from exc


def form_of(reader: PdfReader) -> DictionaryObject:
    """Return the interactive form, or an empty dictionary."""
    form = reader.root_object.get("/AcroForm", DictionaryObject()).get_object()
    if not isinstance(form, DictionaryObject):
        raise TypeError("/AcroForm is not a dictionary")
    return form


def _startxref(stream: BinaryIO, size: int) -> int:
    stream.seek(max(0, size - _TAIL))
    found = _END.search(stream.read(_TAIL))
    if not found:
        raise Rejected(Code.PDF_DAMAGED, "does not end with startxref and %%EOF")
    return int(found[1])


def _is_stream(stream: BinaryIO, startxref: int) -> bool:
    stream.seek(startxref)
    return not stream.read(4).startswith(b"xref")


def _refuse(reader: PdfReader) -> None:
    if reader.is_encrypted or "/Encrypt" in reader.trailer:
        raise Rejected(Code.PDF_ENCRYPTED)
    if "/XRefStm" in reader.trailer:
        raise Rejected(Code.PDF_DAMAGED, "hybrid cross-reference sections")
    permissions = _dictionary(reader.root_object.get("/Perms"))
    for reference in _array(_dictionary(permissions.get("/DocMDP")).get("/Reference")):
        if _dictionary(_dictionary(reference).get("/TransformParams")).get("/P") == _NO_CHANGES:
            raise Rejected(Code.PDF_ALREADY_SIGNED, "certified: no changes allowed")


def _next_number(reader: PdfReader) -> int:
    used = [number for numbers in reader.xref.values() for number in numbers]
    highest: int = max([_number(reader.trailer["/Size"]) - 1, *used, *reader.xref_objStm])
    if not 0 < highest < _MAX_OBJECTS:
        raise ValueError("object numbers out of range")
    return highest + 1


def _first_page(reader: PdfReader) -> tuple[IndirectObject, dict[str, Any]]:
    start: tuple[PdfObject, dict[str, Any], int] = (reader.root_object.raw_get("/Pages"), {}, 0)
    waiting = [start]
    while waiting:
        reference, inherited, depth = waiting.pop()
        node = _dictionary(reference)
        if depth > _MAX_DEPTH or not isinstance(reference, IndirectObject):
            raise ValueError("page tree too deep or not indirect")
        attributes = inherited | {key: node[key] for key in _INHERITED if key in node}
        if "/Kids" not in node:
            return reference, attributes | {"/UserUnit": node.get("/UserUnit", 1)}
        waiting += [(kid, attributes, depth + 1) for kid in reversed(_array(node["/Kids"]))]
    raise Rejected(Code.PDF_NO_PAGES)


def _frame(attributes: dict[str, Any], page: IndirectObject) -> PageFrame:
    media = _box(attributes["/MediaBox"])
    crop = _box(attributes.get("/CropBox", attributes["/MediaBox"]))
    shown = (max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3]))
    if shown[0] >= shown[2] or shown[1] >= shown[3]:
        shown = media
    rotate, unit = int(attributes.get("/Rotate", 0)) % 360, float(attributes["/UserUnit"])
    if rotate % 90 or unit <= 0 or shown[0] >= shown[2] or shown[1] >= shown[3]:
        raise ValueError("page 1 has no usable geometry")
    annotations = [_dictionary(item) for item in _array(_dictionary(page).get("/Annots"))]
    fields = tuple(_box(item["/Rect"]) for item in annotations if item.get("/Subtype") == "/Widget")
    return PageFrame(shown, rotate, unit, fields)


def _box(value: Any) -> Box:  # noqa: ANN401 - whatever the file says
    left, bottom, right, top = (float(number.get_object()) for number in _array(value))
    return (min(left, right), min(bottom, top), max(left, right), max(bottom, top))


def signature_values(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Yield the signature dictionaries of all signed fields, document time stamps among them, in no certain order."""
    waiting = [(entry, None, 0) for entry in _array(form_of(reader).get("/Fields"))]
    while waiting:
        reference, inherited, depth = waiting.pop()
        node = _dictionary(reference)
        kind = node.get("/FT", inherited)
        if depth > _MAX_DEPTH:
            raise ValueError("form fields too deep")
        waiting += [(kid, kind, depth + 1) for kid in _array(node.get("/Kids"))]
        if kind == "/Sig" and "/V" in node:
            yield _dictionary(node["/V"])


def _number(value: PdfObject) -> int:
    if not isinstance(value, NumberObject):
        raise TypeError("not a number")
    return int(value)


def _dictionary(value: PdfObject | None) -> DictionaryObject:
    found = value.get_object() if value is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _array(value: PdfObject | None) -> ArrayObject:
    found = value.get_object() if value is not None else None
    return found if isinstance(found, ArrayObject) else ArrayObject()
