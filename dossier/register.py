"""What the one-stop register (sổ theo dõi, national sync fields) says of a dossier: the denominator of every rate."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import IntEnum

VIETNAM = timezone(timedelta(hours=7))
"""The time of registers: Asia/Ho_Chi_Minh, which has no summer time."""

RESULT_COMPONENT = "ket-qua"
"""Code of the component that is the result (kết quả) in a procedure's list; all others are papers handed in."""


class Channel(IntEnum):
    """KenhThucHien: how the dossier was handed in. Source: domain of the national sync fields."""

    DIRECT = 1
    ONLINE = 2
    POST = 3


class Status(IntEnum):
    """TrangThaiHoSo: status codes of the national one-stop data exchange."""

    REGISTERED = 1
    RECEIVED = 2
    REFUSED = 3
    IN_PROGRESS = 4
    SUPPLEMENT = 5
    PAYMENT = 6
    WITHDRAWN = 7
    STOPPED = 8
    SETTLED = 9
    RETURNED = 10


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One row of a register. Times are aware (+07:00); None where the register says nothing.

    `code` is the normalised mã hồ sơ and unique. `portal_components`, `portal_result` and `portal_reused` are what
    the one-stop software itself claims (HoSoCoThanhPhanSoHoa or attached component files, a result file link,
    DuocTaiSuDung), as `portal_from_store` (DuocLayTuKhoDMQG) and `certified_copy` (LaHoSoChungThuc); None when the
    register has no such column. `submitted_at` is NgayNopHoSo, `field_code` MaLinhVuc, `agency` the resolving agency
    as printed, `copies` how many sets were handed in, `result_method` how the result is to be handed out.
    """

    code: str
    raw_code: str
    row: int
    unit: str
    field: str
    procedure: str
    procedure_name: str
    channel: Channel | None
    status: Status | None
    received_at: datetime | None
    due_at: datetime | None
    settled_at: datetime | None
    returned_at: datetime | None
    applicant: str = ""
    portal_components: bool | None = None
    portal_result: bool | None = None
    portal_reused: bool | None = None
    note: str = ""
    submitted_at: datetime | None = None
    field_code: str = ""
    agency: str = ""
    applicant_id: str = ""
    address: str = ""
    copies: int | None = None
    result_method: str = ""
    portal_from_store: bool | None = None
    certified_copy: bool | None = None


@dataclass(frozen=True, slots=True)
class ComponentRule:
    """One component (thành phần) that a procedure asks for; `kinds` are the document kinds that can be it."""

    code: str
    name: str
    required: bool
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Procedure:
    """A TTHC with what digitisation needs to know of it, as it was from `valid_from` to `valid_to` (None: no end).

    `keeps_papers` False: chứng thực bản sao and the like. `deadline` is the announced one in working days and
    `published` whether the procedure was announced; None where nobody has said.
    """

    code: str
    name: str
    field: str
    components: tuple[ComponentRule, ...]
    has_result: bool
    keeps_papers: bool
    valid_from: date
    basis: str
    valid_to: date | None = None
    level: str = ""
    deadline: int | None = None
    result: str = ""
    published: bool | None = None
