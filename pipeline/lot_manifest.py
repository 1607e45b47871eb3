"""The manifest of a lot: every dossier, document, page and digest in order, as a list that `sha256sum -c` checks.

Lines that begin with `#` are for people and programs; `sha256sum` passes over them. The paths are those of
`hososo lot export`, which are those of `hososo export` below a folder for each dossier.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from catalog import Transaction, documents, intakes, pages
from dossier.digest import of_bytes
from dossier.lots import Came, Listed, LostLeaf, Lot
from dossier.model import Dossier
from dossier.page import Verdict
from dossier.states import DocumentState, IntakeState, PageState
from pipeline.export import objects_of
from pipeline.placeholders import placeholders

MANIFEST_MARK = "# hososo-lot-manifest 1"
MANIFEST_TYPE = "text/plain"
_UNDER_WAY = (IntakeState.RECEIVING, IntakeState.READING, IntakeState.UNAPPROVED)
_OVER = (DocumentState.ARCHIVED, DocumentState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class LotManifest:
    """A manifest, what it counts, and what is not ready to be counted.

    Attributes:
        data: Its bytes, UTF-8.
        came: What came of each dossier.
        leaves: Placeholders.
        pages: Keys of the pages in order: `code/document#number`.
        unfinished: Codes of dossiers that are being read, confirmed, signed or set aside.
    """

    data: bytes
    came: tuple[Came, ...]
    leaves: tuple[LostLeaf, ...]
    pages: tuple[str, ...]
    unfinished: tuple[str, ...]


def lot_manifest(tx: Transaction, lot: Lot) -> LotManifest:
    """Return the manifest of a lot as the archive has its dossiers now."""
    lines, came, leaves, keys, unfinished = [MANIFEST_MARK, f"# lot {lot.id}"], [], [], [], []
    for position, listed in enumerate(lot.opening.listed, start=1):
        lines.append(_dossier_line(position, listed))
        dossier = intakes.find_dossier(tx, listed.code)
        if dossier is None:
            came.append(Came(listed.code))
            continue
        found = _pages(tx, dossier)
        lines += [line for _, _, line in found]
        keys += [key for key, _, _ in found if key]
        leaves += [
            LostLeaf(listed.code, each.component, each.leaf, each.reason.value) for each in placeholders(tx, dossier.id)
        ]
        lines += [f"{sha256}  {listed.code}/{name}" for name, sha256 in objects_of(tx, dossier)]
        documented = sum(1 for key, _, _ in found if not key)
        bad = sum(is_bad for key, is_bad, _ in found if key)
        came.append(Came(listed.code, documented, sum(1 for key, _, _ in found if key), bad))
        if _is_unfinished(tx, dossier):
            unfinished.append(listed.code)
    lines += [f"# leaf {each.code} {each.component or '-'} {each.leaf} {each.reason}" for each in leaves]
    data = "".join(f"{line}\n" for line in lines).encode()
    return LotManifest(data, tuple(came), tuple(leaves), tuple(keys), tuple(unfinished))


def page_of(key: str) -> tuple[str, str, int]:
    """Return code, document id and number of a page that a manifest names."""
    code, _, rest = key.partition("/")
    document, _, number = rest.partition("#")
    return code, document, int(number)


def content_of(data: bytes) -> str:
    """Return the digest of what a manifest says of dossiers, documents and scans: renewed signatures change nothing."""
    told = (line for line in data.splitlines() if line.startswith((b"# dossier ", b"# document ", b"# page ")))
    return of_bytes(b"\n".join(told))


def objects_in(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield path and digest of every file of a manifest."""
    for line in data.decode().splitlines():
        if not line.startswith("#"):
            sha256, _, name = line.partition("  ")
            yield name, sha256


def _dossier_line(position: int, listed: Listed) -> str:
    leaves = "-" if listed.leaves is None else listed.leaves
    return f"# dossier {position} {listed.code} number {_word(listed.number)} leaves {leaves} box {_word(listed.box)}"


def _pages(tx: Transaction, dossier: Dossier) -> list[tuple[str, bool, str]]:
    """Return a line for each document, without a key, and for each of its pages: key, whether it is bad, line."""
    found = []
    for document in documents.live(tx, dossier.id):
        said = f"{document.id} {document.component or '-'}"
        found.append(("", False, f"# document {dossier.code}/{said}"))
        for number, page in enumerate(pages.by_ids(tx, document.page_ids), start=1):
            key = f"{dossier.code}/{document.id}#{number}"
            is_bad = page.verdict is Verdict.RESCAN or page.state is PageState.QUARANTINED
            found.append((key, is_bad, f"# page {key} scan {page.scan_sha256}"))
    return found


def _is_unfinished(tx: Transaction, dossier: Dossier) -> bool:
    newest = intakes.latest(tx, dossier.id)
    is_read = newest is None or newest.state not in _UNDER_WAY
    return not is_read or any(each.state not in _OVER for each in documents.live(tx, dossier.id))


def _word(text: str) -> str:
    """Return a text on one line."""
    return '"' + " ".join(text.split()).replace('"', "'") + '"'
