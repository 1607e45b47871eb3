"""Files that are to keep a validator busy or fill its memory: large, deep, looped, or all three.

Each takes the number of things there are too many of: a few thousand wound as a million do, and are made in no time.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

from asn1crypto import cms, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pypdf import PdfReader

from tests.attacks import bases, sources, updating
from tests.attacks.rewriting import with_catalogue, with_message, with_object
from tests.pki.issuing import ISSUING, Profile
from tests.pki.world import DAY, NOW, signer_of, world

Wound = Callable[[int], bytes]


def _next_number(data: bytes) -> int:
    return int(PdfReader(io.BytesIO(data)).trailer["/Size"])


def tiny_objects(count: int) -> bytes:
    """Add an array of so many objects that say nothing, each with its entry in the table."""
    data = bases.lta()
    first, places, body = _next_number(data), [], io.BytesIO()
    for number in range(first, first + count):
        places.append(len(data) + body.tell())
        body.write(b"%d 0 obj[]endobj\n" % number)
    start = int(data.rsplit(b"startxref", 1)[1].split()[0])
    root = PdfReader(io.BytesIO(data)).trailer.raw_get("/Root").idnum
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\n" % (first + count, root, start)
    end = len(data) + body.tell()
    made = data + body.getvalue() + b"xref\n%d %d\n" % (first, count) + table + trailer
    made += b"startxref\n%d\n%%%%EOF\n" % end
    return with_catalogue(made, b"/Many [%s]" % b" ".join(b"%d 0 R" % each for each in range(first, first + count)))


def empty_updates(count: int) -> bytes:
    """Add so many updates that change nothing to a file whose words were changed."""
    data = _forged()
    number = _next_number(data)
    root = PdfReader(io.BytesIO(data)).trailer.raw_get("/Root").idnum
    place = int(data.rsplit(b"startxref", 1)[1].split()[0])
    out = bytearray(data)
    for _ in range(count):
        here = len(out)
        out += b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size %d /Root %d 0 R /Prev %d >>\n" % (
            number,
            root,
            place,
        )
        out += b"startxref\n%d\n%%%%EOF\n" % here
        place = here
    return bytes(out)


def many_certificates(count: int) -> bytes:
    """Name one certificate so many times in the document security store of a file whose words were changed."""
    data = _forged()
    number = PdfReader(io.BytesIO(data)).trailer["/Root"]["/DSS"]["/Certs"][0].idnum
    return with_catalogue(data, b"/DSS << /Certs [%s] >>" % (b"%d 0 R " % number * count))


def large_certificate(count: int) -> bytes:
    """Put so many bytes into the document security store that are neither certificate nor list."""
    data = bases.lta()
    number = _next_number(data)
    data = with_object(data, number, b"<< /Length %d >>\nstream\n%s\nendstream" % (count, b"0" * count))
    return with_catalogue(data, b"/DSS << /Certs [%d 0 R] /CRLs [%d 0 R] >>" % (number, number))


def long_byte_range(count: int) -> bytes:
    """Give the last signature so many ranges, in an update."""
    data = bases.lta()
    field = _stamp_field(data)
    number = _next_number(data)
    ranges = b" ".join(b"%d 1" % each for each in range(count))
    made = with_object(
        data,
        number,
        b"<< /Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 /ByteRange [%s] /Contents <3000> >>"
        % ranges,
    )
    body = b"<< /FT /Sig /T (Stamp) /V %d 0 R /Type /Annot /Subtype /Widget /Rect [0 0 0 0] >>" % number
    return with_object(made, field, body)


def crowded_message(count: int) -> bytes:
    """Put so many certificates by an authority of the issuer's name into the message of a signature."""
    stranger = world().stranger.issue("CA", NOW - DAY, NOW + DAY, Profile(ISSUING))
    made = stranger.issue("UBND xã", NOW - DAY, NOW + DAY).der
    copies = [x509.Certificate.load(made) for _ in range(count)]
    for number, each in enumerate(copies):
        each["tbs_certificate"]["serial_number"] = number + 1

    def crowd(signed: cms.SignedData) -> None:
        signed["certificates"] = [
            *signed["certificates"],
            *(cms.CertificateChoices("certificate", each) for each in copies),
        ]

    signer = PdfSigner(
        PdfSignatureMetadata(field_name="Crowd", subfilter=SigSeedSubFilter.PADES), signer_of(world().party("ec"))
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(sources.form()))
    return with_message(bytes(signer.sign_pdf(writer, bytes_reserved=8000 + 2000 * count).getbuffer()), crowd)


