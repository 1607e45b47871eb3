"""What is asked of a way to the one-stop software, whichever it is: a folder, batch files, HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from dossier.errors import HososoError
from dossier.portal import Answer


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a package: its name, digest and size, and how to open it."""

    name: str
    sha256: str
    size: int
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A package ready to be sent.

    Attributes:
        key: Its idempotency key.
        code: Code of the dossier.
        version: Of the package.
        message: What is sent, as JSON values (docs/return-protocol.md).
        rows: The same as rows of a table, one a document, by column.
        attachments: The files themselves, for ways that carry them.
    """

    key: str
    code: str
    version: int
    message: Mapping[str, Any]
    rows: tuple[Mapping[str, str], ...]
    attachments: tuple[Attachment, ...]


Reply = Answer | HososoError
"""What became of sending one package: an answer, or why there is none. An error means that nothing is known."""


class Way(Protocol):
    """A way to send packages.

    Sending the same package again changes nothing for the other side and asks for its answer again. What is returned
    has one reply a package, in their order. A way that raises has sent nothing, or it is not known what.
    """

    @property
    def name(self) -> str:
        """What the settings call it."""

    @property
    def asks(self) -> bool:
        """Whether sending again brings the answer; where not, it comes in a file by itself."""

    @property
    def carries_files(self) -> bool:
        """Whether the files go along; where not, links to them have to be given."""

    def send(self, parcels: Sequence[Parcel]) -> list[Reply]:
        """Send some packages.

        Raises:
            Unavailable(PORTAL_UNAVAILABLE): Nobody can be reached now; nothing is lost by trying again.
            Rejected(PORTAL_REFUSED): We are not let in: a person has to see to it.
        """

    def check(self) -> None:
        """Raise what `send` would raise before anything is sent, as far as that can be told."""
