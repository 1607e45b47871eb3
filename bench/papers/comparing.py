"""When a value that was read is the true one, and which fields the targets name together."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from dossier.text import nfc

_TONES: Final = "\u0300\u0301\u0303\u0309\u0323"

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "number+symbol": ("so", "ky_hieu"),
    "dates": (
        *("ngay_ban_hanh", "ngay_lap", "ngay_sinh", "nam_sinh", "ngay_tiep_nhan", "ngay_hen_tra"),
        "ngay_dang_ky_lan_dau",
    ),
    "identity numbers": ("so_dinh_danh", "so_dinh_danh_2", "so_cmnd"),
    "dossier code": ("ma_ho_so",),
    "names": ("ho_ten", "ho_ten_2", "ben_a", "ben_b", "nguoi_ky"),
    "issuer": ("co_quan", "co_quan_nhan"),
    "land": ("so_thua", "so_to_ban_do", "dien_tich_m2", "so_phat_hanh_gcn", "so_vao_so"),
    "other": ("chuc_vu", "trich_yeu", "dien_thoai", "gia_tri_vnd", "ten_ho", "ma_so_thue"),
}


def group_of(field: str) -> str:
    """Return the group of a field."""
    return next(name for name, fields in GROUPS.items() if field in fields)


def same_value(field: str, read: str, true: str) -> bool:
    """Return whether a field's values say the same; an agency is its name, without the places after a comma."""
    if field in ("co_quan", "co_quan_nhan"):
        read, true = read.partition(",")[0], true.partition(",")[0]
    return alike(read, true)


def alike(read: str, true: str) -> bool:
    """Return whether two values say the same: letter by letter with all marks, but for case and where a tone is put.

    "HOÀ" and "Hòa" are one name, "Hoa" is another. Spaces and dots inside numbers count, since stored forms have none.
    """
    return _plain(read) == _plain(true)


def _plain(text: str) -> str:
    words = re.sub(r"\s+", " ", nfc(text)).strip(" .,;:").casefold().split(" ")
    return " ".join(map(_tone_last, words))


def _tone_last(word: str) -> str:
    """Return a word with its tone marks behind it, so that the old and the new place of a tone are one."""
    parts = unicodedata.normalize("NFD", word)
    tones = "".join(char for char in parts if char in _TONES)
    return "".join(char for char in parts if char not in _TONES) + tones
