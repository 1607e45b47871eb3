"""Errors in three families, by who must act: the input, the world, or us.

`Rejected` says the input is at fault: no retry, the item waits for a person. `Unavailable` says the world is at
fault: retry later, nothing is lost. Anything else that is raised is a bug. Each code has one entry, cause and
cure, in the message catalogue (`dossier/wording_*.toml`) and in docs/errors.md; codes are never reused.
"""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """Stable names of everything that can go wrong and that a person can act on."""

    # the file itself
    FILE_EMPTY = "FILE_EMPTY"
    FILE_TRUNCATED = "FILE_TRUNCATED"
    FILE_UNREADABLE = "FILE_UNREADABLE"
    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    FILE_CHANGED_WHILE_READ = "FILE_CHANGED_WHILE_READ"
    TYPE_UNKNOWN = "TYPE_UNKNOWN"
    TYPE_MISMATCH = "TYPE_MISMATCH"
    IMAGE_BOMB = "IMAGE_BOMB"
    IMAGE_DAMAGED = "IMAGE_DAMAGED"
    TIFF_NO_PAGES = "TIFF_NO_PAGES"
    PDF_ENCRYPTED = "PDF_ENCRYPTED"
    PDF_DAMAGED = "PDF_DAMAGED"
    PDF_NO_PAGES = "PDF_NO_PAGES"
    PAGE_ZERO_SIZE = "PAGE_ZERO_SIZE"
    PAGE_TOO_LARGE = "PAGE_TOO_LARGE"
    TOO_MANY_PAGES = "TOO_MANY_PAGES"
    NAME_UNUSABLE = "NAME_UNUSABLE"
    LINK_OUTSIDE = "LINK_OUTSIDE"
    # the folder
    FOLDER_NOT_FOUND = "FOLDER_NOT_FOUND"
    FOLDER_NO_PAGES = "FOLDER_NO_PAGES"
    FOLDER_CODE_UNKNOWN = "FOLDER_CODE_UNKNOWN"
    FOLDER_CHANGED = "FOLDER_CHANGED"
    FOLDER_BUSY = "FOLDER_BUSY"
    # reading
    SECRET_STAMP = "SECRET_STAMP"  # noqa: S105 - the name of an error, not a password
    READ_TIMEOUT = "READ_TIMEOUT"
    READ_MEMORY = "READ_MEMORY"
    READ_CRASHED = "READ_CRASHED"
    PAGE_RESCAN = "PAGE_RESCAN"
    # signatures and renditions
    SIGNED_INPUT_INVALID = "SIGNED_INPUT_INVALID"
    SIGNATURE_INVALID = "SIGNATURE_INVALID"
    RENEWAL_REFUSED = "RENEWAL_REFUSED"
    SIGNING_INPUT_CHANGED = "SIGNING_INPUT_CHANGED"
    REPLACEMENT_NOT_APPROVED = "REPLACEMENT_NOT_APPROVED"
    REPLACEMENT_UNKNOWN = "REPLACEMENT_UNKNOWN"
    APPROVER_NOT_ANOTHER = "APPROVER_NOT_ANOTHER"
    SIGNATURE_MALFORMED = "SIGNATURE_MALFORMED"
    PDF_ALREADY_SIGNED = "PDF_ALREADY_SIGNED"
    RENDITION_TOO_LARGE = "RENDITION_TOO_LARGE"
    # registers and data files
    REGISTER_UNREADABLE = "REGISTER_UNREADABLE"
    REGISTER_COLUMNS = "REGISTER_COLUMNS"
    REGISTER_MOSTLY_WRONG = "REGISTER_MOSTLY_WRONG"
    REGISTER_ROWS_REJECTED = "REGISTER_ROWS_REJECTED"
    REFERENCE_UNREADABLE = "REFERENCE_UNREADABLE"
    REFERENCE_INVALID = "REFERENCE_INVALID"
    CONFIRMATION_INVALID = "CONFIRMATION_INVALID"
    RECEIPT_UNREADABLE = "RECEIPT_UNREADABLE"
    # asking for things
    DOSSIER_UNKNOWN = "DOSSIER_UNKNOWN"
    COMPONENT_UNKNOWN = "COMPONENT_UNKNOWN"
    PLACES_INVALID = "PLACES_INVALID"
    PRINT_TOO_LONG = "PRINT_TOO_LONG"
    PRINT_LIBRARIES_MISSING = "PRINT_LIBRARIES_MISSING"
    QUERY_INVALID = "QUERY_INVALID"
    KIND_UNKNOWN = "KIND_UNKNOWN"
    UNIT_UNKNOWN = "UNIT_UNKNOWN"
    FONDS_UNKNOWN = "FONDS_UNKNOWN"
    PERIOD_INVALID = "PERIOD_INVALID"
    DEFINITION_UNKNOWN = "DEFINITION_UNKNOWN"
    REPORT_NOT_CLOSED = "REPORT_NOT_CLOSED"
    SNAPSHOT_UNKNOWN = "SNAPSHOT_UNKNOWN"
    SNAPSHOT_DAMAGED = "SNAPSHOT_DAMAGED"
    REPORT_SIGNED = "REPORT_SIGNED"
    LOGIN_REFUSED = "LOGIN_REFUSED"
    LOGIN_BUSY = "LOGIN_BUSY"
    LOGIN_INVALID = "LOGIN_INVALID"
    PASSWORD_WEAK = "PASSWORD_WEAK"  # noqa: S105 - a code
    ACCOUNT_EXISTS = "ACCOUNT_EXISTS"
    ACCOUNT_UNKNOWN = "ACCOUNT_UNKNOWN"
    ROLES_CONFLICT = "ROLES_CONFLICT"
    NOT_ALLOWED = "NOT_ALLOWED"
    SESSION_OVER = "SESSION_OVER"
    REQUEST_INVALID = "REQUEST_INVALID"
    PAGE_UNKNOWN = "PAGE_UNKNOWN"
    OBJECT_DAMAGED = "OBJECT_DAMAGED"
    OBJECT_MISSING = "OBJECT_MISSING"
    OBJECT_LOCKED = "OBJECT_LOCKED"
    EVENT_CHAIN_BROKEN = "EVENT_CHAIN_BROKEN"
    EXPORT_TARGET = "EXPORT_TARGET"
    # the world
    DISK_FULL = "DISK_FULL"
    STORE_UNAVAILABLE = "STORE_UNAVAILABLE"
    STORE_REFUSED = "STORE_REFUSED"
    STORE_UNTRUSTED = "STORE_UNTRUSTED"
    BUCKET_MISSING = "BUCKET_MISSING"
    HOLDING_UNFIT = "HOLDING_UNFIT"
    CLOCK_SKEW = "CLOCK_SKEW"
    BROKER_UNAVAILABLE = "BROKER_UNAVAILABLE"
    DRAINING = "DRAINING"
    PORTAL_UNAVAILABLE = "PORTAL_UNAVAILABLE"
    PORTAL_REFUSED = "PORTAL_REFUSED"
    INDEX_UNAVAILABLE = "INDEX_UNAVAILABLE"
    ADDRESS_IN_USE = "ADDRESS_IN_USE"
    CATALOGUE_BUSY = "CATALOGUE_BUSY"
    CATALOGUE_REFUSED = "CATALOGUE_REFUSED"
    CATALOGUE_VERSION = "CATALOGUE_VERSION"
    CATALOGUE_IN_USE = "CATALOGUE_IN_USE"
    CATALOGUE_INCOMPLETE = "CATALOGUE_INCOMPLETE"
    BACKUP_INVALID = "BACKUP_INVALID"
    HOLDING_LOST = "HOLDING_LOST"
    MODEL_MISSING = "MODEL_MISSING"
    FONT_MISSING = "FONT_MISSING"
    TSA_UNAVAILABLE = "TSA_UNAVAILABLE"
    VALIDATION_DATA_UNAVAILABLE = "VALIDATION_DATA_UNAVAILABLE"
    CERTIFICATE_REVOKED = "CERTIFICATE_REVOKED"
    KEY_UNAVAILABLE = "KEY_UNAVAILABLE"
    KEY_NOT_FOUND = "KEY_NOT_FOUND"
    KEY_AMBIGUOUS = "KEY_AMBIGUOUS"
    KEY_WITHOUT_CERTIFICATE = "KEY_WITHOUT_CERTIFICATE"
    KEY_MISMATCH = "KEY_MISMATCH"
    KEY_TOO_WEAK = "KEY_TOO_WEAK"
    TOKEN_DRIVER = "TOKEN_DRIVER"  # noqa: S105 - the name of an error, not a password
    TOKEN_MISSING = "TOKEN_MISSING"  # noqa: S105
    TOKEN_AMBIGUOUS = "TOKEN_AMBIGUOUS"  # noqa: S105
    TOKEN_REMOVED = "TOKEN_REMOVED"  # noqa: S105
    TOKEN_SILENT = "TOKEN_SILENT"  # noqa: S105
    TOKEN_REFUSED = "TOKEN_REFUSED"  # noqa: S105
    PIN_MISSING = "PIN_MISSING"
    PIN_WRONG = "PIN_WRONG"
    PIN_LOCKED = "PIN_LOCKED"
    PIN_LAST_TRY = "PIN_LAST_TRY"
    SIGNING_WAITING = "SIGNING_WAITING"
    OFFICER_WAITING = "OFFICER_WAITING"
    SIGNING_SESSION_OVER = "SIGNING_SESSION_OVER"
    SIGNING_BATCH_OVER = "SIGNING_BATCH_OVER"
    SIGNING_DESK_UNAVAILABLE = "SIGNING_DESK_UNAVAILABLE"
    SIGNING_DESK_REFUSED = "SIGNING_DESK_REFUSED"
    CERTIFICATE_NOT_ALLOWED = "CERTIFICATE_NOT_ALLOWED"
    USE_REQUEST_INVALID = "USE_REQUEST_INVALID"
    USE_TOO_MANY = "USE_TOO_MANY"
    USE_DECIDED = "USE_DECIDED"
    USE_OWN = "USE_OWN"
    COPY_TOO_LONG = "COPY_TOO_LONG"
    COPY_BUSY = "COPY_BUSY"
    HOME_MISSING = "HOME_MISSING"
    SETTINGS_INVALID = "SETTINGS_INVALID"
    DEVELOPMENT_KEY = "DEVELOPMENT_KEY"
    POISON = "POISON"
    # ours
    BUG = "BUG"


class HososoError(Exception):
    """An error that a person can act on.

    Attributes:
        code: Stable name; the catalogue gives cause and cure for it.
        detail: One technical phrase for logs. Never personal data, never a secret.
        subject: What it concerns: an id, a dossier code or a file name relative to its dossier folder.
    """

    def __init__(self, code: Code, detail: str = "", *, subject: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else str(code))
        self.code = code
        self.detail = detail
        self.subject = subject

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way back from a child process."""
        return (_rebuild, (type(self), self.code, self.detail, self.subject))


class Rejected(HososoError):  # noqa: N818 - reads as the verdict it is
    """The input is at fault: it is set aside with its code, and the rest goes on."""


class Unavailable(HososoError):  # noqa: N818 - reads as the state it is
    """The world is at fault: the item waits and is tried again, nothing is lost."""


def _rebuild(kind: type[HososoError], code: Code, detail: str, subject: str) -> HososoError:
    return kind(code, detail, subject=subject)
