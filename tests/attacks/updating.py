"""Forgeries in an incremental update, as anybody can append one to a signed file."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

Forge = Callable[[PdfWriter], None]


def updated(data: bytes, change: Forge) -> bytes:
    """Return a file with an update that makes a change."""
    writer = PdfWriter(io.BytesIO(data), incremental=True)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def swap_content(writer: PdfWriter) -> None:
    """Show other words on page 1."""
    writer.pages[0][NameObject("/Contents")] = _add(writer, stream(b"BT /F1 12 Tf 72 500 Td (other words) Tj ET"))


def rewrite_content(writer: PdfWriter) -> None:
    """Show other words in the very object that held the words."""
    writer.pages[0]["/Contents"].get_object().set_data(b"BT /F1 12 Tf 72 500 Td (other words) Tj ET")


def add_page(writer: PdfWriter) -> None:
    """Append a page."""
    writer.add_blank_page(595, 842)


def remove_page(writer: PdfWriter) -> None:
    """Take the last page away."""
    pages = writer.root_object["/Pages"]
    pages["/Kids"].pop()
    pages[NameObject("/Count")] = NumberObject(len(pages["/Kids"]))


def reorder_pages(writer: PdfWriter) -> None:
    """Show the last page first."""
    kids = writer.root_object["/Pages"]["/Kids"]
    kids[:] = kids[::-1]


def resize_page(writer: PdfWriter) -> None:
    """Crop the page so that its words are not seen."""
    writer.pages[0][NameObject("/CropBox")] = _numbers(0, 0, 100, 100)


def overlay_annotation(writer: PdfWriter) -> None:
    """Put a note with a picture of its own over the page."""
    _annotate(writer, _overlay(writer, "/FreeText"))


def stamp_annotation(writer: PdfWriter) -> None:
    """Put a rubber stamp over the page."""
    _annotate(writer, _overlay(writer, "/Stamp"))


def new_field(writer: PdfWriter) -> None:
    """Add a form field that covers the page."""
    widget = _overlay(writer, "/Widget")
    widget.update(
        {
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/T"): TextStringObject("x"),
            NameObject("/F"): NumberObject(4),
        }
    )
    writer.root_object["/AcroForm"]["/Fields"].append(_annotate(writer, widget))


def new_signature_field(writer: PdfWriter) -> None:
    """Add an empty signature field that shows something."""
    widget = _overlay(writer, "/Widget")
    widget.update({NameObject("/FT"): NameObject("/Sig"), NameObject("/T"): TextStringObject("x")})
    writer.root_object["/AcroForm"]["/Fields"].append(_annotate(writer, widget))


def fill_field(writer: PdfWriter) -> None:
    """Write into the text field."""
    _text_field(writer)[NameObject("/V")] = TextStringObject("đã sửa")


def sneaky_fill(writer: PdfWriter) -> None:
    """Give the text field an appearance that covers the page, and a larger place."""
    field = _text_field(writer)
    field[NameObject("/AP")] = _overlay(writer, "/Widget")["/AP"]
    field[NameObject("/Rect")] = _numbers(0, 0, 595, 842)


def fill_and_swap_font(writer: PdfWriter) -> None:
    """Write into the text field, and change how other text looks."""
    fill_field(writer)
    swap_font(writer)


def swap_font(writer: PdfWriter) -> None:
    """Let the font of the page be another."""
    writer.pages[0]["/Resources"]["/Font"]["/F1"][NameObject("/BaseFont")] = NameObject("/Symbol")


def swap_appearance(writer: PdfWriter) -> None:
    """Let the signature's own field show something else."""
    _signature_field(writer)[NameObject("/AP")] = _overlay(writer, "/Widget")["/AP"]


def open_action(writer: PdfWriter) -> None:
    """Run a script when the file is opened."""
    action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)


def attach_file(writer: PdfWriter) -> None:
    """Attach another file."""
    writer.add_attachment("x.txt", b"x")


def change_language(writer: PdfWriter) -> None:
    """Change what the catalogue says of the file."""
    writer.root_object[NameObject("/Lang")] = TextStringObject("en")


def show_layer(writer: PdfWriter) -> None:
    """Shadow attack: show a layer that was hidden when it was signed."""
    properties = writer.root_object["/OCProperties"]
    properties["/D"][NameObject("/ON")] = properties["/OCGs"]
    properties["/D"][NameObject("/OFF")] = ArrayObject()


def hide_picture(writer: PdfWriter) -> None:
    """Shadow attack: empty the picture that hid the words underneath."""
    writer.pages[0]["/Resources"]["/XObject"]["/Cover"].get_object().set_data(b"")


