"""A settings file that makes no sense is told as that, with the entry and without its secrets."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from catalog import Catalogue
from dossier.errors import Code, HososoError, Rejected
from hososo.keys import check_roles, desk_policy
from hososo.settings import Profile, Settings, load_settings
from hososo.wiring import signing_parts
from signing.development_pki import ensure_development_pki


def refused(home: Path, text: bytes) -> HososoError:
    """Return what a settings file ends in."""
    (home / "hososo.toml").write_bytes(text)
    with pytest.raises(HososoError) as caught:
        signing_parts(load_settings(home))
    return caught.value


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (b"\xff\xfe", "hososo.toml"),
        (b"a=" + b"[" * 100_000, "hososo.toml"),
        (b"workers = 1e400", "workers"),
        (b'workers = "many"', "workers"),
        (b'engine = "abacus"', "engine"),
        (b'search = "grep"', "search"),
        (b"unknown = 1", "unknown"),
        (b"profile = [1]", "profile"),
        (b"home = {}", "home"),
        (b'tsa_url = "file:///etc/passwd"', "address"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, text: bytes, named: str) -> None:
    """Encoding, depth, types and choices: each ends in one code."""
    error = refused(tmp_path, text)
    assert error.code is Code.SETTINGS_INVALID
    assert named in error.detail


@pytest.mark.parametrize("url", ["garbage", "foo://user:geheim@x/y", "sqlite+nothing:///x", "http://[::1"])
def test_a_database_that_is_none_is_a_matter_of_settings(url: str) -> None:
    """The URL is not repeated: it may hold a password."""
    with pytest.raises(HososoError) as caught:
        Catalogue(url)
    assert caught.value.code is Code.SETTINGS_INVALID
    assert "geheim" not in str(caught.value)


def test_a_database_that_cannot_be_opened_is_the_worlds_fault(tmp_path: Path) -> None:
    """A disk that is not mounted comes back."""
    catalogue = Catalogue(f"sqlite:///{tmp_path / 'away' / 'x.db'}")
    with pytest.raises(HososoError) as caught:
        catalogue.check_version()
    assert caught.value.code is Code.CATALOGUE_BUSY


@pytest.mark.parametrize(("mode", "code"), [(0o604, Code.SETTINGS_INVALID), (0o600, Code.KEY_UNAVAILABLE)])
def test_production_wants_its_passphrase_to_itself(tmp_path: Path, mode: int, code: Code) -> None:
    """A passphrase that every account may read is refused before the key is tried."""
    secret = tmp_path / "passphrase"
    secret.write_text("geheim\n", encoding="utf-8")
    secret.chmod(mode)
    settings = Settings.model_construct(
        home=tmp_path, profile=Profile.PRODUCTION, key_file=tmp_path / "none.p12", key_passphrase_file=secret
    )
    with pytest.raises(HososoError) as caught:
        signing_parts(settings)
    assert caught.value.code is code


def test_a_passphrase_file_that_is_gone_is_told(tmp_path: Path) -> None:
    """Without it the key is not available; documents wait."""
    text = f'key_file = "{tmp_path}/a.p12"\nkey_passphrase_file = "{tmp_path}/gone"'
    assert refused(tmp_path, text.encode()).code is Code.KEY_UNAVAILABLE


def test_no_key_signs_in_both_roles(tmp_path: Path) -> None:
    """Neither one at hand and one elsewhere, nor two elsewhere, are the same; who signs elsewhere is kept by role."""
    pki = ensure_development_pki(tmp_path / "pki", algorithm="ecdsa")
    file = tmp_path / "pki" / "agency.pem"
    settings = Settings(home=tmp_path, signing_roles="officer,agency", officer_certificates=file)
    policy = desk_policy(settings)
    assert policy is not None
    assert (list(policy.keys), len(policy.officers)) == ([], 1)
    check_roles(None, None, policy)
    both = desk_policy(settings.model_copy(update={"signing_certificates": file}))
    for keys in ((pki.signer, None, policy), (None, None, both), (pki.signer, pki.signer, None)):
        with pytest.raises(Rejected) as caught:
            check_roles(*keys)
        assert caught.value.code is Code.SETTINGS_INVALID


def test_the_roles_have_one_order() -> None:
    """The agency signs last; nothing else can be written down."""
    with pytest.raises(ValidationError):
        Settings.model_validate({"signing_roles": "agency,officer"})
