"""Files whose signer himself cheats: byte ranges with holes, messages that bind nothing."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import Callable, Sequence

from asn1crypto import cms
from pypdf import PdfReader

from tests.attacks import sources
from tests.pki.world import SIGNED, Stamper, signer_of, world

Ranges = Callable[[int, int, int], Sequence[int]]
"""From begin and end of the gap and the file's size to the numbers of a byte range."""

_RESERVED = 16_000
_RANGE_WIDTH = 60

RANGES: dict[str, Ranges] = {
    "hole before the signature": lambda begin, end, size: (0, begin - 40, end, size - end),
    "hole behind the signature": lambda begin, end, size: (0, begin, end + 20, size - end - 20),
    "not from the start": lambda begin, end, size: (9, begin - 9, end, size - end),
    "not to the end": lambda begin, end, size: (0, begin, end, size - end - 30),
    "overlapping": lambda begin, _end, _size: (0, begin, begin - 40, 40),
    "overlapping, length as if whole": lambda begin, end, size: (0, begin, 100, size - end),
    "six numbers": lambda begin, end, size: (0, 100, 100, begin - 100, end, size - end),
    "first part alone": lambda begin, end, _size: (0, begin, end, 0),
}


def whole(begin: int, end: int, size: int) -> Sequence[int]:
    """Return the range as it must be."""
    return 0, begin, end, size - end


def crafted(ranges: Ranges, attributes: Sequence[str] = ()) -> bytes:
    """Return a file signed over a byte range of our choosing; `attributes` are left out of the signed ones."""
    draft, range_at, begin = _draft(sources.form())
    end = begin + 2 * _RESERVED + 2
    numbers = ranges(begin, end, len(draft))
    text = b"[" + b" ".join(b"%d" % number for number in numbers) + b"]"
    draft = draft[:range_at] + text.ljust(_RANGE_WIDTH) + draft[range_at + _RANGE_WIDTH :]
    covered = b"".join(draft[start : start + length] for start, length in zip(numbers[::2], numbers[1::2], strict=True))
    message = _message(covered, attributes).dump().hex().encode()
    return draft[: begin + 1] + message.ljust(2 * _RESERVED, b"0") + draft[end - 1 :]


def _message(covered: bytes, left_out: Sequence[str]) -> cms.ContentInfo:
    signer, stamper = signer_of(world().party("ec")), Stamper(world().party("tsa"), SIGNED)
    digest = hashlib.sha256(covered).digest()

    async def make() -> cms.ContentInfo:
        attributes = await signer.signed_attrs(digest, "sha256", use_pades=True)
        kept = cms.CMSAttributes([each for each in attributes if each["type"].native not in left_out])
        return await signer.async_sign_prescribed_attributes("sha256", kept, timestamper=stamper)

    return asyncio.run(make())


def _draft(data: bytes) -> tuple[bytes, int, int]:
    """Return a file with an empty signature, and where its byte range and its value stand."""
    reader = PdfReader(io.BytesIO(data))
    size, root = int(reader.trailer["/Size"]), reader.trailer.raw_get("/Root").idnum
    pages = reader.trailer["/Root"].raw_get("/Pages").idnum
    out, places = bytearray(data), {}
    places[size] = len(out)
    out += b"%d 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange " % size
    range_at = len(out)
    out += b" " * _RANGE_WIDTH + b" /Contents "
    begin = len(out)
    out += b"<" + b"0" * (2 * _RESERVED) + b"> >>\nendobj\n"
    places[size + 1] = len(out)
    field = b"<< /FT /Sig /T (Signature1) /V %d 0 R /Type /Annot /Subtype /Widget /Rect [0 0 0 0] >>" % size
    out += b"%d 0 obj\n%s\nendobj\n" % (size + 1, field)
    places[root] = len(out)
    form = b"/AcroForm << /SigFlags 3 /Fields [%d 0 R] >>" % (size + 1)
    out += b"%d 0 obj\n<< /Type /Catalog /Pages %d 0 R %s >>\nendobj\n" % (root, pages, form)
    table = len(out)
    out += b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % (number, places[number]) for number in sorted(places))
    previous = int(data.rsplit(b"startxref", 1)[1].split()[0])
    out += b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\n" % (size + 2, root, previous)
    out += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(out), range_at, begin
