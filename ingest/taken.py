"""What receiving gives: a look at a file, and its pages one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dossier.digest import of_bytes
from dossier.scan import PageScan


@dataclass(frozen=True, slots=True)
class Inspection:
    """A file as seen before any page is taken: page count, whether it carries a signature, what it is by its bytes."""

    pages: int
    signed: bool
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class TakenPage:
    """One page image, `number` from 1; `sha256` (lower-case hex) is the digest of `data`, `scan` its coding."""

    number: int
    scan: PageScan
    data: bytes
    sha256: str


class PageSource(Protocol):
    """An open file that pages can be taken from in any order."""

    @property
    def pages(self) -> int:
        """Number of pages."""

    @property
    def signed(self) -> bool:
        """Whether the file carries an electronic signature or a place where one is."""

    def take(self, number: int) -> TakenPage:
        """Return page `number`, from 1."""

    def close(self) -> None:
        """Let go of the file."""


def taken(number: int, scan: PageScan, data: bytes) -> TakenPage:
    """Return a taken page with its digest."""
    return TakenPage(number, scan, data, of_bytes(data))
