"""The key that is at hand, as the settings name it; also on Windows, so nothing here needs Unix or a home folder."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from pathlib import Path

from cryptography import x509

from dossier.errors import Code, Rejected
from hososo.secrets import read_secret
from hososo.settings import Profile, Settings
from signing.keys import KeySigner
from signing.pin import pin_source
from signing.pkcs12 import load_pkcs12
from signing.token import TokenSettings


def token_settings(settings: Settings, driver: Path, ask: Callable[[], str] = getpass.getpass) -> TokenSettings:
    """Return which token and key are meant; `ask` asks a person for its PIN.

    Raises:
        Rejected(SETTINGS_INVALID): `token_pin` names no source, or `token_certificate_file` cannot be read.
    """
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
        ask=ask,
    )


def key_from_file(
    settings: Settings, path: Path, passphrase_file: Path | None, setting: str = "key_passphrase_file"
) -> KeySigner:
    """Return the key in a PKCS#12 file; `setting` names the one that names the file of its passphrase.

    Raises:
        Rejected: DEVELOPMENT_KEY when production is asked to sign with a development key; SETTINGS_INVALID when its
            passphrase lies open to every account.
        Unavailable: KEY_UNAVAILABLE or KEY_TOO_WEAK.
    """
    passphrase = read_secret(passphrase_file, setting, settings.profile)
    signer = load_pkcs12(path, passphrase, settings.rsa_scheme)
    if signer.development and settings.profile is Profile.PRODUCTION:
        raise Rejected(Code.DEVELOPMENT_KEY, "production does not sign with a development key")
    return signer


def certificates_of(path: Path, setting: str) -> list[x509.Certificate]:
    """Return the certificates of a PEM file that a setting names.

    Raises:
        Rejected(SETTINGS_INVALID): It cannot be read.
    """
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as exc:
        raise Rejected(Code.SETTINGS_INVALID, f"cannot be read: {path.name}", subject=setting) from exc
