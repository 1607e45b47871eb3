"""The parties of the tests, and a way to sign and stamp as any of them at any moment, with pyHanko alone."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from asn1crypto import crl, keys, ocsp, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field, enumerate_sig_fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, SimpleSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.keys import KeySigner
from signing.responder import TimeStampResponder
from signing.verdict import TrustPolicy
from tests.pki.issuing import ISSUING, STAMPING, Party, Profile, root

NOW = datetime.now(UTC).replace(microsecond=0)
DAY, YEAR = timedelta(days=1), timedelta(days=365)
SIGNED = NOW - 10 * DAY
"""When the files of the tests were signed."""


@dataclass(frozen=True, slots=True)
class World:
    """One root, one issuing authority, and parties good and bad."""

    root: Party
    issuing: Party
    stranger: Party
    parties: dict[str, Party]
    revoked: dict[str, datetime] = field(default_factory=dict)

    @property
    def trust(self) -> TrustPolicy:
        """Trust the root alone."""
        return TrustPolicy.of([self.root.certificate])

    def party(self, name: str) -> Party:
        """Return a party."""
        return self.parties[name]

    def forged_response(self, name: str, at: datetime) -> ocsp.OCSPResponse:
        """Return a good response about a party by an authority that only looks like its own."""
        double = self.stranger.issue("CA", NOW - YEAR, NOW + YEAR, Profile(ISSUING))
        return ocsp.OCSPResponse.load(double.response(self.parties[name], at))

    def evidence(
        self, at: datetime, *, of: tuple[str, ...] = ("ec", "tsa"), issuing_lists: bool = True
    ) -> dict[str, Any]:
        """Return what a document security store holds that is filled at a moment: lists, and responses."""
        revoked = [(self.parties[name], since) for name, since in self.revoked.items()]
        crls = [self.root.revocations(at), *([self.issuing.revocations(at, revoked)] if issuing_lists else [])]
        ocsps = [self.issuing.response(self.parties[name], at, self.revoked.get(name)) for name in of]
        certificates = [self.issuing, *(self.parties[name] for name in of)]
        return {
            "certs": [asn1_x509.Certificate.load(party.der) for party in certificates],
            "crls": [crl.CertificateList.load(each) for each in crls],
            "ocsps": [ocsp.OCSPResponse.load(each) for each in ocsps],
        }


@cache
def world() -> World:
    """Return the world; made once in a process."""
    base = root("Gốc", NOW - 10 * YEAR, NOW + 30 * YEAR)
    issuing = base.issue("CA", NOW - 9 * YEAR, NOW + 20 * YEAR, Profile(ISSUING))
    stranger = root("Gốc", NOW - 10 * YEAR, NOW + 30 * YEAR)  # the name of the other, and not its key
    web, since, until = (ExtendedKeyUsageOID.SERVER_AUTH,), NOW - 3 * YEAR, NOW + 3 * YEAR
    rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    parties = {
        "ec": issuing.issue("UBND xã", since, until),
        "rsa": issuing.issue("UBND phường", since, until, key=rsa_key),
        "officer": issuing.issue("Người đối chiếu", since, until),
        "revoked": issuing.issue("Bị thu hồi", since, until),
        "revoked later": issuing.issue("Thu hồi sau", since, until),
        "expired": issuing.issue("Hết hạn", since, SIGNED - YEAR),
        "too early": issuing.issue("Chưa hiệu lực", NOW - 5 * DAY, until),
        "web server": issuing.issue("Máy chủ", since, until, Profile(purposes=web)),
        "encipherment": issuing.issue("Mã hoá", since, until, Profile(("key_encipherment",))),
        "stranger": stranger.issue("UBND xã", since, until),
        "self-signed": root("UBND xã", since, until),
        "issued by a signer": issuing.issue("UBND khác", since, until).issue("UBND con", since, until),
        "tsa": issuing.issue("TSA", since, until, Profile(purposes=STAMPING)),
        "next tsa": issuing.issue("TSA 2", NOW - 5 * DAY, NOW + 10 * YEAR, Profile(purposes=STAMPING)),
        "short tsa": issuing.issue("TSA ngắn", since, NOW - 2 * DAY, Profile(purposes=STAMPING)),
        "expired tsa": issuing.issue("TSA hết hạn", since, SIGNED - YEAR, Profile(purposes=STAMPING)),
        "revoked tsa": issuing.issue("TSA bị thu hồi", since, until, Profile(purposes=STAMPING)),
        "web tsa": issuing.issue("TSA sai", since, until, Profile(purposes=web)),
        "strange tsa": stranger.issue("TSA", since, until, Profile(purposes=STAMPING)),
    }
    revoked = {"revoked": SIGNED - 30 * DAY, "revoked later": SIGNED + 2 * DAY, "revoked tsa": SIGNED - 30 * DAY}
    return World(base, issuing, stranger, parties, revoked)


class Stamper(TimeStamper):
    """pyHanko's side of our responder, with a clock that stands still."""

    def __init__(self, party: Party, at: datetime) -> None:
        super().__init__()
        signer = KeySigner(party.key, party.certificate, party.chain)
        self._responder = TimeStampResponder(signer, lambda: at)

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Answer without a network."""
        return tsp.TimeStampResp.load(self._responder.respond(req.dump()))


def signed(  # noqa: PLR0913 - every way in which a signature can be another
    data: bytes,
    party: Party,
    *,
    at: datetime = SIGNED,
    tsa: Party | None = None,
    name: str = "Signature1",
    digest: str = "sha256",
    box: tuple[int, int, int, int] | None = None,
    pss: bool = False,
    **others: Any,  # noqa: ANN401 - what pyHanko's metadata takes
) -> bytes:
    """Return a file with one more signature; with a time stamp where there is an authority."""
    metadata = PdfSignatureMetadata(
        field_name=name, md_algorithm=digest, subfilter=SigSeedSubFilter.PADES, name="Ký", **others
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    stamper = Stamper(tsa, at) if tsa else None
    signer = PdfSigner(
        metadata, signer_of(party, pss=pss), timestamper=stamper, new_field_spec=SigFieldSpec(name, box=box)
    )
    return bytes(signer.sign_pdf(writer).getbuffer())


def with_evidence(data: bytes, evidence: dict[str, Any]) -> bytes:
    """Return a file with validation data added."""
    stream = io.BytesIO(data)
    DocumentSecurityStore.add_dss(stream, None, **evidence)
    return stream.getvalue()


def stamped(
    data: bytes,
    tsa: Party,
    at: datetime,
    *,
    digest: str = "sha256",
    box: tuple[int, int, int, int] | None = None,
    dressed: bool = False,
) -> bytes:
    """Return a file with a document time stamp added; in a field that is seen, where there is a box for it.

    With `dressed` a field without size has an appearance all the same, as EU DSS writes it.
    """
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    name = f"Stamp {at:%Y%m%d%H%M%S}"
    if box or dressed:
        append_signature_field(writer, SigFieldSpec(name, box=box))
    if dressed:
        shown = writer.add_object(generic.StreamObject({pdf_name("/Subtype"): pdf_name("/Form")}, stream_data=b""))
        for _, _, field in enumerate_sig_fields(writer, with_name=name):
            field.get_object()["/AP"] = generic.DictionaryObject({pdf_name("/N"): shown})
    stamper = PdfTimeStamper(Stamper(tsa, at), field_name=name)
    return bytes(stamper.timestamp_pdf(writer, digest).getbuffer())


def lasting(data: bytes, signer: str = "ec", tsa: str = "tsa", *, at: datetime = SIGNED, **others: Any) -> bytes:  # noqa: ANN401
    """Return a file at level B-LTA: signed, stamped, with validation data, and stamped once more."""
    here = world()
    made = signed(data, here.party(signer), at=at, tsa=here.party(tsa), **others)
    made = with_evidence(made, here.evidence(at + timedelta(minutes=1), of=(signer, tsa)))
    return stamped(made, here.party(tsa), at + timedelta(minutes=2))


def signer_of(party: Party, *, pss: bool = False) -> SimpleSigner:
    """Return a party as pyHanko wants to have it."""
    private = party.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    registry = SimpleCertificateStore()
    registry.register_multiple(asn1_x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in party.chain)
    return SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(party.der),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=registry,
        prefer_pss=pss,
    )
