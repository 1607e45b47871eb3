"""PDF files to sign, as scanners, offices and attackers give them, and ways of spoiling a signed one."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject, TextStringObject

if TYPE_CHECKING:
    from collections.abc import Sequence

A4 = (595, 842)


def blank(pages: int = 2) -> pikepdf.Pdf:
    """Return a document with a line of text on each page."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name("/Times-Roman"))
    )
    for number in range(pages):
        page = pdf.add_blank_page(page_size=A4)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = pdf.make_stream(b"BT /F1 12 Tf 72 500 Td (page %d) Tj ET" % (number + 1))
    return pdf


def classic(path: Path) -> None:
    """Write a cross-reference table."""
    blank().save(path, object_stream_mode=pikepdf.ObjectStreamMode.disable)


def xref_stream(path: Path) -> None:
    """Write object streams and a cross-reference stream."""
    blank().save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def linearized(path: Path) -> None:
    """Write the form for the web, with two cross-reference sections."""
    blank().save(path, linearize=True)


def linearized_stream(path: Path) -> None:
    """Write the same with streams."""
    blank().save(path, linearize=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def with_form(path: Path) -> None:
    """Write a form with a text field, all of it behind references."""
    pdf = blank()
    field = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            T=pikepdf.String("ghi chú"),
            V=pikepdf.String(""),
            Rect=[72, 600, 200, 620],
        )
    )
    pdf.pages[0].Annots = pdf.make_indirect(pikepdf.Array([field]))
    fields = pdf.make_indirect(pikepdf.Array([field]))
    pdf.Root.AcroForm = pdf.make_indirect(pikepdf.Dictionary(Fields=fields))
    pdf.save(path)


def direct_form(path: Path) -> None:
    """Write an empty form that stands in the catalogue itself, and a link on page 1."""
    pdf = blank()
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[10, 10, 50, 50])
    pdf.pages[0].Annots = pikepdf.Array([link])
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array())
    pdf.save(path)


def inherited(path: Path) -> None:
    """Write a page tree whose first node is empty and whose page inherits size and rotation."""
    pdf = blank()
    for page in pdf.pages:
        del page.MediaBox
    pages = pdf.Root.Pages
    pages.MediaBox, pages.Rotate = pikepdf.Array([0, 0, *A4]), 90
    empty = pdf.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.Pages, Kids=pikepdf.Array(), Count=0, Parent=pages, Rotate=180)
    )
    pages.Kids.insert(0, empty)
    pdf.save(path)


def turned(rotate: int) -> Callable[[Path], None]:
    """Return a writer of a page that is shown turned."""

    def write(path: Path) -> None:
        pdf = blank(1)
        pdf.pages[0].Rotate = rotate
        pdf.save(path)

    return write


def cropped(path: Path) -> None:
    """Write a turned page of which a part is shown, the box written backwards."""
    pdf = blank(1)
    pdf.pages[0].Rotate = 270
    pdf.pages[0].CropBox = pikepdf.Array([500, 700, 100.5, 200])
    pdf.save(path)


def tiny(path: Path) -> None:
    """Write a page smaller than the visible text."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(120, 60))
    pdf.save(path)


INPUTS: dict[str, Callable[[Path], None]] = {
    "classic": classic,
    "xref stream": xref_stream,
    "linearized": linearized,
    "linearized stream": linearized_stream,
    "form": with_form,
    "direct form": direct_form,
    "inherited": inherited,
    "cropped": cropped,
    "tiny": tiny,
}


def encrypted(path: Path) -> None:
    """Write a file that opens without a password and is encrypted all the same."""
    blank().save(path, encryption=pikepdf.Encryption(owner="owner", user=""))


def hybrid(path: Path) -> None:
    """Write a table whose trailer points to a cross-reference stream besides."""
    classic(path)
    data = path.read_bytes()
    reader = PdfReader(io.BytesIO(data))
    number, place = int(reader.trailer["/Size"]), len(data)
    body = b"%d 0 obj\n<< /Type /XRef /W [1 4 1] /Index [%d 1] /Size %d /Length 6 >>\nstream\n" % (
        number,
        number,
        number + 1,
    )
    body += b"\x01" + place.to_bytes(4, "big") + b"\x00\nendstream\nendobj\n"
    table = place + len(body)
    body += b"xref\n%d 1\n%010d 00000 n\r\ntrailer\n" % (number, place)
    root = reader.trailer.raw_get("/Root")
    previous = int(data.rsplit(b"startxref", 1)[1].split()[0])
    body += b"<< /Size %d /Root %d 0 R /Prev %d /XRefStm %d >>\nstartxref\n%d\n%%%%EOF\n" % (
        number + 1,
        root.idnum,
        previous,
        place,
        table,
    )
    path.write_bytes(data + body)


def certified_final(path: Path) -> None:
    """Write a certification that forbids any change; whether it is genuine does not matter here."""
    pdf = blank()
    parameters = pikepdf.Dictionary(Type=pikepdf.Name.TransformParams, P=1)
    reference = pikepdf.Dictionary(TransformMethod=pikepdf.Name.DocMDP, TransformParams=parameters)
    signature = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Sig, Reference=pikepdf.Array([reference])))
    pdf.Root.Perms = pikepdf.Dictionary(DocMDP=signature)
    pdf.save(path)


def updated(path: Path, change: Callable[[PdfWriter], None]) -> None:
    """Append an incremental update, as a forger would."""
    writer = PdfWriter(path, incremental=True)
    change(writer)
    with path.open("wb") as out:
        writer.write(out)


def swap_content(writer: PdfWriter) -> None:
    """Show other words on page 1."""
    stream = DecodedStreamObject()
    stream.set_data(b"BT /F1 12 Tf 72 500 Td (another page) Tj ET")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)


def drop_form(writer: PdfWriter) -> None:
    """Take the form away, and with it every signature field."""
    del writer.root_object["/AcroForm"]


def fill_field(writer: PdfWriter) -> None:
    """Write into the text field."""
    for field in writer.root_object["/AcroForm"]["/Fields"]:
        if field.get_object().get("/FT") == "/Tx":
            field.get_object()[NameObject("/V")] = TextStringObject("đã sửa")


def add_page(writer: PdfWriter) -> None:
    """Append a page."""
    writer.add_blank_page(*A4)


def set_title(writer: PdfWriter) -> None:
    """Change what the file says of itself."""
    writer.root_object[NameObject("/Lang")] = TextStringObject("en")


ATTACKS: Sequence[Callable[[PdfWriter], None]] = (swap_content, drop_form, fill_field, add_page, set_title)
