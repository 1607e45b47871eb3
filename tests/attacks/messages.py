"""Forgeries inside the CMS message of a signature, where nothing is signed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from asn1crypto import cms, core, x509

from tests.attacks import sources
from tests.attacks.rewriting import message_of, with_message
from tests.pki.world import signed, world

Edit = Callable[[Any], None]


def _signer(message: Any) -> Any:  # noqa: ANN401 - asn1crypto is untyped
    return message["signer_infos"][0]


def strip_stamp(message: Any) -> None:  # noqa: ANN401
    """Take the time stamp out."""
    _signer(message)["unsigned_attrs"] = cms.CMSAttributes([])


def swap_stamp(message: Any) -> None:  # noqa: ANN401
    """Put the time stamp of another signature in."""
    other = message_of(signed(sources.form(), world().party("officer"), tsa=world().party("tsa")))
    _signer(message)["unsigned_attrs"] = _signer(other)["unsigned_attrs"].copy()


def add_attribute(message: Any) -> None:  # noqa: ANN401
    """Add an unsigned attribute."""
    attributes = list(_signer(message)["unsigned_attrs"] or [])
    attributes.append(cms.CMSAttribute({"type": "1.2.3.4.5", "values": [core.UTF8String("x")]}))
    _signer(message)["unsigned_attrs"] = cms.CMSAttributes(attributes)


def add_certificate(message: Any) -> None:  # noqa: ANN401
    """Add a certificate that has nothing to do with it."""
    message["certificates"].append(x509.Certificate.load(world().party("stranger").der))


def swap_certificate(message: Any) -> None:  # noqa: ANN401
    """Put another signer's certificate in the place of the signer's."""
    party = world().party("officer")
    message["certificates"] = [x509.Certificate.load(party.der), x509.Certificate.load(world().issuing.der)]
    identity = x509.Certificate.load(party.der)
    sid = {"issuer": identity.issuer, "serial_number": identity.serial_number}
    _signer(message)["sid"] = cms.SignerIdentifier({"issuer_and_serial_number": cms.IssuerAndSerialNumber(sid)})


def drop_certificates(message: Any) -> None:  # noqa: ANN401
    """Take all certificates out."""
    message["certificates"] = []


def second_signer(message: Any) -> None:  # noqa: ANN401
    """Add a second signer."""
    message["signer_infos"].append(_signer(message).copy())


def other_version(message: Any) -> None:  # noqa: ANN401
    """Say another version."""
    message["version"] = "v3"


def weaker_name(message: Any) -> None:  # noqa: ANN401
    """Say that a weaker digest was used."""
    _signer(message)["digest_algorithm"] = {"algorithm": "sha1"}


def edited(data: bytes, edit: Edit) -> bytes:
    """Return a file with an edited message."""
    return with_message(data, edit)


EDITS: dict[str, Edit] = {
    "time stamp taken out": strip_stamp,
    "time stamp of another signature": swap_stamp,
    "unsigned attribute added": add_attribute,
    "stranger's certificate added": add_certificate,
    "another signer's certificate": swap_certificate,
    "no certificates": drop_certificates,
    "second signer": second_signer,
    "another version": other_version,
    "weaker digest named": weaker_name,
}
