"""Papers that are signed in good faith before they are attacked; some were prepared by the attacker."""

from __future__ import annotations

import io

import pikepdf
from pikepdf import Array, Dictionary, Name

from tests.integration.signing.documents import blank


def form() -> bytes:
    """Return a paper of two pages with a text field."""
    pdf = blank()
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=pikepdf.String("ghi chú"),
            V=pikepdf.String(""),
            Rect=[72, 600, 200, 620],
        )
    )
    pdf.pages[0].Annots = pdf.make_indirect(Array([field]))
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=pdf.make_indirect(Array([field]))))
    return _saved(pdf)


def layered() -> bytes:
    """Return a paper with a layer that is hidden, and a picture that covers words."""
    pdf = blank()
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=pikepdf.String("x")))
    pdf.Root.OCProperties = pdf.make_indirect(
        Dictionary(OCGs=Array([group]), D=pdf.make_indirect(Dictionary(OFF=Array([group]), ON=Array())))
    )
    page = pdf.pages[0]
    cover = pdf.make_stream(b"1 g 0 0 595 842 re f")
    cover.Type, cover.Subtype, cover.BBox = Name.XObject, Name.Form, Array([0, 0, 595, 842])
    page.Resources.XObject = Dictionary(Cover=cover)
    page.Resources.Properties = Dictionary(L=group)
    page.Contents = pdf.make_stream(
        b"BT /F1 12 Tf 72 500 Td (hidden words) Tj ET /Cover Do /OC /L BDC BT /F1 12 Tf 72 400 Td (layer) Tj ET EMC"
    )
    return _saved(pdf)


def doubled() -> bytes:
    """Return a paper that holds a second version of its first page's content, to be pointed to later."""
    pdf = blank()
    pdf.Root.Spare = pdf.make_stream(b"BT /F1 12 Tf 72 500 Td (other words) Tj ET")
    return _saved(pdf)


def packed() -> bytes:
    """Return a paper with object streams and a cross-reference stream."""
    out = io.BytesIO()
    blank().save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def linearized() -> bytes:
    """Return a paper in the form for the web."""
    out = io.BytesIO()
    blank().save(out, linearize=True)
    return out.getvalue()


def _saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    return out.getvalue()
