"""A remote signing service: a digest is posted to it, a CMS comes back in the same answer."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes

from dossier.errors import Code, Rejected, Unavailable
from signing.elsewhere import AbsentKey
from signing.peer import Message, Peer
from signing.returned import check_returned

_REQUEST = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteSigner(AbsentKey):
    """A `Signer` whose key a service holds; the service is known to sign for one certificate."""

    service: Peer

    def signed_data(self, digest: bytes, algorithm: str) -> bytes:
        """Return the CMS that the service made, checked; see `signing.port.CmsSigner`.

        Raises:
            Unavailable: SIGNING_DESK_UNAVAILABLE; and where the service answers with what is no signature of this
                digest, SIGNING_DESK_REFUSED, KEY_MISMATCH, SIGNATURE_MALFORMED or the code of its own: the service is
                at fault, so the document waits.
        """
        body = {
            "certificate": self.certificate.fingerprint(hashes.SHA256()).hex(),
            "requests": [{"request": _REQUEST, "digest": digest.hex(), "algorithm": algorithm}],
        }
        try:
            data = _signature(self.service.ask("POST", "signatures", body))
            check_returned(data, digest, algorithm, self.certificate)
        except Rejected as exc:
            raise Unavailable(exc.code, exc.detail) from None
        return data


def _signature(answer: Message) -> bytes:
    """Return the signature in an answer.

    Raises:
        Rejected(SIGNING_DESK_REFUSED): There is none, and no reason.
        Unavailable: With the code of the service.
    """
    try:
        (result,) = answer["results"]
        asked = result["request"] == _REQUEST
        failed = Code(result["failed"]) if "failed" in result else None
        data = b"" if failed else base64.b64decode(result["cms"], validate=True)
    except (LookupError, TypeError, ValueError):
        raise Rejected(Code.SIGNING_DESK_REFUSED, "answer not understood") from None
    if not asked:
        raise Rejected(Code.SIGNING_DESK_REFUSED, "answer to another request")
    if failed is not None:
        raise Unavailable(failed, "says the signing service")
    return data
