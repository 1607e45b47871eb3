"""The signing agent's work: one batch, from digests to signatures, beside the token that its clerk has plugged in."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from cryptography.hazmat.primitives import hashes

from dossier.errors import Code, HososoError, Unavailable
from signing.cms import signed_data
from signing.desk_client import Batch, Wanted
from signing.port import Identified

if TYPE_CHECKING:
    from signing.port import Signer

_OVER = (
    Code.SIGNING_SESSION_OVER,
    Code.SIGNING_DESK_UNAVAILABLE,
    Code.TOKEN_DRIVER,
    Code.TOKEN_MISSING,
    Code.TOKEN_AMBIGUOUS,
    Code.TOKEN_REMOVED,
    Code.TOKEN_SILENT,
    Code.PIN_MISSING,
    Code.PIN_WRONG,
    Code.PIN_LOCKED,
    Code.PIN_LAST_TRY,
)
"""After these no further document of the batch can be signed."""
_TRIES, _PAUSE_SECONDS = 3, 2.0


class Desk(Protocol):
    """What is asked of the server; see `signing.desk_client.DeskClient`."""

    def begin(self, certificate: str, most: int) -> Batch:
        """Open a session."""
        ...

    def give(self, session: str, request: str, cms: bytes) -> None:
        """Bring a signature."""
        ...

    def fail(self, session: str, request: str, code: Code) -> None:
        """Tell that there is none."""
        ...

    def end(self, session: str) -> None:
        """Close a session."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a batch ended; `stopped` is what ended it before its last document."""

    listed: int
    signed: int
    failures: tuple[tuple[Wanted, Code], ...] = ()
    stopped: HososoError | None = None


def sign_batch(
    desk: Desk,
    signer: Signer,
    most: int,
    agreed: Callable[[Sequence[Wanted]], bool],
    pause: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Take a batch, show it, sign it and bring it back, one document after the other.

    Args:
        desk: The server's.
        signer: The key; a token is asked for its PIN once, after the list was agreed to, where it shows its certificate
            without one.
        most: Documents at most.
        agreed: Shows the list to a person and returns whether it is to be signed.
        pause: Waits some seconds before the network is tried again.

    Returns:
        What was signed. A document that fails does not stop the others; a token or server that is gone does.

    Raises:
        HososoError: No session was opened: the key, the server or the certificate is at fault.
    """
    certificate = signer.identified() if isinstance(signer, Identified) else signer.certificate
    batch = desk.begin(certificate.fingerprint(hashes.SHA256()).hex(), most)
    signed, failures, stopped = 0, [], None
    try:
        for wanted in batch.wanted if batch.wanted and agreed(batch.wanted) else ():
            try:
                _sign(desk, signer, batch.session, wanted, pause)
                signed += 1
            except HososoError as exc:
                failures.append((wanted, exc.code))
                if exc.code in _OVER:
                    stopped = exc
                    break
    finally:
        _quietly(lambda: desk.end(batch.session))
    return Outcome(len(batch.wanted), signed, tuple(failures), stopped)


def _sign(desk: Desk, signer: Signer, session: str, wanted: Wanted, pause: Callable[[float], None]) -> None:
    try:
        cms = signed_data(wanted.digest, wanted.algorithm, signer)
    except HososoError as exc:
        code = exc.code
        _quietly(lambda: desk.fail(session, wanted.request, code))
        raise
    for attempt in range(1, _TRIES + 1):  # the key was used: a network that stumbles must not waste that
        try:
            desk.give(session, wanted.request, cms)
        except Unavailable:
            if attempt == _TRIES:
                raise
            pause(_PAUSE_SECONDS * attempt)
        else:
            return


def _quietly(tell: Callable[[], None]) -> None:
    """Tell the server what it would find out by itself when the session's time is over."""
    try:
        tell()
    except HososoError:
        return