def drop_form(writer: PdfWriter) -> None:
    """Take the form away, and with it every signature field."""
    del writer.root_object["/AcroForm"]


def drop_signature_field(writer: PdfWriter) -> None:
    """Take the signature's field out of the form."""
    fields = writer.root_object["/AcroForm"]["/Fields"]
    reference = _signature_field(writer).indirect_reference
    fields[:] = [each for each in fields if getattr(each, "idnum", None) != reference.idnum]


def drop_signature_value(writer: PdfWriter) -> None:
    """Empty the signature's field."""
    del _signature_field(writer)["/V"]


def second_field(writer: PdfWriter) -> None:
    """Let a second field show the same signature."""
    field = _signature_field(writer)
    copy = DictionaryObject(field)
    copy[NameObject("/T")] = TextStringObject("copy")
    writer.root_object["/AcroForm"]["/Fields"].append(_add(writer, copy))


def drop_certification(writer: PdfWriter) -> None:
    """Take away that the file is certified."""
    del writer.root_object["/Perms"]


def drop_evidence(writer: PdfWriter) -> None:
    """Take the validation data away."""
    del writer.root_object["/DSS"]


def poison_evidence(writer: PdfWriter) -> None:
    """Add revocation data that is none."""
    dss = writer.root_object["/DSS"]
    dss["/CRLs"].append(_add(writer, stream(b"\x30\x03\x02\x01\x05")))
    dss["/OCSPs"].append(_add(writer, stream(b"garbage")))


def signature_entry(key: str, value: PdfObject | None) -> Forge:
    """Return a forgery that gives the signature another entry, or takes it away (universal signature forgery)."""

    def forge(writer: PdfWriter) -> None:
        signature = _signature_field(writer)["/V"]
        if value is None:
            del signature[key]
        else:
            signature[NameObject(key)] = value

    return forge


def no_contents() -> dict[str, Forge]:
    """Return forgeries of the signature's value."""
    values = {"null": NullObject(), "empty": ByteStringObject(b""), "zero": ByteStringObject(b"\0"), "missing": None}
    return {name: signature_entry("/Contents", value) for name, value in values.items()}


def no_byte_range() -> dict[str, Forge]:
    """Return forgeries of the byte range."""
    values: dict[str, PdfObject | None] = {
        "null": NullObject(),
        "missing": None,
        "empty": ArrayObject(),
        "zeros": _numbers(0, 0, 0, 0),
        "negative": _numbers(0, -1, 10, 20),
        "short": _numbers(0, 100),
        "huge": _numbers(0, 1 << 62, 1 << 62, 1 << 62),
        "overlapping": _numbers(0, 1000, 500, 1000),
    }
    return {name: signature_entry("/ByteRange", value) for name, value in values.items()}


def stream(data: bytes) -> DecodedStreamObject:
    """Return a stream."""
    made = DecodedStreamObject()
    made.set_data(data)
    return made


def _add(writer: PdfWriter, value: PdfObject) -> IndirectObject:
    reference: IndirectObject = writer._add_object(value)
    return reference


def _numbers(*values: float) -> ArrayObject:
    return ArrayObject([NumberObject(value) if isinstance(value, int) else FloatObject(value) for value in values])


def _overlay(writer: PdfWriter, subtype: str) -> DictionaryObject:
    form = stream(b"1 g 0 0 595 842 re f")
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): _numbers(0, 0, 595, 842),
        }
    )
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject(subtype),
            NameObject("/Rect"): _numbers(0, 0, 595, 842),
            NameObject("/F"): NumberObject(4),
            NameObject("/AP"): DictionaryObject({NameObject("/N"): _add(writer, form)}),
        }
    )


def _annotate(writer: PdfWriter, annotation: DictionaryObject) -> IndirectObject:
    reference = _add(writer, annotation)
    page = writer.pages[0]
    if "/Annots" not in page:
        page[NameObject("/Annots")] = ArrayObject()
    page["/Annots"].append(reference)
    return reference


def _fields(writer: PdfWriter) -> list[Any]:
    return [each.get_object() for each in writer.root_object["/AcroForm"]["/Fields"]]


def _text_field(writer: PdfWriter) -> Any:  # noqa: ANN401 - a dictionary of pypdf's
    return next(each for each in _fields(writer) if each.get("/FT") == "/Tx")


def _signature_field(writer: PdfWriter) -> Any:  # noqa: ANN401 - a dictionary of pypdf's
    return next(each for each in _fields(writer) if each.get("/FT") == "/Sig")
