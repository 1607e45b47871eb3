"""The note for people that lies beside the sample dossiers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from samples.truth import DossierTruth

_NOTE = """BỘ HỒ SƠ MẪU

Mọi người, địa danh, mã số trong bộ này đều bịa (mã cơ quan H99, số định danh 099…): không trùng với ai.
Bộ gồm {dossiers} hồ sơ, {files} tệp, {pages} trang, do chương trình vẽ lại giống bản quét tại bộ phận một cửa.

- Mỗi thư mục là một hồ sơ, tên thư mục là mã hồ sơ; thư mục con (nếu có) là thành phần hồ sơ, "ket-qua" là kết quả.
- register.xlsx, register.csv: sổ theo dõi 40 hồ sơ, gồm cả hồ sơ không có giấy tờ trong bộ này.
- confirmations.json: xác nhận của người đối chiếu cho phần lớn giấy tờ (cố ý để lại một số chưa xác nhận).
- truth.json: nội dung đúng của từng trang, dùng để đo chất lượng nhận dạng.

Cố ý có trong bộ: trang quét ngược, mặt sau trắng, tệp hỏng, hồ sơ thiếu thành phần, một tệp nhiều giấy tờ,
bản vẽ A3, bản đen trắng (fax G4), cùng một bản chụp nằm trong hai hồ sơ.

{folders}
"""


def write(path: Path, dossiers: Sequence[DossierTruth], pages: int) -> None:
    """Write the note."""
    folders = "\n".join(f"{dossier.code}: {len(dossier.files)} tệp" for dossier in dossiers)
    files = sum(len(dossier.files) for dossier in dossiers)
    text = _NOTE.format(dossiers=len(dossiers), files=files, pages=pages, folders=folders)
    path.write_text(text, encoding="utf-8")
