"""Checks of OCSP responses (RFC 6960) and CRLs (RFC 5280) before anybody relies on them."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from dossier.errors import Code, Unavailable
from signing.port import Evidence, Revoked
from signing.timestamp import UNUSABLE

CLOCK_SKEW = timedelta(minutes=5)
"""How far the clock of whoever answers may be ahead of ours."""

_WITHOUT_END = timedelta(hours=1)  # an OCSP answer without nextUpdate says: newer information is always available
_SHA1_BITS = 160
_UNUSABLE = (*UNUSABLE, x509.UnsupportedGeneralNameType)
_KNOWN_CRITICAL = (x509.IssuingDistributionPoint, x509.AuthorityKeyIdentifier, x509.CRLNumber)


def ocsp_evidence(
    response: bytes, certificate: x509.Certificate, issuer: x509.Certificate, *, at: datetime, nonce: bytes | None
) -> Evidence:
    """Return an OCSP response that says, soundly, that a certificate is good.

    Args:
        response: DER OCSPResponse.
        certificate: Which one was asked about.
        issuer: Who issued it.
        at: The present time, aware.
        nonce: What was sent; an answer with a nonce must have this one, one without is judged by its times alone.

    Raises:
        Revoked: It is not good.
        Unavailable: VALIDATION_DATA_UNAVAILABLE when the answer is refused, garbled, about
            another certificate, out of its time or not signed by whom it must be.
    """
    try:
        answer = ocsp.load_der_ocsp_response(response)
        if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise ValueError(answer.response_status.name)
        responder = _responder(answer, issuer, at)
        _check_signature(responder, answer.signature, answer.tbs_response_bytes, answer.signature_hash_algorithm)
        _check_nonce(answer, nonce)
        said = next(one for one in answer.responses if _is_about(one, certificate, issuer))
        until = said.next_update_utc or said.this_update_utc + _WITHOUT_END
        _check_time(said.this_update_utc, until, at)
    except (*_UNUSABLE, StopIteration) as exc:
        raise Unavailable(Code.VALIDATION_DATA_UNAVAILABLE, f"OCSP answer not usable: {type(exc).__name__}") from exc
    if said.certificate_status is ocsp.OCSPCertStatus.UNKNOWN:
        raise Unavailable(Code.VALIDATION_DATA_UNAVAILABLE, "OCSP does not know the certificate")
    found = Evidence("ocsp", response, until, () if responder == issuer else (responder,))
    if said.certificate_status is ocsp.OCSPCertStatus.REVOKED:
        raise Revoked("OCSP says so", found)
    return found


def crl_evidence(der: bytes, certificate: x509.Certificate, issuer: x509.Certificate, *, at: datetime) -> Evidence:
    """Return a CRL that is sound and does not name a certificate.

    Partitioned lists are taken when the certificate falls under them; delta and indirect ones are not.

    Raises:
        Revoked: It names the certificate.
        Unavailable: VALIDATION_DATA_UNAVAILABLE when it is not a sound list for this certificate.
    """
    try:
        crl = x509.load_der_x509_crl(der)
        if crl.issuer != issuer.subject or not crl.is_signature_valid(issuer.public_key()):  # type: ignore[arg-type]
            raise InvalidSignature
        _check_scope(crl, certificate)
        until = crl.next_update_utc
        if until is None:
            raise ValueError("no nextUpdate")
        _check_time(crl.last_update_utc, until, at)
        revoked = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
    except _UNUSABLE as exc:
        raise Unavailable(Code.VALIDATION_DATA_UNAVAILABLE, f"CRL not usable: {type(exc).__name__}") from exc
    found = Evidence("crl", der, until)
    if revoked is not None:
        raise Revoked("CRL says so", found)
    return found


def _check_time(issued: datetime, until: datetime, at: datetime) -> None:
    if not issued - CLOCK_SKEW <= at <= until:
        raise ValueError("out of its time")


def _check_nonce(answer: ocsp.OCSPResponse, nonce: bytes | None) -> None:
    try:
        said = answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    except x509.ExtensionNotFound:
        return
    if nonce is not None and said != nonce:
        raise ValueError("nonce of another request")


def _is_about(said: ocsp.OCSPSingleResponse, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    name, key = _issuer_hashes(issuer, said.hash_algorithm)
    return (said.serial_number, said.issuer_name_hash, said.issuer_key_hash) == (certificate.serial_number, name, key)


def _issuer_hashes(issuer: x509.Certificate, algorithm: hashes.HashAlgorithm) -> tuple[bytes, bytes]:
    return _hash(issuer.subject.public_bytes(), algorithm), _hash(_key_bits(issuer), algorithm)


def _hash(data: bytes, algorithm: hashes.HashAlgorithm) -> bytes:
    digest = hashes.Hash(algorithm)
    digest.update(data)
    return digest.finalize()


def _key_bits(certificate: x509.Certificate) -> bytes:
    """Return what RFC 6960 hashes: the value of subjectPublicKey, without tag, length and unused bits."""
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return key.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    raise UnsupportedAlgorithm(type(key).__name__)


def _responder(answer: ocsp.OCSPResponse, issuer: x509.Certificate, at: datetime) -> x509.Certificate:
    """Return the issuer, or the certificate it issued for answering in its place."""
    for candidate in (issuer, *answer.certificates):
        named = answer.responder_name == candidate.subject or (
            answer.responder_key_hash == _hash(_key_bits(candidate), hashes.SHA1())  # noqa: S303 - a name, not a proof
        )
        if named and (candidate == issuer or _is_delegate(candidate, issuer, at)):
            return candidate
    raise LookupError("responder unknown")


def _is_delegate(candidate: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    candidate.verify_directly_issued_by(issuer)
    usage = candidate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    in_time = candidate.not_valid_before_utc <= at <= candidate.not_valid_after_utc
    return in_time and ExtendedKeyUsageOID.OCSP_SIGNING in usage


def _check_signature(
    certificate: x509.Certificate, value: bytes, signed: bytes, algorithm: hashes.HashAlgorithm | None
) -> None:
    key = certificate.public_key()
    if algorithm is None or algorithm.digest_size * 8 <= _SHA1_BITS:
        raise UnsupportedAlgorithm("too weak, or without a hash")
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(value, signed, padding.PKCS1v15(), algorithm)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(value, signed, ec.ECDSA(algorithm))
    else:
        raise UnsupportedAlgorithm(type(key).__name__)


def _check_scope(crl: x509.CertificateRevocationList, certificate: x509.Certificate) -> None:
    for extension in crl.extensions:
        if extension.critical and not isinstance(extension.value, _KNOWN_CRITICAL):
            raise ValueError(f"critical extension {extension.oid.dotted_string}")
        if isinstance(extension.value, x509.IssuingDistributionPoint) and not _covers(extension.value, certificate):
            raise ValueError("list of other certificates")


def _covers(point: x509.IssuingDistributionPoint, certificate: x509.Certificate) -> bool:
    if point.indirect_crl or point.only_some_reasons or point.only_contains_attribute_certs:
        return False
    authority = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    return not (point.only_contains_ca_certs and not authority) and not (point.only_contains_user_certs and authority)
