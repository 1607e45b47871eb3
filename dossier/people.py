"""People who use the program: their roles, what each role may do, and which roles one person must not hold together.

The table is that of a public office (records work, domain of the one-stop centre): who scans does not sign for the
agency, who signs for the agency does not edit data, who runs the machine does not read documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What somebody is to the archive; the values are stored."""

    RECEIVER = "receiver"  # công chức tiếp nhận, nhân viên quét
    CHECKER = "checker"  # công chức đối chiếu
    CLERK = "clerk"  # văn thư
    ARCHIVIST = "archivist"  # lưu trữ viên
    LEADER = "leader"  # lãnh đạo
    INSPECTOR = "inspector"  # đoàn kiểm tra, giám sát
    ADMINISTRATOR = "administrator"  # quản trị


class Permission(StrEnum):
    """One thing that a role may do; within the units of the account, where it is about documents."""

    SEARCH = "search"
    READ = "read"
    """See pages, text, fields and history of a document."""
    COPY = "copy"
    """Take a document out: download its signed bytes, print a copy."""
    UPLOAD = "upload"
    JUDGE = "judge"
    """Say that a page must be scanned again."""
    LOT = "lot"
    """Make up lots of backlog work, and count them."""
    CONFIRM = "confirm"
    SIGN = "sign"
    """Prepare what is signed for the agency."""
    COMPARE = "compare"
    """Prepare what is signed as the officer who compared."""
    REPORT = "report"
    """See rates and figures."""
    LIST = "list"
    """See which dossiers are behind a figure, people masked."""
    FREEZE = "freeze"
    """Fix a report (chốt số liệu)."""
    APPROVE = "approve"
    ASK = "ask"
    """Ask to see a document out of reach, and see what was granted, one by one."""
    ACCOUNTS = "accounts"
    ACCESS_LOG = "access_log"


_OF_ALL = frozenset({Permission.REPORT, Permission.ASK})
GRANTS: Mapping[Role, frozenset[Permission]] = MappingProxyType(
    {
        Role.RECEIVER: _OF_ALL
        | {
            Permission.SEARCH,
            Permission.READ,
            Permission.UPLOAD,
            Permission.JUDGE,
            Permission.LOT,
            Permission.LIST,
        },
        Role.CHECKER: _OF_ALL
        | {
            Permission.SEARCH,
            Permission.READ,
            Permission.JUDGE,
            Permission.CONFIRM,
            Permission.COMPARE,
            Permission.LIST,
        },
        Role.CLERK: _OF_ALL | {Permission.SEARCH, Permission.READ, Permission.COPY, Permission.SIGN, Permission.LIST},
        Role.ARCHIVIST: _OF_ALL
        | {
            Permission.SEARCH,
            Permission.READ,
            Permission.JUDGE,
            Permission.LOT,
            Permission.COPY,
            Permission.LIST,
        },
        Role.LEADER: _OF_ALL
        | {
            Permission.SEARCH,
            Permission.READ,
            Permission.LIST,
            Permission.FREEZE,
            Permission.APPROVE,
            Permission.ACCESS_LOG,
        },
        Role.INSPECTOR: _OF_ALL | {Permission.LIST, Permission.ACCESS_LOG},
        Role.ADMINISTRATOR: frozenset({Permission.ACCOUNTS}),
    }
)
"""What each role may do."""

_ALONE = frozenset({Role.INSPECTOR, Role.ADMINISTRATOR})
_APART = (frozenset({Role.CLERK, Role.CHECKER}), frozenset({Role.CLERK, Role.RECEIVER}))


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in.

    Attributes:
        id: Stays when the name changes; stands in events.
        login: What is typed to sign in, lower case.
        name: The person's name, as others see it.
        roles: What the person may be here.
        units: Codes of the units whose dossiers the person may see, with all below them; None: every unit.
        until: From then on the account is shut, e.g. an inspector's; None: open-ended.
        disabled: Shut by an administrator.
        must_change: The password was set by somebody else: the first thing to do is to choose another.
        totp: A second factor is asked for.
    """

    id: str
    login: str
    name: str
    roles: frozenset[Role]
    units: frozenset[str] | None = None
    until: datetime | None = None
    disabled: bool = False
    must_change: bool = False
    totp: bool = False

    def may(self, permission: Permission) -> bool:
        """Return whether one of the roles grants a permission."""
        return any(permission in GRANTS[role] for role in self.roles)

    def open_at(self, now: datetime) -> bool:
        """Return whether the account may be used at a moment."""
        return not self.disabled and (self.until is None or now < self.until)


def conflict(roles: Iterable[Role]) -> frozenset[Role]:
    """Return roles that one person must not hold together, empty where there are none (separation of duties)."""
    held = frozenset(roles)
    if len(held) > 1 and held & _ALONE:
        return held
    return next((pair for pair in _APART if pair <= held), frozenset())
