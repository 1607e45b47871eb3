"""A signer whose key is in a token or an HSM behind a PKCS#11 driver.

The driver runs in a child process (`token_process`): it is asked with a time limit and may hang or crash. The session
is opened at the first use and kept for all that follow. When the token was pulled, the next use opens a new session,
but only with the token of the same serial number; a PIN that was refused is not tried again (`pin_guard`).
"""

from __future__ import annotations

import getpass
import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from dossier.errors import Code, Rejected, Unavailable
from signing import key_rules
from signing.chain import chain_of, is_authority
from signing.keys import common_name
from signing.pin import PinSource, read_pin
from signing.pin_guard import OneTry, PinGuard
from signing.port import Scheme, is_development
from signing.signature_value import check_value
from signing.token_process import Ended, Message, Silent, TokenProcess


@dataclass(frozen=True, slots=True)
class TokenSettings:
    """Which key, and how it is reached.

    Attributes:
        driver: Path of the maker's PKCS#11 library.
        pin: Where its PIN comes from.
        label: The token's label; empty: any.
        serial: Its serial number; empty: any. With both empty there must be only one token.
        key_label: The key's label; empty: any.
        key_id: Its CKA_ID in hexadecimal digits; empty: any. With both empty there must be only one private key.
        certificates: From a file, for tokens that lack the key's certificate or those of its issuers.
        rsa_scheme: How an RSA key signs; None: as the rule in force says.
        seconds: How long one call to the driver may take.
        development_allowed: Whether a certificate of a development PKI may sign.
        ask: Asks a person for the PIN, without showing what is typed.
    """

    driver: str
    pin: PinSource
    label: str = ""
    serial: str = ""
    key_label: str = ""
    key_id: str = ""
    certificates: tuple[x509.Certificate, ...] = ()
    rsa_scheme: Scheme | None = None
    seconds: float = 30.0
    development_allowed: bool = True
    ask: Callable[[], str] = getpass.getpass


@dataclass(frozen=True, slots=True)
class _Opened:
    process: TokenProcess
    owner: int
    serial: str
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    scheme: Scheme


