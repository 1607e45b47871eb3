"""The one door to endesive: a detached CMS signature over a digest, as PAdES wants it.

endesive 3.0.1 as shipped labels ECDSA as RSA, and signs without a time stamp when the authority is silent; both
are put right here. Its PDF layer (whole file in memory, adbe.pkcs7.detached, broken with pypdf 7) is not used.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from asn1crypto import algos, cms, parser, tsp
from cryptography.hazmat.primitives.asymmetric import ec
from endesive import signer as engine

if TYPE_CHECKING:
    from signing.port import Signer, TimeStampAuthority


_MECHANISM = (1, 0, -1, 0, 4)
"""Way from ContentInfo to the label: content, SignedData, signerInfos, first signer, signatureAlgorithm."""


def detached(digest: bytes, algorithm: str, signer: Signer, tsa: TimeStampAuthority) -> bytes:
    """Return the DER CMS over a document digest, with signature time stamp and the signer's chain.

    Signed attributes: content type, message digest, signing-certificate-v2; no signing time, as PAdES demands.

    Raises:
        Unavailable: TSA_UNAVAILABLE or KEY_UNAVAILABLE, from the ports.
    """
    return _SealedData(digest, algorithm, signer, tsa).build()


class _SealedData(engine.SignerBase):  # type: ignore[misc] # endesive has no type information
    """endesive's CMS builder with our key and our time stamp."""

    def __init__(self, digest: bytes, algorithm: str, signer: Signer, tsa: TimeStampAuthority) -> None:
        certificate = engine.cert2asn(signer.certificate)
        super().__init__(b"", certificate, list(signer.chain), algorithm, signed_value=digest)
        self._signer = signer
        self._tsa = tsa

    def sign(self, tosign: bytes) -> bytes:
        """Sign the attributes."""
        return self._signer.sign(tosign, self.hashalgo)

    def get_tsp_response(self, signed_value_signature: bytes) -> Any:  # noqa: ANN401 - asn1crypto is untyped
        """Stamp the signature value; a silent authority ends the signing."""
        token = self._tsa.token(hashlib.new(self.hashalgo, signed_value_signature).digest(), self.hashalgo)
        return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": cms.ContentInfo.load(token)})

    def build(self) -> bytes:
        """Return the CMS with the mechanism that the key really has."""
        built: bytes = super().build()
        if isinstance(self._signer.certificate.public_key(), ec.EllipticCurvePublicKey):
            return relabelled(built, f"{self.hashalgo}_ecdsa")
        return built


def relabelled(built: bytes, mechanism: str) -> bytes:
    """Return a CMS whose one signer has another mechanism in its label; the label itself is not signed.

    Done on the bytes: asn1crypto 1.5.1 takes a length that ends in the byte 80 for an indefinite one and encodes all
    that is inside anew, twice per level, which takes a minute for one CMS in a hundred (its issue 249).
    """
    return _replaced(built, _MECHANISM, algos.SignedDigestAlgorithm({"algorithm": mechanism}).dump())


def _replaced(element: bytes, path: tuple[int, ...], value: bytes) -> bytes:
    if not path:
        return value
    kind, method, tag, _, content, _ = parser.parse(element)
    children = []
    while content:
        size = parser.peek(content)
        children.append(content[:size])
        content = content[size:]
    children[path[0]] = _replaced(children[path[0]], path[1:], value)
    return bytes(parser.emit(kind, method, tag, b"".join(children)))
