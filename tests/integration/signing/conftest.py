"""Development keys of both kinds, one verifier for all tests, and a way to sign."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from signing.development_pki import DevelopmentPki, ensure_development_pki
from signing.port import Appearance, SignatureRecord
from signing.seal import sign_pdf
from signing.verdict import TrustPolicy
from signing.verify import Verifier
from tests.integration.signing import documents

Sign = Callable[..., SignatureRecord]

APPEARANCE = Appearance("SAO Y", "ỦY BAN NHÂN DÂN PHƯỜNG HOÀN KIẾM", development=False)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, DevelopmentPki]:
    """Return one development PKI per kind of key."""
    folder = tmp_path_factory.mktemp("keys")
    return {name: ensure_development_pki(folder / name, algorithm=name) for name in ("rsa", "ecdsa")}


@pytest.fixture(scope="session")
def pki(keys: dict[str, DevelopmentPki]) -> DevelopmentPki:
    """Return the quick one."""
    return keys["ecdsa"]


@pytest.fixture(scope="session")
def trust(pki: DevelopmentPki) -> TrustPolicy:
    """Trust the quick one."""
    return TrustPolicy.of(pki.anchors)


@pytest.fixture(scope="session")
def verifier() -> Iterator[Verifier]:
    """Return one child for all."""
    with Verifier() as verifier:
        yield verifier


@pytest.fixture
def sign(pki: DevelopmentPki) -> Sign:
    """Return `sign_pdf` with everything chosen but the files; anything can be chosen otherwise."""

    def call(source: Path, target: Path, **others: object) -> SignatureRecord:
        chosen = {"signer": pki.signer, "tsa": pki.tsa, "appearance": APPEARANCE, "at": datetime.now(UTC)} | others
        return sign_pdf(source, target, **chosen)

    return call


@pytest.fixture
def signed(tmp_path: Path, sign: Sign) -> Path:
    """Return a signed document with a text field."""
    documents.with_form(tmp_path / "in.pdf")
    sign(tmp_path / "in.pdf", tmp_path / "signed.pdf")
    return tmp_path / "signed.pdf"
