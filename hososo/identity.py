"""The identity provider that the settings name, as an object; nothing is asked of it yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from dossier.errors import Code, Rejected
from hososo.secrets import read_password
from hososo.settings import Settings
from web.identity.asking import Line
from web.identity.discovery import is_own, is_safe
from web.identity.provider import Client, Provider


def identity_provider(settings: Settings, now: Callable[[], datetime] | None = None) -> Provider | None:
    """Return the office's identity provider; None where the settings name none.

    Args:
        settings: Of the installation.
        now: The time that tokens are held against; None: of this machine.

    Raises:
        Rejected(SETTINGS_INVALID): They do not fit together, or an address has no TLS and is not of this machine.
        Unavailable(KEY_UNAVAILABLE): The file of the secret cannot be read.
    """
    if not settings.oidc_issuer:
        return None
    for name in ("oidc_client_id", "site_address"):
        if not getattr(settings, name):
            raise Rejected(Code.SETTINGS_INVALID, "is needed for oidc_issuer", subject=name)
    for name in ("oidc_issuer", "site_address"):
        address = getattr(settings, name)
        if not is_safe(address, own=is_own(address)) or "?" in address:
            raise Rejected(Code.SETTINGS_INVALID, "https:// is wanted, without a question mark", subject=name)
    return Provider(_client(settings), now or (lambda: datetime.now(UTC)))


def _client(settings: Settings) -> Client:
    secret = read_password(settings.oidc_client_secret_file, "oidc_client_secret_file", settings.profile)
    if settings.oidc_client_secret_file is not None and not (secret.isascii() and secret.isprintable() and secret):
        raise Rejected(Code.SETTINGS_INVALID, "no secret", subject="oidc_client_secret_file")
    return Client(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        secret=secret,
        site=settings.site_address.rstrip("/"),
        label=settings.oidc_label,
        claim=settings.oidc_claim,
        second_factor=frozenset(settings.oidc_second_factor.replace(",", " ").split()),
        youngest=int(settings.oidc_minutes * 60),
        line=Line(settings.oidc_ca_file, settings.oidc_seconds),
    )
