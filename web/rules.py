"""What may be asked for, by whom: every page of the site is declared with its rule, and there is no other way in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from starlette.responses import Response

from dossier.people import Account, Permission

if TYPE_CHECKING:
    from web.visit import Visit

Handler = Callable[["Visit"], Response]


class Subject(StrEnum):
    """What the address of a page names; it must be in a unit of the account, else the page is unknown to it."""

    DOSSIER = "dossier"
    DOCUMENT = "document"
    REQUEST = "request"
    HAND_OVER = "hand_over"
    LOT = "lot"
    CODE = "code"
    """A mã hồ sơ that the archive need not have yet."""


class Who(StrEnum):
    """Who may come in at all."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed_in"
    PERMITTED = "permitted"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may ask for a page.

    Attributes:
        permission: What the account must be permitted; None: see `who`.
        subject: What the address names.
        noted: What the access log calls it; empty: it is not noted.
        seldom: It is noted once in ten minutes for the same account and subject: pictures that a page is made of.
        who: `PERMITTED` needs `permission`.
        more: What else the log says of a request, without anything about people.
    """

    permission: Permission | None = None
    subject: Subject | None = None
    noted: str = ""
    seldom: bool = False
    who: Who = Who.PERMITTED
    more: Callable[[Visit], str] | None = None

    def __post_init__(self) -> None:
        if (self.who is Who.PERMITTED) is (self.permission is None):
            raise TypeError("a rule names a permission, or says that everybody may")
        if self.subject is not None and not self.noted:
            raise TypeError("what is seen of a dossier is noted")

    @property
    def by_grant(self) -> bool:
        """Whether a grant can open it for one document: seeing it, and copying it where that was granted too."""
        return self.subject is Subject.DOCUMENT and self.permission in (Permission.READ, Permission.COPY)

    def lets_in(self, account: Account | None) -> bool:
        """Return whether an account, or nobody, may ask for it at all; its unit is another question."""
        if self.who is Who.ANYBODY:
            return True
        if account is None:
            return False
        return self.permission is None or account.may(self.permission)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the site.

    Attributes:
        method: `GET` or `POST`.
        path: As Starlette writes it; a subject is the parameter of its name.
        rule: Who may ask for it.
        answer: Makes the response, in a thread.
        takes_files: Its form may bring files.
    """

    method: str
    path: str
    rule: Rule
    answer: Handler
    takes_files: bool = False

    def __post_init__(self) -> None:
        named = self.rule.subject is not None and f"{{{self.rule.subject}}}" in self.path
        if named is not (self.rule.subject is not None):
            raise TypeError(f"{self.path} does not name its subject")
