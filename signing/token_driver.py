"""A token through its PKCS#11 driver; the one door to python-pkcs11. Runs in the token's own child process only.

python-pkcs11 keeps one driver per process, initialised once; endesive's own PKCS#11 module (PyKCS11) is never loaded
here, because two libraries over one driver would end each other's sessions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pkcs11
from pkcs11 import Attribute, ObjectClass, TokenFlag
from pkcs11 import exceptions as fault

from dossier.errors import Code
from signing.port import Scheme
from signing.signature_value import der_of_raw
from signing.token_mechanisms import mechanism_of

_PULLED = (
    fault.DeviceRemoved,
    fault.TokenNotPresent,
    fault.TokenNotRecognised,
    fault.SessionHandleInvalid,
    fault.SessionClosed,
    fault.ObjectHandleInvalid,
    fault.KeyHandleInvalid,
    fault.UserNotLoggedIn,
    fault.SlotIDInvalid,
)
_CERTIFICATES = {Attribute.CLASS: ObjectClass.CERTIFICATE}
_WRONG_PIN = (fault.PinIncorrect, fault.PinInvalid, fault.PinLenRange, fault.ArgumentsBad)


class Failed(Exception):  # noqa: N818 - travels to the parent as a code
    """What the token did not do, as one of our codes."""

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class Token:
    """One token in one slot, with one session that stays open."""

    def __init__(self) -> None:
        self._token: Any = None
        self._session: Any = None
        self._key: Any = None

    def listed(self, driver: str) -> list[dict[str, object]]:
        """Return label, serial number and certificates' labels of every token that is plugged in; no PIN is used."""
        found = []
        for token in self._tokens(driver):
            with _translated(Code.TOKEN_REFUSED), token.open() as session:
                labels = [str(each[Attribute.LABEL]) for each in session.get_objects(_CERTIFICATES)]
            found.append({"label": token.label, "serial": _serial(token), "certificates": labels})
        return found

    def find(self, driver: str, label: str, serial: str) -> dict[str, object]:
        """Choose a token by label, serial number or both; with neither there must be only one."""
        fitting = [
            token
            for token in self._tokens(driver)
            if label in ("", token.label) and serial.lower() in ("", _serial(token).lower())
        ]
        if len(fitting) != 1:
            raise Failed(Code.TOKEN_AMBIGUOUS if fitting else Code.TOKEN_MISSING, f"{len(fitting)} tokens fit")
        (self._token,) = fitting
        flags = self._token.flags
        return {
            "serial": _serial(self._token),
            "locked": bool(flags & TokenFlag.USER_PIN_LOCKED),
            "last_try": bool(flags & TokenFlag.USER_PIN_FINAL_TRY),
        }

    def shown(self, key_label: str, key_id: str) -> dict[str, object]:
        """Return the certificates that may be the key's, as far as the chosen token shows them without a PIN."""
        wanted: dict[Any, Any] = dict(_CERTIFICATES)
        if key_label:
            wanted[Attribute.LABEL] = key_label
        if key_id:
            wanted[Attribute.ID] = bytes.fromhex(key_id)
        with _translated(Code.TOKEN_REFUSED), self._token.open() as session:
            values = [bytes(each[Attribute.VALUE]) for each in session.get_objects(wanted)]
        return {"certificates": [each.hex() for each in values]}

    def login(self, pin: str, key_label: str, key_id: str) -> dict[str, object]:
        """Open the session and choose the key; give back every certificate of the token, the key's own first."""
        try:
            self._session = self._token.open(user_pin=pin)
        except _WRONG_PIN as exc:
            raise Failed(Code.PIN_WRONG, type(exc).__name__) from None
        except (fault.PinLocked, fault.PinExpired, fault.UserPinNotInitialized) as exc:
            raise Failed(Code.PIN_LOCKED, type(exc).__name__) from None
        except fault.PKCS11Error as exc:
            code = Code.TOKEN_REMOVED if isinstance(exc, _PULLED) else Code.TOKEN_REFUSED
            raise Failed(code, type(exc).__name__) from None
        with _translated(Code.TOKEN_REFUSED):
            self._key = self._chosen(key_label, key_id)
            own, others = self._certificates(self._key)
        return {"certificates": [each.hex() for each in own], "others": [each.hex() for each in others]}

    def sign(self, data: bytes, scheme: str, digest: str) -> bytes:
        """Return the signature value, in the shape that CMS wants it."""
        with _translated(Code.TOKEN_REFUSED):
            how = mechanism_of(Scheme(scheme), digest, self._token.slot.get_mechanisms())
            value: bytes = self._key.sign(how.prepared(data), mechanism=how.mechanism, mechanism_param=how.parameter)
        try:
            return der_of_raw(value) if scheme == Scheme.ECDSA else value
        except ValueError:
            raise Failed(Code.KEY_MISMATCH, "shape of the value") from None

    def close(self) -> None:
        """Log out and close the session."""
        if self._session is not None:
            with _translated(Code.TOKEN_REMOVED):
                self._session.close()

    def _tokens(self, driver: str) -> list[Any]:
        try:
            library = pkcs11.lib(driver)
        except (fault.PKCS11Error, RuntimeError, OSError, ValueError) as exc:
            raise Failed(Code.TOKEN_DRIVER, type(exc).__name__) from None
        with _translated(Code.TOKEN_DRIVER):
            slots = library.get_slots(token_present=True)
            tokens = [slot.get_token() for slot in slots]
        return [token for token in tokens if token.flags & TokenFlag.TOKEN_INITIALIZED]

    def _chosen(self, label: str, identifier: str) -> Any:  # noqa: ANN401 - python-pkcs11 makes its classes as it goes
        wanted: dict[Any, Any] = {Attribute.CLASS: ObjectClass.PRIVATE_KEY}
        if label:
            wanted[Attribute.LABEL] = label
        if identifier:
            wanted[Attribute.ID] = bytes.fromhex(identifier)
        keys = list(self._session.get_objects(wanted))
        if len(keys) != 1:
            raise Failed(Code.KEY_AMBIGUOUS if keys else Code.KEY_NOT_FOUND, f"{len(keys)} keys fit")
        return keys[0]

    def _certificates(self, key: Any) -> tuple[list[bytes], list[bytes]]:  # noqa: ANN401
        own: list[bytes] = []
        others: list[bytes] = []
        for found in self._session.get_objects(_CERTIFICATES):
            (own if found[Attribute.ID] == key[Attribute.ID] else others).append(bytes(found[Attribute.VALUE]))
        return own, others


def _serial(token: Any) -> str:  # noqa: ANN401
    serial = token.serial
    return (serial.decode(errors="replace") if isinstance(serial, bytes) else str(serial)).strip()


@contextmanager
def _translated(otherwise: Code) -> Iterator[None]:
    """Turn the driver's errors into ours; their texts are not passed on, because nobody knows what is in them."""
    try:
        yield
    except fault.PKCS11Error as exc:
        code = Code.TOKEN_REMOVED if isinstance(exc, _PULLED) else otherwise
        raise Failed(code, type(exc).__name__) from None
