"""A PKI as an office meets it: certificates that name an OCSP responder and CRLs, a time-stamp authority, a server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from signing.keys import HASHES, KeySigner, PrivateKey
from signing.responder import TimeStampResponder

YEAR = timedelta(days=365)


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


@dataclass
class Holder:
    """A certificate and its key."""

    key: PrivateKey
    certificate: x509.Certificate


@dataclass
class Authorities:
    """Root, issuing authority, OCSP responder, agency and time-stamp authority; `url` stands in the certificates."""

    url: str
    strong: bool = False
    clock: Callable[[], datetime] = now
    revoked: set[int] = field(default_factory=set)
    speaks_for: timedelta = timedelta(hours=12)
    lifetime: timedelta = 10 * YEAR
    digest: str = "sha256"
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root = self.issue("Root", None, authority=True)
        self.issuing = self.issue("Issuing", self.root, authority=True)
        self.responder = self.issue("Responder", self.issuing, purpose=ExtendedKeyUsageOID.OCSP_SIGNING)
        self.agency = self.signer("Agency")
        stamper = self.issue("Stamps", self.issuing, purpose=ExtendedKeyUsageOID.TIME_STAMPING)
        chain = (self.issuing.certificate,)
        self.tsa = TimeStampResponder(KeySigner(stamper.key, stamper.certificate, chain), self.clock, self.digest)

    def signer(self, name: str) -> KeySigner:
        """Return a new signer."""
        holder = self.issue(name, self.issuing)
        return KeySigner(holder.key, holder.certificate, (self.issuing.certificate,))

    def issue(
        self, name: str, by: Holder | None, *, authority: bool = False, purpose: x509.ObjectIdentifier | None = None
    ) -> Holder:
        """Return a certificate, good from an hour ago for its lifetime."""
        key = _new_key(strong=self.strong)
        start = self.clock() - timedelta(hours=1)
        subject = _name(name)
        issuer = by.certificate.subject if by else subject
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + self.lifetime)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(_usage(authority=authority), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        for extension in _others(self.url, name, by, purpose):
            critical = isinstance(extension, x509.ExtendedKeyUsage) and purpose == ExtendedKeyUsageOID.TIME_STAMPING
            builder = builder.add_extension(extension, critical=critical)
        return Holder(key, builder.sign(by.key if by else key, HASHES[self.digest]))

    def crl(self, issuer: str) -> bytes:
        """Return the list of an authority."""
        holder = {"Root": self.root, "Issuing": self.issuing}[issuer]
        at = self.clock()
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(holder.certificate.subject)
            .last_update(at - timedelta(minutes=5))
            .next_update(at + self.speaks_for)
            .add_extension(x509.CRLNumber(1), critical=False)
        )
        for serial in sorted(self.revoked):
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(holder.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def ocsp(
        self,
        request: bytes,
        *,
        by: Holder | None = None,
        nonce: bytes | None = None,
        shift: timedelta = timedelta(),
        about: x509.Certificate | None = None,
    ) -> bytes:
        """Return the answer to a request: by another hand, with another nonce, at another time if asked."""
        asked = ocsp.load_der_ocsp_request(request)
        holder, at = by or self.responder, self.clock() + shift
        known = {one.certificate.serial_number: one.certificate for one in self._issued}
        subject = about or known[asked.serial_number]
        revoked = subject.serial_number in self.revoked
        builder = (
            ocsp.OCSPResponseBuilder()
            .add_response(
                cert=subject,
                issuer=self.issuing.certificate,
                algorithm=hashes.SHA1(),  # noqa: S303 - a name, as RFC 6960 has it
                cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
                this_update=at - timedelta(minutes=1),
                next_update=at + self.speaks_for,
                revocation_time=at - timedelta(minutes=1) if revoked else None,
                revocation_reason=None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, holder.certificate)
            .certificates([holder.certificate])
        )
        said = nonce or asked.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
        builder = builder.add_extension(x509.OCSPNonce(said), critical=False)
        return builder.sign(holder.key, hashes.SHA256()).public_bytes(Encoding.DER)

    @property
    def _issued(self) -> list[Holder]:
        stamps = self.tsa.signer
        return [
            self.responder,
            Holder(self.agency.key, self.agency.certificate),
            Holder(stamps.key, stamps.certificate),
        ]

    def answer(self, path: str, body: bytes) -> tuple[int, str, bytes]:
        """Return status, media type and bytes for what is asked over HTTP."""
        self.asked.append(path)
        if path == "/ocsp":
            return 200, "application/ocsp-response", self.ocsp(body)
        if path == "/tsa":
            return 200, "application/timestamp-reply", self.tsa.respond(body)
        return 200, "application/pkix-crl", self.crl(path.removeprefix("/crl/"))


Answer = Callable[[str, bytes], tuple[int, str, bytes]]


@contextmanager
def served(answer: Answer) -> Iterator[str]:
    """Serve `answer(path, body)` on the loopback address until the end of the block; gives the address."""
    with server_of(answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def server_of(answer: Answer) -> ThreadingHTTPServer:
    """Return a server on a free port of the loopback address that serves nobody yet."""
    return ThreadingHTTPServer(("127.0.0.1", 0), _handler(answer))


def _handler(answer: Answer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._say(self.rfile.read(int(self.headers["Content-Length"])))

        def do_GET(self) -> None:
            self._say(b"")

        def _say(self, body: bytes) -> None:
            status, kind, data = answer(self.path, body)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            if status // 100 == 3:
                self.send_header("Location", data.decode())
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Keep quiet."""

    return Handler


def _new_key(*, strong: bool) -> PrivateKey:
    if strong:
        return rsa.generate_private_key(public_exponent=65537, key_size=3072)
    return ec.generate_private_key(ec.SECP256R1())


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _others(
    url: str, name: str, by: Holder | None, purpose: x509.ObjectIdentifier | None
) -> Iterator[x509.ExtensionType]:
    if by is not None:
        yield x509.AuthorityKeyIdentifier.from_issuer_public_key(by.certificate.public_key())  # type: ignore[arg-type]
    if purpose is not None:
        yield x509.ExtendedKeyUsage([purpose])
    if purpose == ExtendedKeyUsageOID.OCSP_SIGNING:
        yield x509.OCSPNoCheck()
    elif by is not None:
        listed = "Root" if name == "Issuing" else "Issuing"
        place = x509.UniformResourceIdentifier(f"{url}/crl/{listed}")
        yield x509.CRLDistributionPoints([x509.DistributionPoint([place], None, None, None)])
        if name != "Issuing":
            asked = x509.UniformResourceIdentifier(f"{url}/ocsp")
            way = AuthorityInformationAccessOID.OCSP
            yield x509.AuthorityInformationAccess([x509.AccessDescription(way, asked)])
