"""The agency's signing key, as the settings name it: a PKCS#12 file or a token."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from dossier.errors import Code, Rejected
from hososo.home import Home
from hososo.pin_guard import FilePinGuard
from hososo.secrets import read_secret
from hososo.settings import Profile, Settings
from pipeline.services import DeskPolicy
from signing.chain import chain_of, is_authority
from signing.elsewhere import AbsentKey
from signing.pin import pin_source
from signing.pkcs12 import load_pkcs12
from signing.port import Signer
from signing.token import TokenSettings, TokenSigner


def configured_signer(settings: Settings) -> Signer | None:
    """Return the signer that the settings name, None when they name none.

    A token is not touched before its first use: an office whose token lies in the safe digitises all the same, and
    its documents wait.

    Raises:
        Rejected: DEVELOPMENT_KEY when production is asked to sign with a development key; SETTINGS_INVALID when a
            passphrase lies open to every account, or a key file and a token are both named.
        Unavailable: KEY_UNAVAILABLE or KEY_TOO_WEAK, from a key file.
    """
    if settings.key_file is not None and settings.token_driver is not None:
        raise Rejected(Code.SETTINGS_INVALID, "key_file and token_driver exclude each other", subject="token_driver")
    if settings.token_driver is not None:
        return TokenSigner(_token(settings, settings.token_driver), pin_guard(settings))
    if settings.key_file is None:
        return None
    passphrase = read_secret(settings.key_passphrase_file, "key_passphrase_file", settings.profile)
    signer = load_pkcs12(settings.key_file, passphrase, settings.rsa_scheme)
    if signer.development and settings.profile is Profile.PRODUCTION:
        raise Rejected(Code.DEVELOPMENT_KEY, "production does not sign with a development key")
    return signer


def pin_guard(settings: Settings) -> FilePinGuard:
    """Return the memory of refused PINs of this installation."""
    return FilePinGuard(Home(settings.home).refused_pins)


def certificates_of(path: Path, setting: str) -> list[x509.Certificate]:
    """Return the certificates of a PEM file that a setting names.

    Raises:
        Rejected(SETTINGS_INVALID): It cannot be read.
    """
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as exc:
        raise Rejected(Code.SETTINGS_INVALID, f"cannot be read: {path.name}", subject=setting) from exc


def desk_policy(settings: Settings) -> DeskPolicy | None:
    """Return who may sign from elsewhere; None where nobody may.

    Raises:
        Rejected(SETTINGS_INVALID): The file cannot be read or names no signer.
        Rejected(DEVELOPMENT_KEY): Production would take signatures of a development key.
    """
    if settings.signing_certificates is None:
        return None
    heap = certificates_of(settings.signing_certificates, "signing_certificates")
    keys = {
        each.fingerprint(hashes.SHA256()).hex(): AbsentKey(each, chain_of(each, heap))
        for each in heap
        if not is_authority(each)
    }
    if not keys:
        raise Rejected(Code.SETTINGS_INVALID, "no signer's certificate", subject="signing_certificates")
    if settings.profile is Profile.PRODUCTION and any(key.development for key in keys.values()):
        raise Rejected(Code.DEVELOPMENT_KEY, "production takes no signature of a development key")
    return DeskPolicy(keys, settings.signing_most, settings.signing_minutes * 60)


def _token(settings: Settings, driver: Path) -> TokenSettings:
    file = settings.token_certificate_file
    return TokenSettings(
        driver=str(driver),
        pin=pin_source(settings.token_pin),
        label=settings.token_label,
        serial=settings.token_serial,
        key_label=settings.token_key_label,
        key_id=settings.token_key_id,
        certificates=tuple(certificates_of(file, "token_certificate_file")) if file else (),
        rsa_scheme=settings.rsa_scheme,
        seconds=settings.token_seconds,
        development_allowed=settings.profile is Profile.DEMO,
    )
