"""An incremental update: changed and new objects, the cross-reference section, and the gap for the signature."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

if TYPE_CHECKING:
    from pypdf._utils import StreamType

    from signing.original import Original

_RANGE = b"[0 %010d %010d %010d]"


class Gap(PdfObject):
    """A value that is known only when the update is written; it remembers where it stands."""

    def __init__(self, placeholder: bytes) -> None:
        self.placeholder = placeholder
        self.begin = 0

    @property
    def end(self) -> int:
        """Offset behind the value."""
        return self.begin + len(self.placeholder)

    def write_to_stream(self, stream: StreamType, encryption_key: str | bytes | None = None) -> None:  # noqa: ARG002
        """Write the placeholder as it is."""
        self.begin = stream.tell()
        stream.write(self.placeholder)


@dataclass(frozen=True, slots=True)
class Draft:
    """An update whose signature is still a row of zeros.

    Attributes:
        body: The bytes to append to the original.
        gap: Where in `body` the hex string with its angle brackets begins and ends; (0, 0) where nothing is signed.
        startxref: Offset of its cross-reference section in the whole file.
        next_number: First object number that is free after it.
    """

    body: bytearray
    gap: tuple[int, int]
    startxref: int
    next_number: int

    def signed_parts(self) -> tuple[memoryview, memoryview]:
        """Return the parts of the body that the signature covers."""
        view = memoryview(self.body)
        return view[: self.gap[0]], view[self.gap[1] :]

    def fits(self, signature: bytes) -> bool:
        """Return whether a signature has room in the gap."""
        return 2 * len(signature) <= self.gap[1] - self.gap[0] - 2

    def fill(self, signature: bytes) -> None:
        """Put the signature into the gap."""
        room = self.gap[1] - self.gap[0] - 2
        self.body[self.gap[0] + 1 : self.gap[1] - 1] = signature.hex().encode().ljust(room, b"0")


@dataclass(slots=True)
class Update:
    """Objects that replace or join those of an original.

    Attributes:
        original: The PDF that is updated; it is not changed.
        contents: The /Contents of the signature dictionary, which one of the objects must hold; None where the
            update brings no signature.
        byte_range: Its /ByteRange, likewise.
    """

    original: Original
    contents: Gap | None = None
    byte_range: Gap = field(default_factory=lambda: Gap(_RANGE % (0, 0, 0)))
    _objects: dict[int, tuple[int, PdfObject]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether it changes nothing so far."""
        return not self._objects

    def add(self, value: PdfObject) -> IndirectObject:
        """Take in a new object and return its reference."""
        number = self.original.next_number + sum(n >= self.original.next_number for n in self._objects)
        self._objects[number] = (0, value)
        return IndirectObject(number, 0, self.original.reader)

    def replace(self, reference: IndirectObject, value: PdfObject) -> None:
        """Write a changed object under its old number."""
        self._objects[reference.idnum] = (reference.generation, value)

    def current(self, reference: IndirectObject) -> DictionaryObject:
        """Return a copy of a dictionary of the original, or what this update already made of it."""
        changed = self._objects.get(reference.idnum)
        found = changed[1] if changed else self.original.resolve(reference)
        if not isinstance(found, DictionaryObject):
            raise TypeError(f"object {reference.idnum} is not a dictionary")
        return DictionaryObject(found)

    def append(self, holder: DictionaryObject, key: str, item: PdfObject) -> None:
        """Append to an array of a dictionary; an array with a number of its own is written under that number.

        Dictionaries that stand in the array itself get numbers: validators compare revisions by them.
        """
        value = holder.raw_get(key) if key in holder else ArrayObject()
        array = self.original.resolve(value)
        if not isinstance(array, ArrayObject):
            raise TypeError(f"{key} is not an array")
        kept = [self.add(one) if isinstance(one, DictionaryObject) else one for one in array]
        longer = ArrayObject([*kept, item])
        if isinstance(value, IndirectObject):
            self.replace(value, longer)
        else:
            holder[NameObject(key)] = longer

    def applied(self, draft: Draft) -> Original:
        """Return the file as it is with this update behind it, for the next one."""
        changed = self.original.changed | {number: value for number, (_, value) in self._objects.items()}
        return replace(
            self.original,
            size=self.original.size + len(draft.body),
            startxref=draft.startxref,
            next_number=draft.next_number,
            changed=changed,
        )

    def draft(self) -> Draft:
        """Return the bytes of the update, with /ByteRange already right."""
        start = self.original.size
        out = io.BytesIO()
        out.write(b"\n")
        places: dict[int, tuple[int, int]] = {}
        for number, (generation, value) in sorted(self._objects.items()):
            places[number] = (start + out.tell(), generation)
            out.write(b"%d %d obj\n" % (number, generation))
            value.write_to_stream(out)
            out.write(b"\nendobj\n")
        section = start + out.tell()
        if self.original.xref_stream:
            self._stream_section(out, places, section)
        else:
            self._table_section(out, places)
        out.write(b"\nstartxref\n%d\n%%%%EOF\n" % section)
        body = bytearray(out.getvalue())
        next_number = max(max(places) + 1, self.original.next_number)
        if self.contents is None:
            return Draft(body, (0, 0), section, next_number)
        begin, end = self.contents.begin, self.contents.end
        body[self.byte_range.begin : self.byte_range.end] = _RANGE % (start + begin, start + end, len(body) - end)
        return Draft(body, (begin, end), section, next_number)

    def _trailer(self, target: DictionaryObject, last_number: int, written: bytes) -> None:
        trailer = self.original.reader.trailer
        target[NameObject("/Size")] = NumberObject(max(last_number + 1, self.original.next_number))
        target[NameObject("/Prev")] = NumberObject(self.original.startxref)
        target[NameObject("/Root")] = trailer.raw_get("/Root")
        if "/Info" in trailer:
            target[NameObject("/Info")] = trailer.raw_get("/Info")
        target[NameObject("/ID")] = self._identifier(written)

    def _identifier(self, written: bytes) -> ArrayObject:
        fresh = ByteStringObject(hashlib.sha256(written).digest()[:16])
        known = self.original.reader.trailer.get("/ID")
        first = known.get_object()[0] if known is not None else fresh
        return ArrayObject([ByteStringObject(first.original_bytes), fresh])

    def _table_section(self, out: io.BytesIO, places: dict[int, tuple[int, int]]) -> None:
        out.write(b"xref\n0 1\n0000000000 65535 f\r\n")
        for first, run in _runs(places):
            out.write(b"%d %d\n" % (first, len(run)))
            out.write(b"".join(b"%010d %05d n\r\n" % places[number] for number in run))
        trailer = DictionaryObject()
        self._trailer(trailer, max(places), out.getvalue())
        out.write(b"trailer\n")
        trailer.write_to_stream(out)

    def _stream_section(self, out: io.BytesIO, places: dict[int, tuple[int, int]], section: int) -> None:
        number = max(max(places) + 1, self.original.next_number)
        places[number] = (section, 0)
        stream = StreamObject()
        self._trailer(stream, number, out.getvalue())
        runs = _runs(places)
        stream[NameObject("/Type")] = NameObject("/XRef")
        stream[NameObject("/W")] = ArrayObject(NumberObject(width) for width in (1, 5, 2))
        stream[NameObject("/Index")] = ArrayObject(
            NumberObject(value) for first, run in runs for value in (first, len(run))
        )
        stream.set_data(
            b"".join(
                b"\x01" + places[number][0].to_bytes(5, "big") + places[number][1].to_bytes(2, "big")
                for _, run in runs
                for number in run
            )
        )
        out.write(b"%d 0 obj\n" % number)
        stream.write_to_stream(out)
        out.write(b"\nendobj")


def _runs(places: dict[int, tuple[int, int]]) -> list[tuple[int, list[int]]]:
    runs: list[tuple[int, list[int]]] = []
    for number in sorted(places):
        if runs and runs[-1][1][-1] == number - 1:
            runs[-1][1].append(number)
        else:
            runs.append((number, [number]))
    return runs