def many_filters(count: int) -> bytes:
    """Pack validation data so many times."""
    data = bases.lta()
    packed = b"0"
    for _ in range(min(count, 50)):
        packed = zlib.compress(packed, 1)
    number = _next_number(data)
    body = b"<< /Filter [%s] /Length %d >>\nstream\n%s\nendstream" % (b"/FlateDecode " * count, len(packed), packed)
    return with_catalogue(with_object(data, number, body), b"/DSS << /CRLs [%d 0 R] >>" % number)


def deep_pages(count: int) -> bytes:
    """Hang the pages so deep."""
    data = bases.lta()
    pages = PdfReader(io.BytesIO(data)).trailer["/Root"].raw_get("/Pages").idnum
    first = _next_number(data)
    tree = b"<< /Type /Pages /Count 1 /Kids [" * count + b"]>>" * count
    return with_object(with_object(data, first, tree), pages, b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % first)


def deep_fields(count: int) -> bytes:
    """Hang a signature field so deep in the form."""
    data = bases.lta()
    tree = b"<< /T (a) /Kids [" * count + b"<< /FT /Sig /T (b) >>" + b"]>>" * count
    number = _next_number(data)
    made = with_object(data, number, tree)
    return with_catalogue(made, b"/AcroForm << /SigFlags 3 /Fields [%d 0 R] >>" % number)


def loop_of_fields(count: int) -> bytes:
    """Let so many form fields hold each other."""
    data = bases.lta()
    number = _next_number(data)
    kids = b" ".join(b"%d 0 R" % number for _ in range(count))
    made = with_object(data, number, b"<< /FT /Sig /T (a) /Kids [%s] >>" % kids)
    return with_catalogue(made, b"/AcroForm << /SigFlags 3 /Fields [%d 0 R] >>" % number)


def loop_of_lengths(count: int) -> bytes:
    """Let the length of a stream be so many streams that are as long as it is."""
    data = bases.lta()
    number = _next_number(data)
    made = with_object(data, number, b"<< /Length %d 0 R >>\nstream\n%s\nendstream" % (number, b"0" * count))
    return with_catalogue(made, b"/DSS << /CRLs [%d 0 R] >>" % number)


def bomb_of_objects(count: int) -> bytes:
    """Add an object stream of so many megabytes of zeros, in which the catalogue's newest entry lies."""
    data = bases.lta()
    number = _next_number(data)
    unit = zlib.compress(bytes(1 << 20), 9)
    packed = zlib.compress(unit * count, 9)
    body = b"<< /Type /ObjStm /N 1 /First 10 /Filter [/FlateDecode /FlateDecode] /Length %d >>\nstream\n%s\nendstream"
    made = with_object(data, number, body % (len(packed), packed))
    start = int(made.rsplit(b"startxref", 1)[1].split()[0])
    root = PdfReader(io.BytesIO(data)).trailer.raw_get("/Root").idnum
    entry = b"\x02" + number.to_bytes(4, "big") + b"\x00"
    place = len(made)
    table = (
        b"%d 0 obj\n<< /Type /XRef /W [1 4 1] /Index [%d 1] /Size %d /Root %d 0 R /Prev %d /Length 6 >>\n"
        % (number + 1, root, number + 2, root, start)
        + b"stream\n"
        + entry
        + b"\nendstream\nendobj\n"
    )
    return made + table + b"startxref\n%d\n%%%%EOF\n" % place


WOUNDS: dict[Wound, int] = {
    tiny_objects: 1000,
    empty_updates: 100,
    many_certificates: 1000,
    large_certificate: 100_000,
    long_byte_range: 50_000,
    crowded_message: 30,
    many_filters: 1000,
    deep_pages: 5000,
    deep_fields: 5000,
    loop_of_fields: 1000,
    loop_of_lengths: 1000,
    bomb_of_objects: 50,
}


def _forged() -> bytes:
    return updating.updated(bases.lta(), updating.swap_content)


def _stamp_field(data: bytes) -> int:
    fields = PdfReader(io.BytesIO(data)).trailer["/Root"]["/AcroForm"]["/Fields"]
    return int(next(each.idnum for each in reversed(fields) if "Stamp" in str(each.get_object().get("/T"))))
