"""Names of files and folders: which are the station's own, which are left alone, which the server can keep."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from dossier.codes import DossierCode, parse_code
from dossier.errors import Rejected
from dossier.handing_over import checked_name
from dossier.text import nfc

TRAY = "chua-ro-ho-so"
ASIDE = "can-xem-lai"
STATUS = "tinh-trang.html"
NOTE = "ly-do.txt"
MARKER = "xong"
MANIFESTS = ("ho-so.json", "ho-so.csv")
_OWN = {TRAY, ASIDE, STATUS, NOTE}
_SYSTEM = {"thumbs.db", "ehthumbs.db", "desktop.ini", "$recycle.bin", "system volume information", "lost+found"}
_UNFINISHED = (".part", ".partial", ".filepart", ".crdownload", ".tmp")
_ODD = re.compile(r'[<>:"|?*\\/]+')
_BYTES = 100
_CODE_AT_FRONT = re.compile(r"([\w.]+[-–—_]\d{6}[-–—_]\d{4,7})(?:[ _.\-–—].*)?")


def is_ours_or_hidden(name: str) -> bool:
    """Return whether an entry of a hot folder is none of the papers: our own, the system's, or hidden."""
    lowered = name.casefold()
    return lowered in _OWN or lowered in _SYSTEM or lowered.startswith((".", "~$"))


def is_unfinished(name: str) -> bool:
    """Return whether a file is still being written, by its name."""
    return name.casefold().endswith(_UNFINISHED)


def is_marker(name: str) -> bool:
    """Return whether a file is the mark that a dossier is whole: `xong`, `xong.txt`, whatever is in it."""
    return name.casefold() in (MARKER, f"{MARKER}.txt")


def code_in_front(name: str) -> DossierCode | None:
    """Return the mã hồ sơ that the name of a loose file begins with, None where it has none or not plainly."""
    found = _CODE_AT_FRONT.fullmatch(nfc(name).strip())
    return parse_code(found[1]) if found else None


def sendable(name: str, taken: Container[str]) -> str:
    """Return the name under which a file is handed over: its own where the server can keep that.

    Args:
        name: As it is in the hot folder, without folders.
        taken: Names that other files of the hand-over have, case-folded.
    """
    stem, ending = _parted(name)
    number = 1
    while True:
        tried = f"{stem}-{number}{ending}" if number > 1 else stem + ending
        if tried.casefold() not in taken:
            return tried
        number += 1


def _parted(name: str) -> tuple[str, str]:
    plain = _ODD.sub("-", "".join(char for char in nfc(name) if unicodedata.category(char)[0] != "C"))
    plain = plain.strip().strip(".").strip() or "tep"
    stem, dot, ending = plain.rpartition(".")
    if not stem:
        stem, dot, ending = plain, "", ""
    while len(stem.encode()) > _BYTES:
        stem = stem[:-1]
    stem, ending = stem.rstrip(" ."), dot + ending[:10]
    try:
        checked_name(stem + ending)
    except Rejected:
        stem = f"tep-{stem}"
    return stem, ending
