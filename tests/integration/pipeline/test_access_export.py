"""The access log as an auditor takes it along: coreutils and openssl check it, and find what was changed."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog import access, events, intakes
from dossier.codes import parse_code
from dossier.errors import Code, Rejected
from dossier.people import Account, Role
from pipeline import people
from pipeline.access_export import export_access_log
from pipeline.access_log import store_access_log
from pipeline.sealing import seal
from tests.fakes.office import CODE, OTHER_CODE, PaperOffice

CHECKS = ("tep", "doan", "dong", "ma-bam", "niem-phong")


def _look(office: PaperOffice, count: int) -> None:
    for _ in range(count):
        with office.services.catalogue.write() as tx:
            access.note(tx, office.clock(), "a1", "document.view", "d1", 'nháy " và "digest":"00","number":1')
    store_access_log(office.services, most=2)
    seal(office.services)


def _happen(office: PaperOffice, *codes: str) -> None:
    """Let something happen to dossiers: their chains are in the seals beside the log."""
    with office.services.catalogue.write() as tx:
        for code in codes:
            own = parse_code(code)
            assert own is not None
            dossier_id = intakes.ensure_dossier(tx, own, "H99", office.clock())
            events.append(tx, dossier_id, "received", office.clock(), {})


@pytest.fixture
def database() -> str:
    """Nothing here depends on the database."""
    return "sqlite"


@pytest.fixture
def taken(office: PaperOffice, tmp_path: Path) -> Path:
    """Return the folder of an office that has sealed dossiers and its log in turns."""
    _happen(office, CODE, OTHER_CODE)
    seal(office.services)
    people.create(
        Account("", "an.nv", "=CMD; An", frozenset({Role.INSPECTOR})), "một mật khẩu", "console", office.services
    )
    _look(office, 3)
    _happen(office, CODE)
    seal(office.services)
    office.tsa.silent = True
    _look(office, 1)
    office.tsa.silent = False
    with office.services.catalogue.write() as tx:
        access.note(tx, office.clock(), "a1", "document.download", "d1")
    export_access_log(tmp_path / "ra", office.services)
    return tmp_path / "ra"


def _check(name: str, folder: Path) -> int:
    """Run one block of the page in the folder as a person would; return its exit status."""
    page = (folder / "KIEM-TRA.md").read_text(encoding="utf-8")
    found = re.search(rf"^```sh kiem-tra={name}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert found
    return subprocess.run(["/bin/bash", "-euo", "pipefail", "-c", found[1]], cwd=folder, check=False).returncode


def test_what_was_written_passes(taken: Path) -> None:
    """Every block of the page; everything up to now is stored and sealed; one seal has no time stamp."""
    assert {name: _check(name, taken) for name in CHECKS} == dict.fromkeys(CHECKS, 0)
    assert {path.name for path in taken.iterdir()} == {
        *("KIEM-TRA.md", "SHA256SUMS", "chung-thu", "nhat-ky", "niem-phong", "tai-khoan.csv"),
    }
    segments = sorted((taken / "nhat-ky").iterdir())
    last = [json.loads(line) for line in segments[-1].read_text(encoding="utf-8").splitlines()]
    assert last[-1]["action"] == "document.download"
    stamped, every = len(list(taken.glob("niem-phong/*.tst"))), len(list(taken.glob("niem-phong/*.json")))
    assert 2 <= stamped == every - 1


def test_only_the_newest_part_passes_too(office: PaperOffice, taken: Path) -> None:
    """A chain that begins in the middle."""
    export_access_log(taken.parent / "it", office.services, most_lines=2)
    assert 0 < len(list((taken.parent / "it" / "nhat-ky").iterdir())) < len(list((taken / "nhat-ky").iterdir()))
    assert {name: _check(name, taken.parent / "it") for name in CHECKS} == dict.fromkeys(CHECKS, 0)


def test_a_folder_in_use_is_not_filled(office: PaperOffice, taken: Path) -> None:
    """What is there stays there."""
    with pytest.raises(Rejected) as caught:
        export_access_log(taken, office.services)
    assert caught.value.code is Code.EXPORT_TARGET


def _sums_anew(folder: Path) -> None:
    """Give the folder sums that fit, as whoever changes it would."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    lines = (f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    (folder / "SHA256SUMS").write_text("".join(line for line in lines if "SHA256SUMS" not in line), encoding="utf-8")


def _other_account(folder: Path) -> None:
    part = sorted((folder / "nhat-ky").iterdir())[1]
    part.write_bytes(part.read_bytes().replace(b'"a1"', b'"a2"'))


def _less_lines(folder: Path) -> None:
    part = sorted((folder / "nhat-ky").iterdir())[1]
    first, *rest = part.read_bytes().splitlines(keepends=True)
    part.write_bytes(b"".join([first, *rest[1:]]))


def _less_segments(folder: Path) -> None:
    sorted((folder / "nhat-ky").iterdir())[1].unlink()


def _cut(folder: Path) -> None:
    max((folder / "nhat-ky").iterdir()).unlink()


def _cut_with_seals(folder: Path) -> None:
    _cut(folder)
    max(folder.glob("niem-phong/*.json")).unlink()
    max((folder / "nhat-ky").iterdir()).unlink()


def _other_stamp(folder: Path) -> None:
    first, last = (choose(folder.glob("niem-phong/*.tst")) for choose in (min, max))
    last.write_bytes(first.read_bytes())


def _other_root(folder: Path) -> None:
    seal_file = min(folder.glob("niem-phong/*.json"))
    said = json.loads(seal_file.read_text(encoding="utf-8"))
    seal_file.write_text(json.dumps({**said, "path": ""}, indent=1) + "\n", encoding="utf-8")


_DAMAGES: tuple[tuple[Callable[[Path], None], str], ...] = (
    (_other_account, "doan"),
    (_other_account, "ma-bam"),
    (_less_lines, "dong"),
    (_less_segments, "doan"),
    (_less_segments, "dong"),
    (_cut, "niem-phong"),
    (_cut_with_seals, "niem-phong"),
    (_other_stamp, "niem-phong"),
    (_other_root, "niem-phong"),
)


def test_what_was_changed_is_found(taken: Path) -> None:
    """By the sums as they were; and where these were made to fit, by the check that it is about."""
    for number, (damage, found_by) in enumerate(_DAMAGES):
        folder = shutil.copytree(taken, taken.parent / str(number))
        damage(folder)
        assert _check("tep", folder) != 0
        _sums_anew(folder)
        assert _check("tep", folder) == 0
        assert _check(found_by, folder) != 0, (damage, found_by)
