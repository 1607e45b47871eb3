"""What a token may answer that SoftHSM never does: locked PINs, last tries, broken values; and where PINs come from."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from pkcs11 import Mechanism
from pkcs11 import exceptions as fault

import signing.token
from dossier.errors import Code, HososoError, Rejected, Unavailable
from hososo.pin_guard import FilePinGuard
from signing.pin import pin_source, read_pin
from signing.port import Scheme
from signing.signature_value import der_of_raw
from signing.token import TokenSettings, TokenSigner
from signing.token_driver import Failed, Token
from signing.token_mechanisms import mechanism_of

SECRET = "86420"  # noqa: S105 - made up


def raising(error: Exception) -> Any:  # noqa: ANN401 - stands for python-pkcs11's classes
    """Return a function that raises."""

    def call(*_: object, **__: object) -> None:
        """Raise."""
        raise error

    return call


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (fault.PinIncorrect(), Code.PIN_WRONG),
        (fault.PinLenRange(), Code.PIN_WRONG),
        (fault.PinLocked(), Code.PIN_LOCKED),
        (fault.PinExpired(), Code.PIN_LOCKED),
        (fault.UserPinNotInitialized(), Code.PIN_LOCKED),
        (fault.TokenNotPresent(), Code.TOKEN_REMOVED),
        (fault.DeviceMemory(), Code.TOKEN_REFUSED),
    ],
)
def test_each_answer_to_a_login_has_its_code(error: Exception, code: Code) -> None:
    """The driver's own text does not go on: nobody knows what a maker writes there."""
    token = Token()
    token._token = SimpleNamespace(open=raising(error))
    with pytest.raises(Failed) as caught:
        token.login(SECRET, "", "")
    assert caught.value.code is code
    assert caught.value.detail == type(error).__name__


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (fault.SessionHandleInvalid(), Code.TOKEN_REMOVED),
        (fault.DeviceRemoved(), Code.TOKEN_REMOVED),
        (fault.FunctionFailed(), Code.TOKEN_REFUSED),
    ],
)
def test_each_answer_to_signing_has_its_code(error: Exception, code: Code) -> None:
    """A pulled token is told apart from one that refuses."""
    token = Token()
    token._token = SimpleNamespace(slot=SimpleNamespace(get_mechanisms=lambda: {Mechanism.ECDSA}))
    token._key = SimpleNamespace(sign=raising(error))
    with pytest.raises(Failed) as caught:
        token.sign(b"", Scheme.ECDSA, "sha256")
    assert caught.value.code is code


class Scripted:
    """A token's process that finds one token with given flags and counts logins."""

    logins = 0

    def __init__(self, *, locked: bool = False, last_try: bool = False) -> None:
        self.flags = {"locked": locked, "last_try": last_try}

    def ask(self, request: dict[str, Any], _seconds: float) -> dict[str, Any]:
        """Answer."""
        if request["do"] == "find":
            return {"ok": {"serial": "1", **self.flags}}
        Scripted.logins += 1
        return {"failed": "PIN_WRONG", "detail": "PinIncorrect"}

    def close(self) -> None:
        """End."""


@pytest.mark.parametrize(("flag", "code"), [("locked", Code.PIN_LOCKED), ("last_try", Code.PIN_LAST_TRY)])
def test_the_last_try_is_left_to_people(monkeypatch: pytest.MonkeyPatch, flag: str, code: Code) -> None:
    """A token that says so is not logged in to."""
    monkeypatch.setattr(signing.token, "TokenProcess", lambda: Scripted(**{flag: True}))
    monkeypatch.setenv("HOSOSO_TEST_PIN", SECRET)
    Scripted.logins = 0
    with pytest.raises(Unavailable) as caught:
        TokenSigner(TokenSettings("driver", pin_source("env:HOSOSO_TEST_PIN"))).sign(b"", "sha256")
    assert caught.value.code is code
    assert Scripted.logins == 0


def test_all_workers_of_a_host_share_one_try(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Over restarts too, until a person says that the PIN was corrected."""
    monkeypatch.setattr(signing.token, "TokenProcess", Scripted)
    monkeypatch.setenv("HOSOSO_TEST_PIN", SECRET)
    Scripted.logins = 0

    def refused() -> Code:
        """Return the answer that a fresh worker gets."""
        guard = FilePinGuard(tmp_path / "refused")
        with pytest.raises(HososoError) as caught:
            TokenSigner(TokenSettings("driver", pin_source("env:HOSOSO_TEST_PIN")), guard).sign(b"", "sha256")
        return caught.value.code

    assert {refused() for _ in range(4)} == {Code.PIN_WRONG}
    assert Scripted.logins == 1
    assert FilePinGuard(tmp_path / "refused").forgive() == 1
    assert refused() is Code.PIN_WRONG
    assert Scripted.logins == 2
    assert SECRET not in "".join(path.read_text() for path in (tmp_path / "refused").iterdir())


@pytest.mark.parametrize("text", [SECRET, "", "fd:x", "fd:²", "env:", "pass:" + SECRET, "prompt:1"])
def test_a_pin_is_no_source(text: str) -> None:
    """Whoever writes the PIN itself where its source belongs does not find it in an error."""
    with pytest.raises(Rejected) as caught:
        pin_source(text)
    assert caught.value.code is Code.SETTINGS_INVALID
    assert SECRET not in str(caught.value)


def test_a_prompt_needs_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker has no terminal: it does not wait for one."""
    source = pin_source("prompt")
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: False))
    with pytest.raises(Unavailable) as caught:
        read_pin(source, lambda: SECRET)
    assert caught.value.code is Code.PIN_MISSING
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    assert read_pin(source, lambda: SECRET) == SECRET


@pytest.mark.parametrize("digest", ["sha256", "sha384", "sha512"])
def test_old_tokens_get_the_hash(digest: str) -> None:
    """A token that does not hash gets the hash, for RSA in a DigestInfo, whose length gives it away."""
    size = int(digest[3:]) // 8
    wrapped = mechanism_of(Scheme.RSA_PKCS1, digest, [Mechanism.RSA_PKCS])
    assert (wrapped.mechanism, len(wrapped.prepared(b"data"))) == (Mechanism.RSA_PKCS, size + 19)
    bare = mechanism_of(Scheme.RSA_PSS, digest, [Mechanism.RSA_PKCS_PSS])
    assert (bare.mechanism, len(bare.prepared(b"data"))) == (Mechanism.RSA_PKCS_PSS, size)


def test_raw_values_become_der() -> None:
    """Two halves, however they begin; what cannot be halved is refused."""
    assert decode_dss_signature(der_of_raw(b"\x00" * 31 + b"\x07" + b"\xff" * 32)) == (7, 2**256 - 1)
    for odd in (b"", b"\x01" * 63):
        with pytest.raises(ValueError, match="equally"):
            der_of_raw(odd)
