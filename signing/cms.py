"""The one door to endesive: a detached CMS signature over a digest, as PAdES wants it.

endesive 3.0.1 as shipped labels ECDSA as RSA, and signs without a time stamp when the authority is silent; both
are put right here. Its PDF layer (whole file in memory, adbe.pkcs7.detached, broken with pypdf 7) is not used.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from asn1crypto import algos, cms
from cryptography.hazmat.primitives.asymmetric import ec
from endesive import signer as engine

from signing import der

if TYPE_CHECKING:
    from signing.port import Signer, TimeStampAuthority


_SIGNER = (1, 0, -1, 0)
"""Way from ContentInfo to the signer: content, SignedData, signerInfos, first of them."""

_LABEL = 4
"""Place of signatureAlgorithm in a SignerInfo with signed attributes."""


def detached(digest: bytes, algorithm: str, signer: Signer, tsa: TimeStampAuthority) -> bytes:
    """Return the DER CMS over a document digest, with signature time stamp and the signer's chain.

    Signed attributes: content type, message digest, signing-certificate-v2; no signing time, as PAdES demands.

    Raises:
        Unavailable: TSA_UNAVAILABLE or KEY_UNAVAILABLE, from the ports.
    """
    engine_run = _SealedData(digest, algorithm, signer)
    built = engine_run.build()
    if isinstance(signer.certificate.public_key(), ec.EllipticCurvePublicKey):
        built = relabelled(built, f"{algorithm}_ecdsa")
    return stamped(built, tsa.token(hashlib.new(algorithm, engine_run.value).digest(), algorithm))


def relabelled(built: bytes, mechanism: str) -> bytes:
    """Return a CMS whose one signer has another mechanism in its label; the label itself is not signed."""
    label = algos.SignedDigestAlgorithm({"algorithm": mechanism}).dump()

    def edit(parts: list[bytes]) -> None:
        """Put the label in its place."""
        parts[_LABEL] = label

    return der.edited(built, _SIGNER, edit)


def stamped(built: bytes, token: bytes) -> bytes:
    """Return a CMS whose one signer has a signature time stamp as its only unsigned attribute."""
    kind = cms.CMSAttributeType("signature_time_stamp_token").dump()
    attribute = der.sequence(kind, der.set_of(token))
    return der.edited(built, _SIGNER, lambda parts: parts.append(der.context(1, attribute)))


class _SealedData(engine.SignerBase):  # type: ignore[misc] # endesive has no type information
    """endesive's CMS builder with our key."""

    def __init__(self, digest: bytes, algorithm: str, signer: Signer) -> None:
        certificate = engine.cert2asn(signer.certificate)
        super().__init__(b"", certificate, list(signer.chain), algorithm, signed_value=digest)
        self._signer = signer
        self.value = b""

    def sign(self, tosign: bytes) -> bytes:
        """Sign the attributes and remember the value, which is what gets stamped."""
        self.value = self._signer.sign(tosign, self.hashalgo)
        return self.value
