"""Reads the plan of the sample dossiers and says what stands on the papers that the one-stop office prints."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from dossier.codes import parse_code

HERE = Path(__file__).parent
HANOI = timezone(timedelta(hours=7))
_UNITS = {"H99.27.14": ("XÃ ĐÔNG LIỄU", "xã Đông Liễu", "Đông Liễu")}
_WARD = ("P. TÂN HÒA THƯỢNG", "phường Tân Hòa Thượng", "Tân Hòa Thượng")


@dataclass(frozen=True, slots=True)
class PaperPlan:
    """One document on paper. `back` scans its blank back as well."""

    text: str
    values: dict[str, str] = field(default_factory=dict)
    back: bool = False
    confirm: bool = True


@dataclass(frozen=True, slots=True)
class FilePlan:
    """One file of a dossier. `{n}` in the name stands for the page where a container holds one page only.

    Files with the same `twin` are the same paper scanned once: their bytes are equal.
    """

    name: str
    container: str
    papers: tuple[PaperPlan, ...]
    dpi: int = 300
    wear: str = "office"
    bitonal: bool = False
    upside_down: bool = False
    twin: str = ""
    small: bool = False


@dataclass(frozen=True, slots=True)
class DossierPlan:
    """One dossier: its line of the register and its files. Times are aware (+07:00)."""

    code: str
    procedure: str
    applicant: str
    address: str
    phone: str
    received: datetime
    due: datetime
    status: int
    id: str = ""
    title: str = ""
    settled: datetime | None = None
    returned: datetime | None = None
    channel: int = 1
    days: int = 1
    number: int = 1
    portal: tuple[bool, bool, bool] = (False, False, False)
    files: tuple[FilePlan, ...] = ()
    small: bool = False
    office: str = ""

    @property
    def unit(self) -> tuple[str, str, str]:
        """The receiving unit's name in capitals, in running text, and its place."""
        return _UNITS.get(self.office or self.code.partition("-")[0], _WARD)


def dossiers(*, small: bool) -> tuple[DossierPlan, ...]:
    """Return the planned dossiers; the small set has a few files at 200 dpi."""
    plans = tuple(_dossier(entry) for entry in _toml("plan.toml")["dossier"])
    return tuple(_lessened(plan) for plan in plans if plan.small) if small else plans


def procedure_name(code: str) -> str:
    """Return the name of a procedure; of one outside the catalogue, what its register says."""
    return _procedures()[code][0]


def procedure_field(code: str) -> str:
    """Return the field (lĩnh vực) of a procedure."""
    return _procedures()[code][1]


def printed_values(plan: DossierPlan) -> dict[str, str]:
    """Return what the one-stop software prints on the slips of a dossier."""
    upper, name, place = plan.unit
    return {
        "ma_ho_so": plan.code,
        "don_vi": upper,
        "ten_don_vi": name,
        "dia_danh": place,
        "tiep_nhan_iso": plan.received.isoformat(),
        "hen_tra_iso": plan.due.isoformat(),
        "ngay_dai": long_date(plan.received),
        "hen_tra_dai": long_date(plan.due),
        "gio_nhan": f"{plan.received:%H} giờ {plan.received:%M} phút",
        "danh_xung": plan.title,
        "ho_ten": plan.applicant,
        "ten_nop": plan.applicant.title(),
        "ten_nhan": "Lương Gia Huy" if plan.unit is _WARD else "Đặng Thị Kim Oanh",
        "so_dinh_danh": plan.id,
        "dia_chi": plan.address,
        "dien_thoai": plan.phone,
        "dien_thoai_so": plan.phone.replace(" ", ""),
        "noi_dung": procedure_name(plan.procedure),
        "thoi_han": f"{plan.days:02d}",
        "so_thu_tu": str(plan.number),
        **_components(plan.procedure),
    }


def long_date(moment: datetime) -> str:
    """Return a date as NĐ 30/2020 writes it: days below 10 and the months 1 and 2 with a leading zero."""
    month = f"{moment.month:02d}" if moment.month < 3 else str(moment.month)
    return f"{moment.day:02d} tháng {month} năm {moment.year}"


def _components(code: str) -> dict[str, str]:
    names = (*_procedures()[code][2], "Giấy tờ kèm theo", "Giấy tờ kèm theo")
    return {"thanh_phan_1": names[0], "thanh_phan_2": names[1]}


@cache
def _procedures() -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Return name, field and the names of the required papers by procedure code."""
    data = tomllib.loads((HERE.parent / "registers" / "data" / "procedures.toml").read_text(encoding="utf-8"))
    known = {
        entry["code"]: (
            entry["name"],
            entry["field"],
            tuple(part["name"] for part in entry["components"] if part["required"] and part["code"] != "ket-qua"),
        )
        for entry in data["procedure"]
    }
    return {"2.009901": ("Cung cấp thông tin theo yêu cầu", "Tiếp cận thông tin", ("Phiếu yêu cầu",))} | known


@cache
def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def _dossier(entry: dict[str, Any]) -> DossierPlan:
    values = dict(entry)
    if parse_code(values["code"]) is None:
        raise ValueError(f"not a dossier code: {values['code']}")
    for key in ("received", "due", "settled", "returned"):
        if key in values:
            values[key] = values[key].replace(tzinfo=HANOI)
    values["portal"] = tuple(values.get("portal", (False, False, False)))
    values["files"] = tuple(_file(each) for each in values.pop("file"))
    return DossierPlan(**values)


def _file(entry: dict[str, Any]) -> FilePlan:
    values = dict(entry)
    values["papers"] = tuple(PaperPlan(**paper) for paper in values["papers"])
    return FilePlan(**values)


def _lessened(plan: DossierPlan) -> DossierPlan:
    files = tuple(_at_200_dpi(file) for file in plan.files if file.small)
    return DossierPlan(**{**_fields(plan), "files": files})


def _at_200_dpi(file: FilePlan) -> FilePlan:
    return FilePlan(**{**_fields(file), "dpi": 200})


def _fields(plan: DossierPlan | FilePlan) -> dict[str, Any]:
    return {name: getattr(plan, name) for name in type(plan).__slots__}
