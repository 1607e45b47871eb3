"""Forgeries that write bytes themselves, past any library: cross-references, gaps, wrapping, exhaustion."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from typing import Any

from asn1crypto import cms
from pypdf import PdfReader

Change = Callable[[bytes], bytes]

_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
_CONTENT = re.compile(rb"\(page 1\)")


def gap_of(data: bytes, which: int = -1) -> tuple[int, int]:
    """Return where the hex string of a signature begins and ends; the newest without `which`."""
    found = _RANGE.findall(data)[which]
    return int(found[0]), int(found[1])


def flipped(data: bytes, place: int, bit: int = 0) -> bytes:
    """Return a file with one bit turned."""
    return data[:place] + bytes([data[place] ^ 1 << bit]) + data[place + 1 :]


def trailing(junk: bytes) -> Change:
    """Return a forgery that appends bytes."""
    return lambda data: data + junk


def leading(junk: bytes) -> Change:
    """Return a forgery that puts bytes in front."""
    return lambda data: junk + data


def edit_words(data: bytes) -> bytes:
    """Change words that are signed, in place."""
    return _CONTENT.sub(b"(page 9)", data, count=1)


def edit_gap(data: bytes) -> bytes:
    """Write into the padding of the signature."""
    end = gap_of(data)[1]
    return data[: end - 5] + b"41" + data[end - 3 :]


def other_case(data: bytes) -> bytes:
    """Write one letter of the signature's hex string as a capital, or small: the value stays the same."""
    begin, _ = gap_of(data)
    place = next(place for place in range(begin + 1, len(data)) if chr(data[place]).isalpha())
    return flipped(data, place, 5)


def widen_gap(data: bytes) -> bytes:
    """Let the byte range leave out more than the signature."""
    return _with_numbers(data, lambda before, after, length: (before, after + 16, length - 16))


def overlap_ranges(data: bytes) -> bytes:
    """Let the second range begin inside the first."""
    return _with_numbers(data, lambda before, _after, length: (before, before - 32, length))


def shorten_range(data: bytes) -> bytes:
    """Let the byte range end before the file does."""
    return _with_numbers(data, lambda before, after, length: (before, after, length - 7))


def wrap(data: bytes) -> bytes:
    """Signature wrapping: other objects in the gap, the signed rest behind them, a second byte range that says so."""
    begin, end = gap_of(data)
    evil = b"\n99 0 obj\n<< /Evil true >>\nendobj\n"
    second = b" /ByteRange [0 %d %010d %d] " % (begin, 0, len(data) - end)
    moved = end + len(second) + len(evil)
    second = second.replace(b"%010d" % 0, b"%010d" % moved)
    return data[:end] + second + evil + data[end:]


def bare_objects(data: bytes) -> bytes:
    """Incremental saving: new objects without a cross-reference table."""
    number = _content_number(data)
    return data + b"\n%d 0 obj\n<< /Length 2 >>\nstream\nq \nendstream\nendobj\n" % number


def no_trailer(data: bytes) -> bytes:
    """Incremental saving: a table without a trailer."""
    place = len(data) + 1
    return bare_objects(data) + b"xref\n%d 1\n%010d 00000 n \nstartxref\n%d\n%%%%EOF\n" % (
        _content_number(data),
        place,
        place + 60,
    )


def point_content_elsewhere(data: bytes) -> bytes:
    """Shadow attack: the table of an update points a signed object to another that was signed as well."""
    reader = PdfReader(io.BytesIO(data))
    spare = reader.trailer["/Root"].raw_get("/Spare")
    place = reader.xref[0][spare.idnum]
    return with_table(data, _content_number(data), b"%010d 00000 n \n" % place)


def free_content(data: bytes) -> bytes:
    """Mark the content of page 1 as free."""
    return with_table(data, _content_number(data), b"0000000000 00001 f \n")


