"""The keys of an office: the one at hand, and those that may sign from elsewhere."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives import hashes

from dossier.errors import Code, Rejected
from hososo.home import Home
from hososo.pin_guard import FilePinGuard
from hososo.secrets import read_password
from hososo.settings import Profile, Settings
from hososo.token_settings import certificates_of, key_from_file, token_settings
from pipeline.services import DeskPolicy
from signing.chain import chain_of, is_authority
from signing.elsewhere import AbsentKey
from signing.peer import Peer
from signing.port import Signer
from signing.remote import RemoteSigner
from signing.token import TokenSigner


def configured_signer(settings: Settings) -> Signer | None:
    """Return the signer that the settings name, None when they name none.

    A token is not touched before its first use: an office whose token lies in the safe digitises all the same, and
    its documents wait.

    Raises:
        Rejected: DEVELOPMENT_KEY when production is asked to sign with a development key; SETTINGS_INVALID when a
            passphrase lies open to every account, or more than one key is named.
        Unavailable: KEY_UNAVAILABLE or KEY_TOO_WEAK, from a key file.
    """
    if sum((settings.key_file is not None, settings.token_driver is not None, bool(settings.signing_service))) > 1:
        raise Rejected(Code.SETTINGS_INVALID, "exclude each other", subject="key_file, token_driver, signing_service")
    if settings.signing_service:
        return _remote(settings)
    if settings.token_driver is not None:
        return TokenSigner(token_settings(settings, settings.token_driver), pin_guard(settings))
    if settings.key_file is None:
        return None
    return key_from_file(settings, settings.key_file, settings.key_passphrase_file)


def officer_signer(settings: Settings) -> Signer | None:
    """Return the key of the officer who compared, None where none is kept here.

    Raises:
        Rejected, Unavailable: As `configured_signer`, from a key file.
    """
    if settings.officer_key_file is None:
        return None
    return key_from_file(
        settings, settings.officer_key_file, settings.officer_key_passphrase_file, "officer_key_passphrase_file"
    )


def _remote(settings: Settings) -> RemoteSigner:
    policy = desk_policy(settings)
    keys = list(policy.keys.values()) if policy else []
    if len(keys) != 1:
        raise Rejected(Code.SETTINGS_INVALID, "the service's one certificate", subject="signing_certificates")
    token = read_password(settings.signing_service_token_file, "signing_service_token_file", settings.profile)
    service = Peer(settings.signing_service, token, settings.signing_service_ca_file)
    return RemoteSigner(keys[0].certificate, keys[0].chain, service=service)


def pin_guard(settings: Settings) -> FilePinGuard:
    """Return the memory of refused PINs of this installation."""
    return FilePinGuard(Home(settings.home).refused_pins)


def desk_policy(settings: Settings) -> DeskPolicy | None:
    """Return who may sign from elsewhere; None where nobody may.

    Raises:
        Rejected(SETTINGS_INVALID): The file cannot be read or names no signer.
        Rejected(DEVELOPMENT_KEY): Production would take signatures of a development key.
    """
    keys = _keys(settings, settings.signing_certificates, "signing_certificates")
    officers = _keys(settings, settings.officer_certificates, "officer_certificates")
    if not keys and not officers:
        return None
    return DeskPolicy(
        keys, settings.signing_most, settings.signing_minutes * 60, officers, settings.signing_prepared_only
    )


def check_roles(agency: Signer | None, officer: Signer | None, policy: DeskPolicy | None) -> None:
    """Refuse a key that would sign in both roles: that proves nothing about two people.

    A token's certificate is not looked at: that would touch it.

    Raises:
        Rejected(SETTINGS_INVALID): There is such a key.
    """
    of_agency, of_officers = _known(agency), _known(officer)
    if policy is not None:
        of_agency, of_officers = of_agency | policy.keys.keys(), of_officers | policy.officers.keys()
    if of_agency & of_officers:
        raise Rejected(Code.SETTINGS_INVALID, "one key in two roles", subject="officer_certificates, officer_key_file")


def _known(key: Signer | None) -> set[str]:
    return (
        set() if key is None or isinstance(key, TokenSigner) else {key.certificate.fingerprint(hashes.SHA256()).hex()}
    )


def _keys(settings: Settings, file: Path | None, setting: str) -> dict[str, AbsentKey]:
    if file is None:
        return {}
    heap = certificates_of(file, setting)
    keys = {
        each.fingerprint(hashes.SHA256()).hex(): AbsentKey(each, chain_of(each, heap))
        for each in heap
        if not is_authority(each)
    }
    if not keys:
        raise Rejected(Code.SETTINGS_INVALID, "no signer's certificate", subject=setting)
    if settings.profile is Profile.PRODUCTION and any(key.development for key in keys.values()):
        raise Rejected(Code.DEVELOPMENT_KEY, "production takes no signature of a development key")
    return keys
