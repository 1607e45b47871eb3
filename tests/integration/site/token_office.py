"""An office whose agency signs with a token: dossiers of one unit, and one of another, wait for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from cryptography.hazmat.primitives import hashes

from catalog import Catalogue
from ingest.confined import BoundedTaker
from ingest.limits import Limits
from pipeline.services import DeskPolicy
from registers.reference_data import of_files
from signing.development_pki import DevelopmentPki
from signing.elsewhere import AbsentKey
from signing.verify import Verifier
from tests.fakes.office import Children, PaperOffice, paper_office

CODES = [f"H99.27.14-260211-00{number:02}" for number in range(4)]


def fingerprint(pki: DevelopmentPki) -> str:
    """Return what the desk knows the agency's key by."""
    return pki.signer.certificate.fingerprint(hashes.SHA256()).hex()


@contextmanager
def token_office(folder: Path, pki: DevelopmentPki, codes: Sequence[str]) -> Iterator[PaperOffice]:
    """Give an office with a paper of each code on its signing list."""
    catalogue = Catalogue(f"sqlite:///{folder / 'catalogue.db'}")
    catalogue.upgrade()
    policy = DeskPolicy({fingerprint(pki): AbsentKey(pki.signer.certificate, pki.signer.chain)}, 50, 600)
    with (
        BoundedTaker(Limits()) as taker,
        Verifier() as verifier,
        paper_office(folder, catalogue, pki, Children(taker, verifier)) as opened,
    ):
        opened.services = replace(opened.services, reference=of_files(None, None), signer=None, desk=policy)
        for shade, code in enumerate(codes):
            opened.page("to-khai/1.jpg", 20 + 40 * shade, text="GIẤY KHAI SINH Họ và tên: Nguyễn Văn Thử", code=code)
        opened.digitise()
        yield opened
    catalogue.close()