def packed_override(data: bytes) -> bytes:
    """Put a new catalogue into an object stream of an update."""
    reader = PdfReader(io.BytesIO(data))
    root = reader.trailer.raw_get("/Root").idnum
    size = int(reader.trailer["/Size"])
    inner = b"%d 0 << /Type /Catalog /Pages %d 0 R >>" % (root, reader.trailer["/Root"].raw_get("/Pages").idnum)
    place = len(data)
    body = b"%d 0 obj\n<< /Type /ObjStm /N 1 /First %d /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (
        size,
        len(b"%d 0 " % root),
        len(inner),
        inner,
    )
    table = place + len(body)
    rows = b"\x02" + size.to_bytes(4, "big") + b"\x00" + b"\x01" + place.to_bytes(4, "big") + b"\x00"
    rows += b"\x01" + table.to_bytes(4, "big") + b"\x00"
    entries = b"/Type /XRef /W [1 4 1] /Index [%d 1 %d 2] /Size %d /Root %d 0 R /Prev %d /Length %d" % (
        root,
        size,
        size + 2,
        root,
        _start(data),
        len(rows),
    )
    body += b"%d 0 obj\n<< %s >>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        size + 1,
        entries,
        rows,
        table,
    )
    return data + body


def claim_encryption(data: bytes) -> bytes:
    """Say in an update that the file is encrypted."""
    return with_table(data, 0, b"0000000000 65535 f \n", b"/Encrypt << /Filter /Standard /V 1 /R 2 >>")


def loop_of_tables(data: bytes) -> bytes:
    """Let the newest table be its own predecessor."""
    made = with_table(data, 0, b"0000000000 65535 f \n")
    return made.replace(b"/Prev %d >>" % _start(data), b"/Prev %d >>" % _start(made))


def giant_table(data: bytes) -> bytes:
    """Announce two billion objects."""
    return with_table(data, 0, b"0000000000 65535 f \n").replace(b"xref\n0 1\n", b"xref\n0 2000000000\n")


def deep_nesting(data: bytes) -> bytes:
    """Give the catalogue an array of arrays of arrays."""
    return with_catalogue(data, b"/Deep " + b"[" * 50_000 + b"]" * 50_000)


def loop_of_pages(data: bytes) -> bytes:
    """Let the page tree hold itself."""
    reader = PdfReader(io.BytesIO(data))
    pages = reader.trailer["/Root"].raw_get("/Pages").idnum
    body = b"<< /Type /Pages /Count 2 /Kids [%d 0 R %d 0 R] >>" % (pages, pages)
    return with_object(data, pages, body)


def many_fields(data: bytes) -> bytes:
    """Show the signature in a hundred and twenty fields."""
    reader = PdfReader(io.BytesIO(data))
    form = reader.trailer["/Root"]["/AcroForm"]["/Fields"]
    signature = next(each.get_object() for each in form if each.get_object().get("/FT") == "/Sig")
    value = signature.raw_get("/V").idnum
    first = int(reader.trailer["/Size"])
    for number in range(first, first + 120):
        data = with_object(data, number, b"<< /FT /Sig /T (%d) /V %d 0 R >>" % (number, value))
    fields = b" ".join(b"%d 0 R" % number for number in range(first, first + 120))
    return with_catalogue(data, b"/AcroForm << /SigFlags 3 /Fields [%s] >>" % fields)


def bomb(data: bytes) -> bytes:
    """Add validation data that is eight gigabytes of zeros when it is unpacked."""
    inner = zlib.compress(bytes(1 << 26), 9)
    packed = zlib.compress(b"".join([inner] * 1), 9)
    reader = PdfReader(io.BytesIO(data))
    number = int(reader.trailer["/Size"])
    body = b"<< /Filter [/FlateDecode /FlateDecode] /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed)
    return with_catalogue(with_object(data, number, body), b"/DSS << /CRLs [%d 0 R] >>" % number)


def moved(data: bytes, other: bytes) -> bytes:
    """Show the signature of one file in another."""
    begin, end = gap_of(other)
    reader = PdfReader(io.BytesIO(data))
    number = int(reader.trailer["/Size"])
    signature = b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 %d %d %d]" % (
        begin,
        end,
        len(other) - end,
    )
    made = with_object(data, number, signature + b" /Contents " + other[begin:end] + b" >>")
    field = b"<< /FT /Sig /T (Signature1) /V %d 0 R /Type /Annot /Subtype /Widget /Rect [0 0 0 0] >>" % number
    made = with_object(made, number + 1, field)
    return with_catalogue(made, b"/AcroForm << /SigFlags 3 /Fields [%d 0 R] >>" % (number + 1))


