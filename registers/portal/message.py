"""The message of a package: what every way carries, described for the other side in docs/return-protocol.md."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from dossier.portal import PACKAGE_MARK, Content
from dossier.register import RegisterEntry
from registers.portal.fields import edition_on, sync_record, sync_rows

FILES_FOLDER = "tep"


def message(content: Content, entry: RegisterEntry | None, places: Mapping[str, str], day: date) -> dict[str, Any]:
    """Return the message of a package.

    Args:
        content: What the package says; its canonical form is what `key` is the digest of.
        entry: The dossier's row of the register.
        places: Where each document's file is, by document id.
        day: Day by which the names of the sync fields are taken.
    """
    edition = edition_on(day)
    names = {"valid_from": edition.valid_from.isoformat(), "basis": edition.basis, "checked": edition.checked}
    return {
        "format": PACKAGE_MARK,
        "key": content.key,
        "content": content.as_value(),
        "names": names,
        "record": sync_record(content, entry, places, edition),
    }


def rows(sent: Mapping[str, Any], content: Content, day: date) -> tuple[dict[str, str], ...]:
    """Return a message as rows of a table, one a document: package, document, and the sync fields."""
    ordered = [one for one in content.documents if not one.is_result]
    ordered += [one for one in content.documents if one.is_result]
    made = []
    for document, fields in zip(ordered, sync_rows(sent["record"], edition_on(day)), strict=True):
        own = {
            "MaGoi": content.key,
            "PhienBanGoi": str(content.version),
            "MaTaiLieu": document.id,
            "LoaiTaiLieu": document.kind,
            "SHA256": document.sha256,
            "KichThuoc": str(document.size),
            "ChuKySo": document.signature.verdict,
            "MucChuKy": document.signature.level,
        }
        made.append({**own, **fields})
    return tuple(made)
