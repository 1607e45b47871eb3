"""What the settings say of an identity provider: whole and safe, or told before anybody tries to sign in."""

from __future__ import annotations

from pathlib import Path

import pytest

from dossier.errors import Code, Rejected, Unavailable
from hososo.identity import identity_provider
from hososo.settings import Profile, Settings

WHOLE = {
    "oidc_issuer": "https://sso.example/realms/x",
    "oidc_client_id": "hososo",
    "site_address": "https://kho.example/",
}


def test_without_an_issuer_there_is_none() -> None:
    """Passwords alone, as ever."""
    assert identity_provider(Settings(oidc_client_id="hososo")) is None


def test_what_is_registered_there_follows_from_the_site() -> None:
    """Not from what a browser says that our name is."""
    made = identity_provider(Settings(**WHOLE, oidc_second_factor="otp, hwk", oidc_minutes=2))
    assert made is not None
    assert made.client.callback == "https://kho.example/login/provider/callback"
    assert made.client.after == "https://kho.example/login"
    assert (made.client.second_factor, made.client.youngest) == (frozenset({"otp", "hwk"}), 120)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("oidc_client_id", ""),
        ("site_address", ""),
        ("site_address", "http://kho.example"),
        ("oidc_issuer", "http://sso.example"),
        ("oidc_issuer", "sso.example"),
        ("oidc_issuer", "https://sso.example/?realm=x"),
        ("oidc_issuer", "https://sso.example/#x"),
        ("oidc_issuer", "https://user:word@sso.example/"),
        ("oidc_issuer", "file:///etc/passwd"),
    ],
)
def test_what_does_not_fit_is_named(name: str, value: str) -> None:
    """An address without TLS, or that is none; a name that is missing."""
    with pytest.raises(Rejected) as caught:
        identity_provider(Settings(**{**WHOLE, name: value}))
    assert (caught.value.code, caught.value.subject) == (Code.SETTINGS_INVALID, name)


def test_the_secret_is_read_from_a_file_of_its_own(tmp_path: Path) -> None:
    """One that everybody may read, an empty one, one that is not there: told; and nothing shows the secret."""
    file = tmp_path / "secret"
    file.write_text("s3cret of the client\n", encoding="ascii")
    file.chmod(0o600)
    made = identity_provider(Settings(**WHOLE, oidc_client_secret_file=file, profile=Profile.PRODUCTION))
    assert made is not None
    assert made.client.secret == "s3cret of the client"  # noqa: S105 - made up
    assert "s3cret" not in repr(made.client)
    file.chmod(0o644)
    with pytest.raises(Rejected) as caught:
        identity_provider(Settings(**WHOLE, oidc_client_secret_file=file, profile=Profile.PRODUCTION))
    assert caught.value.subject == "oidc_client_secret_file"
    file.write_text("", encoding="ascii")
    with pytest.raises(Rejected):
        identity_provider(Settings(**WHOLE, oidc_client_secret_file=file))
    with pytest.raises(Unavailable):
        identity_provider(Settings(**WHOLE, oidc_client_secret_file=tmp_path / "nowhere"))
