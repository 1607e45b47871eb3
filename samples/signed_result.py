"""Signs the born-digital result with a development key, as an office's software would before handing it out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path


def sign_in_place(path: Path, pki: Path) -> None:
    """Replace a PDF by itself with one signature, level B-T, by the development key in folder `pki`.

    Raises:
        dossier.errors.Rejected: The PDF cannot be signed.
        dossier.errors.Unavailable: The key folder cannot be read or written.
    """
    from signing.development_pki import ensure_development_pki  # noqa: PLC0415 - slow, and only needed when asked for
    from signing.port import Appearance  # noqa: PLC0415
    from signing.seal import sign_pdf  # noqa: PLC0415

    keys = ensure_development_pki(pki)
    signed = path.with_suffix(".signed")
    appearance = Appearance(form="KẾT QUẢ ĐIỆN TỬ", agency="UBND phường Tân Hòa Thượng", development=True)
    sign_pdf(path, signed, signer=keys.signer, tsa=keys.tsa, appearance=appearance, at=datetime.now(UTC))
    signed.replace(path)
