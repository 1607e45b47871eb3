"""Hand-overs: what a station or a counter gives, as a whole or not at all: a component of a dossier, or a stack."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dossier.collation import Collation
from dossier.errors import Code, Rejected
from dossier.text import nfc

_COMPONENT = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9_-]{0,59})?")
_KEY = re.compile(r"[A-Za-z0-9._~-]{1,64}")
_LONGEST_NAME = 120  # bytes: what a file system takes less what is put behind a name that is taken
_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(1, 10))}
_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".tmp")


class HandOverState(StrEnum):
    """The life of a hand-over; the values are stored."""

    OPEN = "open"  # takes files
    COMMITTED = "committed"  # whole; waits until the dossier can take it
    PLACED = "placed"  # delivered to the workers
    ABANDONED = "abandoned"  # taken back, or never finished: nothing of it is left


@dataclass(frozen=True, slots=True)
class HandOver:
    """What is handed over.

    Attributes:
        id: Made here.
        account_id: Who hands it over.
        key: The client's own name for it: the same key is the same hand-over.
        code: Normalised mã hồ sơ; empty for a stack: its separator sheets say where its pages belong.
        component: Code of the component, as the procedure's list has it; empty: nobody said. Of a stack: how it
            is to be collated.
        pages: How many pages somebody has counted; None: nobody did.
        replaces: Names of files of the dossier that these take the place of.
        leaves: Which leaves these papers are, as `dossier.leaves` writes them; empty: nobody said.
        state: How far it is.
        created_at: When it was begun.
        expires_at: When it is abandoned unless it is committed before.
        place: The host whose spool has the files.
        intake_id: The delivery that it became; of a stack: the stack's id, or the code of why there is none.
    """

    id: str
    account_id: str
    key: str
    code: str
    component: str
    pages: int | None
    replaces: tuple[str, ...]
    state: HandOverState
    created_at: datetime
    expires_at: datetime
    place: str = ""
    intake_id: str = ""
    leaves: str = ""

    @property
    def is_stack(self) -> bool:
        """Whether these are papers of several dossiers, scanned as one."""
        return not self.code

    @property
    def collation(self) -> Collation:
        """How the pages of a stack are to be put in order."""
        return Collation(self.component) if self.is_stack else Collation.NONE

    def says_the_same(self, other: HandOver) -> bool:
        """Return whether another of the same key is this one asked for again."""
        return (self.code, self.component, self.pages, self.replaces, self.leaves) == (
            other.code,
            other.component,
            other.pages,
            other.replaces,
            other.leaves,
        )


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """One file of a hand-over.

    Attributes:
        id: Made here.
        hand_over_id: Its hand-over.
        position: Its place in the order, from 1.
        name: As the client calls it, without folders.
        sha256: Digest that its bytes must have; lower-case hex.
        size: Bytes that it must have.
        received: Bytes on the disk for certain.
        is_whole: All of them are, and have the digest.
        placed_as: Its name among the files of the dossier; empty before it is placed.
    """

    id: str
    hand_over_id: str
    position: int
    name: str
    sha256: str
    size: int
    received: int = 0
    is_whole: bool = False
    placed_as: str = ""


def checked_name(name: str) -> str:
    """Return the name of a file without the folders before it.

    Raises:
        Rejected(NAME_UNUSABLE): It could not be kept under this name, or would be taken for one that is unfinished.
    """
    own = nfc(name).replace("\\", "/").rpartition("/")[2].strip()
    odd = any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"} or char in '<>:"|?*' for char in own)
    hidden = not own or own.startswith((".", "~$")) or own.endswith(".")
    device = own.partition(".")[0].lower() in _RESERVED
    if (
        odd
        or hidden
        or device
        or own.lower().endswith(_UNFINISHED)
        or len(own.encode(errors="replace")) > _LONGEST_NAME
    ):
        raise Rejected(Code.NAME_UNUSABLE, "not a plain name of a file")
    return own


def checked_replaced(names: Iterable[str]) -> tuple[str, ...]:
    """Return names of files of a dossier, with their folders, in order.

    Raises:
        Rejected(NAME_UNUSABLE): One leads out of the dossier, or is no name.
    """
    found = tuple(sorted(names))
    for name in found:
        parts = name.split("/")
        if not name.isprintable() or "\\" in name or any(part in ("", ".", "..") for part in parts):
            raise Rejected(Code.NAME_UNUSABLE, "leads out of the dossier", subject="replaces")
    return found


def checked_component(component: str) -> str:
    """Return the code of a component.

    Raises:
        Rejected(COMPONENT_UNKNOWN): It is no such code.
    """
    if not _COMPONENT.fullmatch(component):
        raise Rejected(Code.COMPONENT_UNKNOWN, "not a code of a component")
    return component


def checked_key(key: str) -> str:
    """Return a client's key.

    Raises:
        Rejected(REQUEST_INVALID): It is none.
    """
    if not _KEY.fullmatch(key):
        raise Rejected(Code.REQUEST_INVALID, "a key has 1 to 64 letters, digits, . _ ~ -", subject="key")
    return key
