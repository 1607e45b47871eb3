"""Signatures are seen before anything is written, in whatever way a file carries them."""

from pathlib import Path

import pytest

from ingest.limits import Limits
from ingest.sniff import PDF
from ingest.take import inspect
from tests.bad_input import pdf

SIGNATURE = b"<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 10 20 30] /Contents <00> >>"
BARE = b"<< /Type /Sig /Filter /Adobe.PPKLite /Contents <00> >>"
FIELD = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (s) /Rect [0 0 0 0] %s >>"


def form_pdf(form: bytes, field: bytes, value: bytes) -> bytes:
    """Return a PDF of one page with a form."""
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm %s >>" % form,
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>",
            4: field,
            5: value,
        }
    )


@pytest.mark.parametrize(
    ("form", "field", "value", "signed"),
    [
        (b"<< /Fields [4 0 R] /SigFlags 3 >>", FIELD % b"/V 5 0 R", SIGNATURE, True),
        (b"<< /Fields [4 0 R] >>", FIELD % b"/V 5 0 R", BARE, True),
        (b"<< /Fields [4 0 R] >>", FIELD % b"/V 5 0 R", BARE.replace(b"/Sig ", b"/DocTimeStamp "), True),
        (b"<< /Fields [<< /T (up) /Kids [4 0 R] >>] >>", FIELD % b"/V 5 0 R", BARE, True),
        (b"<< /Fields [] /SigFlags 3 >>", b"null", b"null", True),
        (b"null", b"null", SIGNATURE, True),
        (b"<< /Fields [4 0 R] /SigFlags 1 >>", FIELD % b"", b"null", False),
        (b"<< /Fields [4 0 R] >>", b"<< /FT /Tx /T (name) /V (An) >>", b"null", False),
        (b"<< /Fields [4 0 R] >>", b"<< /FT /Tx /T (loop) /Kids [4 0 R] >>", b"null", False),
        (b"null", b"null", b"null", False),
    ],
    ids=["usual", "no byte range", "time stamp", "nested", "flag only", "loose", "empty field", "text", "loop", "none"],
)
def test_signature_is_seen(form: bytes, field: bytes, value: bytes, tmp_path: Path, *, signed: bool) -> None:
    """A filled signature field, a bare byte range or an uncheckable flag counts; an empty field does not."""
    path = tmp_path / "a.pdf"
    path.write_bytes(form_pdf(form, field, value))
    assert inspect(path, PDF, Limits()).signed == signed
