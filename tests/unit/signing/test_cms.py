"""The CMS around a digest: what it says, and that its length never makes it slow."""

from __future__ import annotations

import time
from typing import Any

import pytest
from asn1crypto import cms

from signing.cms import _replaced, detached, relabelled
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


def padded(data: bytes, size: int) -> bytes:
    """Return the CMS with a digest algorithm label grown by so many bytes, whatever that may mean."""
    return _replaced(data, (1, 0, 1), b"\x31" + _length(size) + bytes(size))


def _length(size: int) -> bytes:
    return b"\x82" + size.to_bytes(2, "big")


@pytest.mark.parametrize("level", [0, 19])
def test_no_length_makes_it_slow(pki: DevelopmentPki, level: int) -> None:
    """A length that ends in 80, of the whole or of the signed data in it, is a length like any other."""
    data = detached(DIGEST, "sha256", pki.signer, pki.tsa)
    lengths = (padded(data, size) for size in range(1000, 1600))
    unlucky = next(each for each in lengths if each[level : level + 2] == b"\x30\x82" and each[level + 3] == 0x80)
    start = time.process_time()
    result = relabelled(unlucky, "sha256_ecdsa")
    assert time.process_time() - start < 0.5
    assert result == unlucky


def test_the_label_alone_is_changed(pki: DevelopmentPki) -> None:
    """There and back again."""
    data = detached(DIGEST, "sha256", pki.signer, pki.tsa)
    other = relabelled(data, "sha384_ecdsa")
    assert signer_of(other)["signature_algorithm"]["algorithm"].native == "sha384_ecdsa"
    assert relabelled(other, "sha256_ecdsa") == data