def copied_stamp(data: bytes) -> bytes:
    """Show the document time stamp a second time, in an update."""
    begin, end = gap_of(data)
    reader = PdfReader(io.BytesIO(data))
    number = int(reader.trailer["/Size"])
    signature = b"<< /Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 /ByteRange [0 %d %d %d]" % (
        begin,
        end,
        len(data) - end,
    )
    made = with_object(data, number, signature + b" /Contents " + data[begin:end] + b" >>")
    fields = [each.idnum for each in reader.trailer["/Root"]["/AcroForm"]["/Fields"]]
    listed = b" ".join(b"%d 0 R" % each for each in fields)
    field = b"<< /FT /Sig /T (copy) /V %d 0 R /Type /Annot /Subtype /Widget /Rect [0 0 0 0] >>" % number
    made = with_object(made, number + 1, field)
    return with_catalogue(made, b"/AcroForm << /SigFlags 3 /Fields [%s %d 0 R] >>" % (listed, number + 1))


def with_message(data: bytes, edit: Callable[[Any], None]) -> bytes:
    """Return a file whose newest signature was taken apart, changed and put together again."""
    begin, end = gap_of(data)
    info = cms.ContentInfo.load(bytes.fromhex(data[begin + 1 : end - 1].decode()))
    edit(info["content"])
    text = info.dump().hex().encode()
    return data[: begin + 1] + text.ljust(end - begin - 2, b"0") + data[end - 1 :]


def message_of(data: bytes) -> Any:  # noqa: ANN401 - asn1crypto is untyped
    """Return the newest signature's SignedData."""
    begin, end = gap_of(data)
    return cms.ContentInfo.load(bytes.fromhex(data[begin + 1 : end - 1].decode()))["content"]


def _with_numbers(data: bytes, change: Callable[[int, int, int], tuple[int, int, int]]) -> bytes:
    found = list(_RANGE.finditer(data))[-1]
    numbers = change(*(int(number) for number in found.groups()))
    text = b"/ByteRange [0 %d %d %d" % numbers
    return data[: found.start()] + text.ljust(found.end() - found.start() - 1) + b"]" + data[found.end() :]


def _content_number(data: bytes) -> int:
    return int(PdfReader(io.BytesIO(data)).pages[0].raw_get("/Contents").idnum)


def _start(data: bytes) -> int:
    return int(data.rsplit(b"startxref", 1)[1].split()[0])


def with_object(data: bytes, number: int, body: bytes) -> bytes:
    """Return a file with an update that writes one object."""
    place = len(data)
    written = data + b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return with_table(written, number, b"%010d 00000 n \n" % place, previous=_start(data), base=data)


def with_catalogue(data: bytes, entries: bytes) -> bytes:
    """Return a file with an update that gives the catalogue one more entry, or another value for it."""
    reader = PdfReader(io.BytesIO(data))
    root = reader.trailer["/Root"]
    out = io.BytesIO()
    out.write(b"<< ")
    for key, value in root.items():
        if key != entries.split(b" ", 1)[0].decode():
            out.write(key.encode() + b" ")
            raw = root.raw_get(key)
            raw.write_to_stream(out) if hasattr(raw, "write_to_stream") else out.write(str(value).encode())
            out.write(b" ")
    return with_object(data, reader.trailer.raw_get("/Root").idnum, out.getvalue() + entries + b" >>")


def with_table(
    data: bytes, number: int, entry: bytes, more: bytes = b"", *, previous: int | None = None, base: bytes | None = None
) -> bytes:
    """Return a file with one more cross-reference table of one entry."""
    reader = PdfReader(io.BytesIO(base or data))
    place = len(data)
    trailer = b"<< /Size %d /Root %d 0 R %s /Prev %d >>" % (
        max(int(reader.trailer["/Size"]), number + 1),
        reader.trailer.raw_get("/Root").idnum,
        more,
        previous if previous is not None else _start(data),
    )
    return data + b"xref\n%d 1\n%strailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (number, entry, trailer, place)
