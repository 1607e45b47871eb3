"""The CMS around a digest: what it says, and that its length never makes it slow."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import pytest
from asn1crypto import cms

from signing import der
from signing.cms import detached, relabelled
from signing.development_pki import DevelopmentPki

DIGEST = bytes(range(32))


def signer_of(data: bytes) -> Any:  # noqa: ANN401 - asn1crypto is untyped
    """Return the one signer info."""
    (info,) = cms.ContentInfo.load(data, strict=True)["content"]["signer_infos"]
    return info


def test_the_attributes_are_those_of_pades(pki: DevelopmentPki) -> None:
    """Digest and certificate are signed, no time is; the time stamp stands outside."""
    info = signer_of(detached(DIGEST, "sha256", pki.signer, pki.tsa))
    signed = {attribute["type"].native: attribute["values"][0].native for attribute in info["signed_attrs"]}
    assert signed.keys() == {"content_type", "message_digest", "signing_certificate_v2"}
    assert signed["message_digest"] == DIGEST
    assert [attribute["type"].native for attribute in info["unsigned_attrs"]] == ["signature_time_stamp_token"]


def test_an_elliptic_curve_key_is_labelled_as_one(pki: DevelopmentPki) -> None:
    """Without us, endesive says RSA for every key."""
    assert signer_of(detached(DIGEST, "sha256", pki.signer, pki.tsa))["signature_algorithm"].native == {
        "algorithm": "sha256_ecdsa",
        "parameters": None,
    }


def unlucky(data: bytes, level: int) -> bytes:
    """Return the CMS grown by a meaningless element until a length in it ends in the byte 80."""
    for size in range(1000, 1600):
        extra = der.set_of(bytes(size))
        grown = der.edited(data, (1, 0), lambda parts, extra=extra: parts.insert(1, extra))
        if grown[level : level + 2] == b"\x30\x82" and grown[level + 3] == 0x80:
            return grown
    raise LookupError


@pytest.mark.parametrize("level", [0, 19])
def test_no_length_makes_it_slow(pki: DevelopmentPki, level: int) -> None:
    """A length that ends in 80, of the whole or of the signed data in it, is a length like any other."""
    data = unlucky(detached(DIGEST, "sha256", pki.signer, pki.tsa), level)
    start = time.process_time()
    result = relabelled(data, "sha256_ecdsa")
    assert time.process_time() - start < 0.1
    assert result == data


def test_a_token_is_kept_as_it_was_signed(pki: DevelopmentPki) -> None:
    """Byte for byte, so that its own signature stays good."""
    token = pki.tsa.token(DIGEST, "sha256")
    data = detached(DIGEST, "sha256", pki.signer, SimpleNamespace(token=lambda *_: token))
    assert data.endswith(token)


def test_the_label_alone_is_changed(pki: DevelopmentPki) -> None:
    """There and back again."""
    data = detached(DIGEST, "sha256", pki.signer, pki.tsa)
    other = relabelled(data, "sha384_ecdsa")
    assert signer_of(other)["signature_algorithm"]["algorithm"].native == "sha384_ecdsa"
    assert relabelled(other, "sha256_ecdsa") == data
