"""Report pages: groups add up, lists stand behind numbers, fixed reports stay and are explained, files open."""

from __future__ import annotations

import json
import re
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from starlette.applications import Starlette

from dossier.people import Role
from pipeline import people
from pipeline.registering import Order, import_register
from reports.grouping import By
from tests.fakes.office import CODE, PaperOffice
from tests.fakes.visitor import Visitor
from tests.integration.site.conftest import FOREIGN, PASSWORD, UNIT, account
from web.wording import word

_LIST = re.compile(r'<td class="number"><a href="(/figures/received\?[^"]+)">([\d.]+)</a>')


@pytest.fixture(scope="module")
def head(app: Starlette, office: PaperOffice) -> Visitor:
    """Return the browser of a leader who sees every unit; each has a dossier in the register."""
    register = office.inbox.parent / "so.csv"
    register.write_text(
        f"Mã hồ sơ;MaTTHC;Ngày nhận;Ngày trả;Trạng thái\n{CODE};1.001193;11/02/2026;12/02/2026;10\n"
        f"{FOREIGN};1.001193;02/03/2026;03/03/2026;10\n",
        encoding="utf-8",
    )
    import_register(register, Order(as_of=office.services.clock()), office.services)
    made = account(office, "chu.tich", Role.LEADER)
    people.set_password(made, PASSWORD, made.id, office.services)
    visitor = Visitor(app)
    visitor.sign_in(made.login, PASSWORD)
    return visitor


def rows(page: str) -> list[tuple[str, int]]:
    """Return the lists that a table of groups leads to, with their numbers."""
    return [(address.replace("&amp;", "&"), int(number.replace(".", ""))) for address, number in _LIST.findall(page)]


@pytest.mark.parametrize("by", By)
def test_groups_partition_and_open_their_lists(by: By, head: Visitor) -> None:
    """The groups of a dimension add up to the whole, and each number opens as many dossiers."""
    whole = head.get("/figures/received").body.decode()
    page = head.get(f"/figures?by={by}").body.decode()
    found = rows(page)
    assert found
    assert word("figure.total", "vi", total=sum(number for _, number in found)) in whole
    for address, number in found:
        assert word("figure.total", "vi", total=number) in head.get(address).body.decode()


def test_nobody_sees_groups_of_others(head: Visitor, visitors: dict[Role | None, Visitor]) -> None:
    """Neither counted, nor listed by asking for the other unit."""
    other = FOREIGN[: len(UNIT)]
    assert other in head.get("/figures?by=unit").body.decode()
    own = visitors[Role.LEADER]
    assert other not in own.get("/figures?by=unit").body.decode()
    asked = own.get(f"/figures/received?by=unit&group={other}").body.decode()
    assert FOREIGN not in asked
    assert word("figure.total", "vi", total=0) in asked
    assert FOREIGN not in own.get(f"/figures/received?unit={other}").body.decode()


@pytest.mark.parametrize(
    "asked", ["period=khi-nao", "counting=moon", "base=B9", "seen=blurred", "period=2026-02-30..2026-03-01"]
)
def test_a_question_that_is_none_is_told_in_its_form(asked: str, head: Visitor) -> None:
    """On every page that takes one."""
    for address in ("/dashboard", "/figures", "/reports", "/worklist"):
        reply = head.get(f"{address}?{asked}")
        assert reply.status == 422
        assert 'role="alert"' in reply.body.decode()
        assert 'name="period"' in reply.body.decode()


def test_the_report_is_taken_away(head: Visitor, visitors: dict[Role | None, Visitor]) -> None:
    """As PDF/A, as a workbook with the list behind it, as data; the list only for those who may see lists."""
    assert head.get("/reports/inspection.pdf").body.startswith(b"%PDF-1.")
    data = json.loads(head.get("/reports/inspection.json").body)
    assert data["rates"]["portal"]["denominator"] == 2
    taken = _cells(head.get("/reports/inspection.xlsx").body)
    assert {CODE, FOREIGN} <= taken
    assert FOREIGN not in _cells(visitors[Role.LEADER].get("/reports/inspection.xlsx").body)
    assert head.get("/reports/inspection.exe").status == 404


def test_a_fixed_report_stays(head: Visitor, visitors: dict[Role | None, Visitor]) -> None:
    """Shown as it was taken, printed, compared; of a unit alone it is unknown to another one."""
    first = head.post("/reports/fixed", {"note": "trước"}).headers["location"]
    second = head.post("/reports/fixed", {"unit": UNIT, "note": "sau"}).headers["location"]
    page = head.get(second).body.decode()
    assert "sau" in page
    number = first.rpartition("/")[2]
    assert f"{second}/since/{number}" in page
    assert head.get(f"{second}/print.pdf").body.startswith(b"%PDF-1.")
    told = head.get(f"{second}/since/{number}").body.decode()
    assert FOREIGN in told
    assert word("compared.changes", "vi", total=1) in told
    assert CODE not in told
    leader = visitors[Role.LEADER]
    assert leader.get(first).status == 422
    assert leader.get(f"{first}/print.pdf").status == 422
    assert leader.get(second).status == 200
    listed = leader.get("/reports").body.decode()
    assert f'"{second}"' in listed
    assert f'"{first}"' not in listed


def test_the_work_list_leads_to_dossiers(head: Visitor, visitors: dict[Role | None, Visitor]) -> None:
    """Rows of the account's own units, as page, sheet and workbook."""
    page = head.get("/worklist?list=desk").body.decode()
    found = set(re.findall(r'href="/dossiers/([^"]+)"', page))
    own = set(re.findall(r'href="/dossiers/([^"]+)"', visitors[Role.LEADER].get("/worklist?list=desk").body.decode()))
    assert own <= found
    assert FOREIGN not in own
    assert head.get("/worklist/list.pdf?list=desk").body.startswith(b"%PDF-1.")
    assert _cells(head.get("/worklist/list.xlsx?list=desk").body) >= found
    assert head.get("/worklist/list.exe").status == 404
    assert head.get("/worklist?list=nothing").status == 422


def _cells(data: bytes) -> set[str]:
    book = CalamineWorkbook.from_filelike(BytesIO(data))
    return {str(cell) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row}
