"""Hash out, CMS back: what comes back is put in when it is what was asked for, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from asn1crypto import cms

from dossier.errors import Code, HososoError
from signing import der
from signing.cms import signed_data, with_time_stamp
from signing.elsewhere import AbsentKey, Prepared, Returned, complete, prepare
from signing.verdict import TrustPolicy, Verdict
from signing.verify import Known
from tests.integration.signing import documents
from tests.integration.signing.conftest import APPEARANCE

if TYPE_CHECKING:
    from signing.development_pki import DevelopmentPki
    from signing.verify import Verifier

AT = datetime.now(UTC)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a document to sign."""
    documents.classic(tmp_path / "in.pdf")
    return tmp_path / "in.pdf"


@pytest.fixture
def key(pki: DevelopmentPki) -> AbsentKey:
    """Return what is known here of a key that is elsewhere."""
    return AbsentKey(pki.signer.certificate, pki.signer.chain)


def finished(source: Path, key: AbsentKey, data: bytes, pki: DevelopmentPki) -> Path:
    """Put a CMS in."""
    target = source.with_name("out.pdf")
    returned = Returned(key.certificate, key.chain, data)
    complete(source, target, key=returned, tsa=pki.tsa, appearance=APPEARANCE, at=AT)
    return target


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_a_document_signed_elsewhere_is_valid(
    source: Path, keys: dict[str, DevelopmentPki], kind: str, verifier: Verifier
) -> None:
    """The other side sees a digest; laid out again, hours later by the clock, the document asks for the same one."""
    pki = keys[kind]
    key = AbsentKey(pki.signer.certificate, pki.signer.chain)
    prepared = prepare(source, key=key, appearance=APPEARANCE, at=AT)
    target = finished(source, key, signed_data(prepared.digest, prepared.algorithm, pki.signer), pki)
    assert verifier.verify(target, TrustPolicy.of(pki.anchors), Known(1)).verdict is Verdict.VALID
    assert sorted(path.name for path in source.parent.iterdir()) == ["in.pdf", "out.pdf"]


def test_a_document_that_changed_is_not_signed(source: Path, key: AbsentKey, pki: DevelopmentPki) -> None:
    """Between the list and the signature; so is a layout that comes out otherwise."""
    prepared = prepare(source, key=key, appearance=APPEARANCE, at=AT)
    data = signed_data(prepared.digest, prepared.algorithm, pki.signer)
    with source.open("ab") as stream:
        stream.write(b"% more\n")
    with pytest.raises(HososoError) as caught:
        finished(source, key, data, pki)
    assert caught.value.code in (Code.SIGNING_INPUT_CHANGED, Code.PDF_DAMAGED)
    assert not source.with_name("out.pdf").exists()


def _with_time(data: bytes, pki: DevelopmentPki) -> bytes:
    return with_time_stamp(data, pki.tsa)


def _with_extra_attribute(data: bytes, _pki: DevelopmentPki) -> bytes:
    time = der.sequence(cms.CMSAttributeType("signing_time").dump(), der.set_of(b"\x17\x0d261122000000Z"))

    def edit(parts: list[bytes]) -> None:
        """Add the time of signing to the signed attributes."""
        parts[3] = der.context(0, b"".join(der.children(parts[3])) + time)

    return der.edited(data, (1, 0, -1, 0), edit)


def _flipped(data: bytes, _pki: DevelopmentPki) -> bytes:
    return data[:-3] + bytes([data[-3] ^ 1]) + data[-2:]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_flipped, Code.KEY_MISMATCH),
        (_with_time, Code.SIGNATURE_MALFORMED),
        (_with_extra_attribute, Code.SIGNATURE_MALFORMED),
        (lambda data, _: data + b"\x00", Code.SIGNATURE_MALFORMED),
        (lambda data, _: data[:-9], Code.SIGNATURE_MALFORMED),
        (lambda _, __: b"", Code.SIGNATURE_MALFORMED),
        (lambda _, __: b"\x30\x80" * 9000, Code.SIGNATURE_MALFORMED),
        (lambda data, _: data + bytes(40_000), Code.SIGNATURE_MALFORMED),
    ],
)
def test_nothing_else_is_put_in(
    source: Path, key: AbsentKey, pki: DevelopmentPki, change: Callable[..., bytes], code: Code
) -> None:
    """A flipped value, what PAdES does not want, junk: each refused with its code, and nothing written."""
    prepared = prepare(source, key=key, appearance=APPEARANCE, at=AT)
    data = change(signed_data(prepared.digest, prepared.algorithm, pki.signer), pki)
    with pytest.raises(HososoError) as caught:
        finished(source, key, data, pki)
    assert caught.value.code is code
    assert not source.with_name("out.pdf").exists()


def test_somebody_elses_signature_is_not_put_in(source: Path, keys: dict[str, DevelopmentPki]) -> None:
    """However good it is; nor one over another document's digest."""
    mine, other = keys["ecdsa"].signer, keys["rsa"].signer
    key = AbsentKey(mine.certificate, mine.chain)
    prepared = prepare(source, key=key, appearance=APPEARANCE, at=AT)
    forged: Any = replace(mine, key=other.key, rsa_scheme=other.scheme)
    for signer in (other, replace(other, certificate=mine.certificate), forged):
        with pytest.raises(HososoError) as caught:
            finished(source, key, signed_data(prepared.digest, "sha256", signer), keys["ecdsa"])
        assert caught.value.code in (Code.KEY_MISMATCH, Code.SIGNATURE_MALFORMED)
    with pytest.raises(HososoError) as caught:
        finished(source, key, signed_data(Prepared(bytes(32), "sha256").digest, "sha256", mine), keys["ecdsa"])
    assert caught.value.code is Code.SIGNING_INPUT_CHANGED
