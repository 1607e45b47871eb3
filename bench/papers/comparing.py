"""Which fields the targets name together."""

from __future__ import annotations

from typing import Final

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
