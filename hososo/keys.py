"""The keys of an office: the one at hand, and those that may sign from elsewhere."""

from __future__ import annotations

from cryptography.hazmat.primitives import hashes

from dossier.errors import Code, Rejected
from hososo.home import Home
from hososo.pin_guard import FilePinGuard
from hososo.settings import Profile, Settings
from hososo.token_settings import certificates_of, key_from_file, token_settings
from pipeline.services import DeskPolicy
from signing.chain import chain_of, is_authority
from signing.elsewhere import AbsentKey
from signing.port import Signer
from signing.token import TokenSigner


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
        return TokenSigner(token_settings(settings, settings.token_driver), pin_guard(settings))
    return key_from_file(settings, settings.key_file) if settings.key_file is not None else None


def pin_guard(settings: Settings) -> FilePinGuard:
    """Return the memory of refused PINs of this installation."""
    return FilePinGuard(Home(settings.home).refused_pins)


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
