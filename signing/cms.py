"""The one door to endesive: a detached CMS signature over a digest, as PAdES wants it.

endesive 3.0.1 as shipped labels ECDSA as RSA, and signs without a time stamp when the authority is silent; both
are put right here. Its PDF layer (whole file in memory, adbe.pkcs7.detached, broken with pypdf 7) is not used.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from asn1crypto import algos, cms
from endesive import signer as engine

from signing import der, key_rules
from signing.port import CmsSigner, Scheme

if TYPE_CHECKING:
    from signing.port import Signer, TimeStampAuthority


_SIGNER = (1, 0, -1, 0)
"""Way from ContentInfo to the signer: content, SignedData, signerInfos, first of them."""

_LABEL = 4
"""Place of signatureAlgorithm in a SignerInfo with signed attributes."""


def detached(digest: bytes, algorithm: str, signer: Signer, tsa: TimeStampAuthority) -> bytes:
    """Return the DER CMS over a document digest, with signature time stamp and the signer's chain.

    Raises:
        Unavailable: TSA_UNAVAILABLE, KEY_UNAVAILABLE and the other codes of keys, from the ports.
    """
    built = signer.signed_data(digest, algorithm) if isinstance(signer, CmsSigner) else None
    return with_time_stamp(built or signed_data(digest, algorithm, signer), tsa)


def signed_data(digest: bytes, algorithm: str, signer: Signer) -> bytes:
    """Return the DER CMS over a document digest with the signer's chain, its time stamp still to come.

    Signed attributes: content type, message digest, signing-certificate-v2; no signing time, as PAdES demands. This
    is all that a signing agent or a remote service does with a document: it sees the digest alone.

    Raises:
        Unavailable: KEY_UNAVAILABLE and the other codes of keys, from the port.
    """
    key_rules.in_force().check_digest(algorithm)
    built: bytes = _SealedData(digest, algorithm, signer).build()
    if signer.scheme is Scheme.ECDSA:
        return relabelled(built, f"{algorithm}_ecdsa")
    return built


def with_time_stamp(built: bytes, tsa: TimeStampAuthority) -> bytes:
    """Return a CMS of one signer with a signature time stamp, which is asked for with the signature's own digest.

    Raises:
        Unavailable: TSA_UNAVAILABLE, from the port.
    """
    (info,) = cms.ContentInfo.load(built, strict=True)["content"]["signer_infos"]
    algorithm = info["digest_algorithm"]["algorithm"].native
    return stamped(built, tsa.token(hashlib.new(algorithm, info["signature"].native).digest(), algorithm))


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
        self._signer = signer
        self._salt = hashlib.new(algorithm).digest_size
        certificate = engine.cert2asn(signer.certificate)
        pss = signer.scheme is Scheme.RSA_PSS
        super().__init__(b"", certificate, list(signer.chain), algorithm, signed_value=digest, pss=pss)

    def get_pss_salt_length(self) -> int:
        """Return the salt's length: that of the hash."""
        return self._salt

    def sign(self, tosign: bytes) -> bytes:
        """Sign the attributes."""
        return self._signer.sign(tosign, self.hashalgo)
