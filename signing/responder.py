"""A time-stamp authority in this process: the development PKI's, and the heart of a loopback server in tests."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from signing.keys import HASHES, KeySigner
from signing.timestamp import query, token_of

_POLICY = "2.999.3161"  # the arc for examples: no real authority's policy


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class TimeStampResponder:
    """Answers RFC 3161 requests with one key; also a `TimeStampAuthority`.

    Args:
        signer: Key and certificate, whose only extended usage must be time stamping, marked critical.
        clock: Where the time comes from; aware datetimes.
        digest: Digest that it signs with.
    """

    signer: KeySigner
    clock: Callable[[], datetime] = _now
    digest: str = "sha256"

    def token(self, digest: bytes, algorithm: str) -> bytes:
        """Return a checked DER token over a digest."""
        asked = query(digest, algorithm)
        return token_of(self.respond(asked.der), asked)

    def respond(self, request: bytes) -> bytes:
        """Return the DER answer to a DER request; one that cannot be read or served is refused in the answer."""
        try:
            asked = tsp.TimeStampReq.load(request, strict=True)
            imprint = asked["message_imprint"]
            algorithm = imprint["hash_algorithm"]["algorithm"].native
            if algorithm not in HASHES or len(imprint["hashed_message"].native) != HASHES[algorithm].digest_size:
                return _refusal("bad_alg")
            return self._grant(asked)
        except (ValueError, TypeError, KeyError):
            return _refusal("bad_data_format")

    def _grant(self, asked: Any) -> bytes:  # noqa: ANN401 - asn1crypto is untyped
        info = {
            "version": "v1",
            "policy": _POLICY,
            "message_imprint": asked["message_imprint"],
            "serial_number": secrets.randbits(63),
            "gen_time": self.clock().astimezone(UTC).replace(microsecond=0),
            "accuracy": {"seconds": 1},
        }
        if asked["nonce"].native is not None:
            info["nonce"] = asked["nonce"].native
        token = self._signed(tsp.TSTInfo(info))
        return bytes(tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump())

    def _signed(self, info: Any) -> Any:  # noqa: ANN401 - asn1crypto is untyped
        certificates = [
            x509.Certificate.load(certificate.public_bytes(Encoding.DER))
            for certificate in (self.signer.certificate, *self.signer.chain)
        ]
        attributes = _signed_attributes(info.dump(), certificates[0], self.digest)
        signer_info = {
            "version": "v1",
            "sid": {
                "issuer_and_serial_number": {
                    "issuer": certificates[0].issuer,
                    "serial_number": certificates[0].serial_number,
                }
            },
            "digest_algorithm": {"algorithm": self.digest},
            "signature_algorithm": {"algorithm": self._mechanism()},
            "signed_attrs": attributes,
            "signature": self.signer.sign(attributes.dump(), self.digest),
        }
        signed = cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [{"algorithm": self.digest}],
                "encap_content_info": {"content_type": "tst_info", "content": info},
                "certificates": certificates,
                "signer_infos": [signer_info],
            }
        )
        return cms.ContentInfo({"content_type": "signed_data", "content": signed})

    def _mechanism(self) -> str:
        kind = "rsa" if isinstance(self.signer.key, rsa.RSAPrivateKey) else "ecdsa"
        return f"{self.digest}_{kind}"


def _signed_attributes(content: bytes, certificate: Any, digest: str) -> Any:  # noqa: ANN401 - asn1crypto is untyped
    identifier = tsp.ESSCertIDv2(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": digest}),
            "cert_hash": hashlib.new(digest, certificate.dump()).digest(),
        }
    )
    return cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [hashlib.new(digest, content).digest()]}),
            cms.CMSAttribute(
                {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [identifier]})]}
            ),
        ]
    )


class _Refusal(core.Sequence):  # type: ignore[misc] # asn1crypto is untyped
    """TimeStampResp without a token, which RFC 3161 allows and `tsp.TimeStampResp` does not."""

    _fields: ClassVar = [("status", tsp.PKIStatusInfo)]


def _refusal(reason: str) -> bytes:
    return bytes(_Refusal({"status": {"status": "rejection", "fail_info": {reason}}}).dump())
