"""Keys: the development PKI, PKCS#12 files, and what a development key must not hide."""

from __future__ import annotations

import stat
import threading
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import pkcs12

from dossier.errors import Code, HososoError, Unavailable
from signing.development_pki import DevelopmentPki, ensure_development_pki
from signing.pkcs12 import load_pkcs12
from signing.port import DEVELOPMENT_MARK

PASSPHRASE = b"m\xe1\xba\xadt kh\xe1\xba\xa9u"


def bundle(pki: DevelopmentPki, folder: Path) -> Path:
    """Return a PKCS#12 file with the agency's key."""
    path = folder / "key.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"agency",
            pki.signer.key,
            pki.signer.certificate,
            list(pki.signer.chain),
            serialization.BestAvailableEncryption(PASSPHRASE),
        )
    )
    return path


def code_of(error: pytest.ExceptionInfo[HososoError]) -> Code:
    """Return its code."""
    return error.value.code


def test_every_subject_names_itself_a_development_certificate(pki: DevelopmentPki) -> None:
    """Root, issuing CA, agency and time-stamp authority."""
    certificates = [*pki.anchors, pki.signer.certificate, *pki.signer.chain, pki.tsa.signer.certificate]
    assert len(certificates) == 4
    assert all(DEVELOPMENT_MARK in certificate.subject.rfc4514_string() for certificate in certificates)
    assert pki.signer.development


def test_chains_lead_to_the_anchor(pki: DevelopmentPki) -> None:
    """Each certificate is signed by the next."""
    for signer in (pki.signer, pki.tsa.signer):
        path = [signer.certificate, *signer.chain, *pki.anchors]
        for certificate, issuer in pairwise(path):
            certificate.verify_directly_issued_by(issuer)


def test_the_authority_may_only_stamp(pki: DevelopmentPki) -> None:
    """One extended usage, critical; the agency's key has none."""
    usage = pki.tsa.signer.certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert usage.critical
    assert list(usage.value) == [x509.ExtendedKeyUsageOID.TIME_STAMPING]
    with pytest.raises(x509.ExtensionNotFound):
        pki.signer.certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)


def test_the_pki_is_made_once_and_is_private(tmp_path: Path) -> None:
    """The second start finds the first one's keys; nobody else can read them."""
    first = ensure_development_pki(tmp_path / "pki", algorithm="ecdsa")
    again = ensure_development_pki(tmp_path / "pki", algorithm="rsa")
    assert again.signer.certificate == first.signer.certificate
    files = list((tmp_path / "pki").iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "pki").stat().st_mode) == 0o700
    assert list(tmp_path.iterdir()) == [tmp_path / "pki"]


def test_two_starts_at_once_share_one_pki(tmp_path: Path) -> None:
    """Whoever loses the race uses the winner's keys."""
    made: list[DevelopmentPki] = []
    start = threading.Barrier(4)

    def run() -> None:
        start.wait()
        made.append(ensure_development_pki(tmp_path / "pki", algorithm="ecdsa"))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({pki.signer.certificate.serial_number for pki in made}) == 1
    assert len(made) == 4
    assert list(tmp_path.iterdir()) == [tmp_path / "pki"]


@pytest.mark.parametrize("name", ["agency.key.pem", "root.pem"])
def test_a_damaged_pki_is_named_not_replaced(tmp_path: Path, name: str) -> None:
    """Signatures made with the old keys may exist."""
    ensure_development_pki(tmp_path / "pki", algorithm="ecdsa")
    (tmp_path / "pki" / name).write_bytes(b"not a key")
    with pytest.raises(Unavailable) as caught:
        ensure_development_pki(tmp_path / "pki")
    assert code_of(caught) is Code.KEY_UNAVAILABLE


def test_a_pkcs12_file_gives_the_same_signer(pki: DevelopmentPki, tmp_path: Path) -> None:
    """Key, certificate, chain and name."""
    signer = load_pkcs12(bundle(pki, tmp_path), PASSPHRASE)
    assert signer.certificate == pki.signer.certificate
    assert signer.chain == pki.signer.chain
    assert signer.name == pki.signer.name
    assert signer.development


@pytest.mark.parametrize("passphrase", [b"", b"wrong"])
def test_a_wrong_passphrase_is_no_bug(pki: DevelopmentPki, tmp_path: Path, passphrase: bytes) -> None:
    """The world is at fault; the passphrase is not in the message."""
    with pytest.raises(Unavailable) as caught:
        load_pkcs12(bundle(pki, tmp_path), passphrase)
    assert code_of(caught) is Code.KEY_UNAVAILABLE
    assert "wrong" not in str(caught.value)


def test_a_missing_or_unusable_key_file_is_no_bug(tmp_path: Path) -> None:
    """No file, no PKCS#12, and a key that PDF signatures do not use."""
    odd = tmp_path / "odd.p12"
    key = ed25519.Ed25519PrivateKey.generate()
    odd.write_bytes(pkcs12.serialize_key_and_certificates(None, key, None, None, serialization.NoEncryption()))
    text = tmp_path / "text.p12"
    text.write_text("hello")
    for path in (tmp_path / "none.p12", text, odd):
        with pytest.raises(Unavailable) as caught:
            load_pkcs12(path, b"")
        assert code_of(caught) is Code.KEY_UNAVAILABLE
