"""Packages go over TLS to whom we believe, and nobody holds us up for longer than we give them."""

from __future__ import annotations

import ipaddress
import ssl
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from dossier.errors import Code, Unavailable
from dossier.portal import Answer, Content, Outcome
from registers.portal.message import message
from registers.portal.port import Parcel
from registers.portal.posting import PostWay
from tests.fakes.portal import TOKEN, Mood, Portal, portal_server

CONTENT = Content("H99.27.14-260211-0008", 1, ())
_DAY = datetime(2026, 3, 2, tzinfo=UTC).date()


@pytest.fixture
def parcel() -> Parcel:
    """Return a package without documents."""
    return Parcel(CONTENT.key, CONTENT.code, 1, message(CONTENT, None, {}, _DAY), (), ())


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a PEM file with a key and a certificate of its own for this machine."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "portal")])
    now = datetime.now(UTC)
    own = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "portal.pem"
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + own.public_bytes(Encoding.PEM)
    path.write_bytes(text)
    return path


@pytest.fixture
def secured(certificate: Path) -> Iterator[Portal]:
    """Give one-stop software behind TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with portal_server(Portal(), context) as serving:
        yield serving


def test_tls_is_verified(secured: Portal, certificate: Path, parcel: Parcel) -> None:
    """A portal whose authority nobody named gets nothing, not even our token; with it, the package."""
    (reply,) = PostWay(secured.url, TOKEN, seconds=5).send([parcel])
    assert isinstance(reply, Unavailable)
    assert reply.code is Code.PORTAL_UNAVAILABLE
    assert secured.seen == {}
    (reply,) = PostWay(secured.url, TOKEN, certificate, seconds=5).send([parcel])
    assert reply == Answer(Outcome.ACCEPTED, receipt="BN-000001")


@pytest.mark.parametrize("mood", [Mood.SLOW, Mood.SLOW_HEAD, Mood.SILENT])
def test_time_is_over_the_whole(secured: Portal, certificate: Path, parcel: Parcel, mood: Mood) -> None:
    """A byte now and then, in the head or in the body, or none at all: after its time it is over, with TLS too."""
    secured.moods = (mood,)
    began = time.monotonic()
    (reply,) = PostWay(secured.url, TOKEN, certificate, seconds=0.7).send([parcel])
    assert isinstance(reply, Unavailable)
    assert time.monotonic() - began < 5
    assert secured.takes == [(CONTENT.code, 1)]
