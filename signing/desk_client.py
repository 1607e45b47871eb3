"""The other side of the signing desk, over HTTP: what an agent asks a server (docs/signing-protocol.md)."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from dossier.errors import Code, Rejected
from dossier.states import SignerRole
from signing.peer import Message, Peer


@dataclass(frozen=True, slots=True)
class Wanted:
    """One document to sign: its digest, and what a person is shown of it."""

    request: str
    digest: bytes
    algorithm: str
    kind: str
    short: str


@dataclass(frozen=True, slots=True)
class Batch:
    """One session and its documents."""

    session: str
    wanted: tuple[Wanted, ...]


@dataclass(frozen=True, slots=True)
class DeskClient(Peer):
    """A server that has a signing desk; see `Peer` for how it is reached.

    `role` is in whose name is signed; `batch` which prepared batch, empty for the one that has waited longest.
    """

    role: SignerRole = SignerRole.AGENCY
    batch: str = ""

    def waiting(self) -> int:
        """Return how many documents wait for this role.

        Raises:
            Unavailable(SIGNING_DESK_UNAVAILABLE): No answer, no trusted TLS, or a server that is busy.
            Rejected(SIGNING_DESK_REFUSED): The server does not let us in, or speaks another version.
        """
        return _number(self.ask("GET", f"waiting?role={self.role}", None), "waiting")

    def begin(self, certificate: str, most: int) -> Batch:
        """Open a session for a certificate, named by its SHA-256; errors as `waiting`, and CERTIFICATE_NOT_ALLOWED."""
        asked: Message = {"certificate": certificate, "most": most, "role": self.role}
        answer = self.ask("POST", "sessions", asked | ({"batch": self.batch} if self.batch else {}))
        try:
            wanted = tuple(
                Wanted(
                    request=str(each["request"]),
                    digest=bytes.fromhex(each["digest"]),
                    algorithm=str(each["algorithm"]),
                    kind=str(each["kind"]),
                    short=str(each["short"]),
                )
                for each in answer["requests"]
            )
            session, role = str(answer["session"]), answer.get("role", SignerRole.AGENCY)
        except (LookupError, TypeError, ValueError):
            raise Rejected(Code.SIGNING_DESK_REFUSED, "answer not understood") from None
        if not session.replace("-", "").replace("_", "").isalnum():
            raise Rejected(Code.SIGNING_DESK_REFUSED, "name of the session")
        if role != self.role:  # a server that knows no roles would have the officer sign as the agency
            raise Rejected(Code.SIGNING_DESK_REFUSED, "role")
        return Batch(session, wanted)

    def give(self, session: str, request: str, cms: bytes) -> None:
        """Bring a signature; errors as `waiting`, and those with which the server refuses it."""
        body = {"request": request, "cms": base64.b64encode(cms).decode()}
        self.ask("POST", f"sessions/{session}/results", body)

    def fail(self, session: str, request: str, code: Code) -> None:
        """Tell that a document was not signed."""
        self.ask("POST", f"sessions/{session}/results", {"request": request, "failed": code.value})

    def end(self, session: str) -> None:
        """Close a session."""
        self.ask("POST", f"sessions/{session}/end", {})


def _number(answer: Message, name: str) -> int:
    value = answer.get(name)
    if not isinstance(value, int):
        raise Rejected(Code.SIGNING_DESK_REFUSED, "answer not understood")
    return value