class TokenSigner:
    """A `Signer` over a token. Safe for threads, one at a time, and for a process that was forked from its user's."""

    def __init__(self, settings: TokenSettings, guard: PinGuard | None = None) -> None:
        self._settings = settings
        self._guard = guard or OneTry()
        self._lock = threading.RLock()
        self._opened: _Opened | None = None
        self._serial = settings.serial
        self._pin = ""
        self._named: x509.Certificate | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"TokenSigner({self._settings.label or self._settings.serial!r})"

    @property
    def name(self) -> str:
        """Common name of the certificate's subject."""
        return common_name(self.certificate.subject)

    @property
    def development(self) -> bool:
        """Whether a subject in the chain says so."""
        return is_development((self.certificate, *self.chain))

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate of the key."""
        return self._open().certificate

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """Its issuers, as far as token or file hold them, without the root."""
        return self._open().chain

    @property
    def scheme(self) -> Scheme:
        """How the key signs."""
        return self._open().scheme

    def identified(self) -> x509.Certificate:
        """Return the certificate of the key before a PIN is asked for, where the token shows just one that fits.

        Whatever is signed later is signed by this very one, or not at all.

        Raises:
            Unavailable: As `certificate`.
        """
        with self._lock:
            if self._opened is not None or self._named is not None:
                return self._named or self.certificate
            self._named = self._looked_at()
        return self._named or self.certificate

    def sign(self, data: bytes, digest: str) -> bytes:
        """Return the signature value over `data`, hashed with `digest`; it was checked with the certificate."""
        key_rules.in_force().check_digest(digest)
        with self._lock:
            opened = self._open()
            order = {"do": "sign", "data": data.hex(), "scheme": opened.scheme.value, "digest": digest}
            try:
                value = bytes.fromhex(_asked(opened.process, order, self._settings.seconds)["value"])
            except Unavailable:
                self._drop()  # whatever happened, a fresh session is the only one to rely on
                raise
        try:
            check_value(opened.certificate, opened.scheme, digest, data, value)
        except InvalidSignature:
            raise Unavailable(Code.KEY_MISMATCH, "the value does not verify") from None
        return value

    def close(self) -> None:
        """Close the session and end the child. Safe to call twice; a later use opens anew."""
        with self._lock:
            opened, self._opened = self._opened, None
            if opened is not None and opened.owner == os.getpid():
                opened.process.end()

    def _drop(self) -> None:
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.process.close()

    def _open(self) -> _Opened:
        with self._lock:
            if self._opened is not None and self._opened.owner != os.getpid():
                self._opened.process.abandon()  # forked: the child and its session are the parent's
                self._opened = None
            if self._opened is None:
                self._opened = self._new_session()
                self._serial = self._opened.serial
            return self._opened

    def _looked_at(self) -> x509.Certificate | None:
        settings, process = self._settings, TokenProcess()
        try:
            self._serial = str(self._found(process)["serial"])
            order = {"do": "shown", "key_label": settings.key_label, "key_id": settings.key_id}
            shown = _loaded(_asked(process, order, settings.seconds)["certificates"])
        finally:
            process.end()
        fitting = [each for each in shown or settings.certificates if not is_authority(each)]
        return fitting[0] if len(fitting) == 1 else None

    def _found(self, process: TokenProcess) -> Message:
        settings = self._settings
        wanted = {"do": "find", "driver": settings.driver, "label": settings.label, "serial": self._serial}
        return _asked(process, wanted, settings.seconds)

    def _new_session(self) -> _Opened:
        settings, process = self._settings, TokenProcess()
        try:
            found = self._found(process)
            serial = str(found["serial"])
            _check_tries(found)
            known = self._login(process, serial)
            certificate, chain = self._certificates(known)
            scheme = key_rules.in_force().scheme_of(certificate, settings.rsa_scheme)
            return _Opened(process, os.getpid(), serial, certificate, chain, scheme)
        except BaseException:
            process.close()
            raise

    def _login(self, process: TokenProcess, serial: str) -> Message:
        settings = self._settings
        with self._guard.trying(serial, settings.pin.stamp):
            pin = self._pin or read_pin(settings.pin, settings.ask)
            order = {"do": "login", "pin": pin, "key_label": settings.key_label, "key_id": settings.key_id}
            known = _asked(process, order, settings.seconds)
        self._pin = pin
        return known

    def _certificates(self, known: Message) -> tuple[x509.Certificate, tuple[x509.Certificate, ...]]:
        own, others = _loaded(known["certificates"]), _loaded(known["others"])
        candidates = [*own, *self._settings.certificates]
        certificate = next((each for each in candidates if not is_authority(each)), None)
        if certificate is None:
            raise Unavailable(Code.KEY_WITHOUT_CERTIFICATE, f"{len(own)} certificates with the key's id")
        if self._named not in (None, certificate):
            raise Unavailable(Code.KEY_MISMATCH, "another certificate than the token shows without a PIN")
        chain = chain_of(certificate, [*own, *others, *self._settings.certificates])
        if not self._settings.development_allowed and is_development((certificate, *chain)):
            raise Rejected(Code.DEVELOPMENT_KEY, "production does not sign with a development key")
        return certificate, chain


def listed(driver: str, seconds: float) -> list[Message]:
    """Return the tokens that a driver sees: `label`, `serial`, and the labels of the `certificates` on each.

    Raises:
        Unavailable: TOKEN_DRIVER, TOKEN_SILENT or TOKEN_REFUSED.
    """
    process = TokenProcess()
    try:
        tokens: list[Message] = _asked(process, {"do": "list", "driver": driver}, seconds)["tokens"]
    finally:
        process.end()
    return tokens


def _asked(process: TokenProcess, request: Message, seconds: float) -> Message:
    try:
        answer = process.ask(request, seconds)
        if "failed" in answer:
            raise Unavailable(Code(answer["failed"]), str(answer["detail"]))
        done: Message = answer["ok"]
    except Silent:
        raise Unavailable(Code.TOKEN_SILENT, f"{request['do']}: nothing in {seconds:g} s") from None
    except Ended:
        raise Unavailable(Code.TOKEN_DRIVER, f"{request['do']}: the driver's process ended") from None
    return done


def _check_tries(found: Message) -> None:
    if found["locked"]:
        raise Unavailable(Code.PIN_LOCKED, "says the token")
    if found["last_try"]:
        raise Unavailable(Code.PIN_LAST_TRY, "says the token")


def _loaded(certificates: Iterable[str]) -> list[x509.Certificate]:
    try:
        return [x509.load_der_x509_certificate(bytes.fromhex(each)) for each in certificates]
    except ValueError as exc:
        raise Unavailable(Code.KEY_WITHOUT_CERTIFICATE, "not to be read") from exc
