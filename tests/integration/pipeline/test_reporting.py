"""A fixed report is signed like any document: at the level of the policy, judged, renewed, found again in the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from catalog import Catalogue, comparison, signed_reports
from catalog.signed_reports import SignedReport
from catalog.snapshots import Snapshot
from dossier.errors import Code, Rejected, Unavailable
from dossier.register import VIETNAM
from pipeline.freezing import take
from pipeline.installation import Installation
from pipeline.projecting import project
from pipeline.rebuilding import rebuild
from pipeline.referring import reference
from pipeline.reporting import due_reports, renew_reports, sign_report, take_signed, verify_reports
from pipeline.sweeping import sweep
from registers.reference_data import of_files
from reports.indicators.published import published
from reports.inspection import Question
from reports.period import Counting, whole_year
from reports.printed.report import write_report_pdf
from reports.snapshot import freeze
from signing.development_pki import DevelopmentPki
from signing.port import Appearance
from signing.renewal import policy_in_force
from signing.seal import sign_pdf
from tests.fakes.office import PaperOffice
from tests.integration.signing.test_seal import run

_YEARS = timedelta(days=365)


@pytest.fixture
def database() -> str:
    """Work with one database: the rows are few, what is at stake lies in the signatures."""
    return "sqlite"


@pytest.fixture
def fixed(office: PaperOffice) -> tuple[PaperOffice, Snapshot, Path]:
    """Return an office with a fixed report of 2026 and a print of it."""
    office.services = replace(office.services, reference=of_files(None, None))
    project(office.services, demo=True)
    question = Question(whole_year(2026, Counting.CALENDAR), datetime(2026, 4, 1, tzinfo=VIETNAM), demo=True)
    with office.services.catalogue.read() as tx:
        now = reference(tx, office.services)
    frozen = freeze([], question, published(now.procedures.on(question.period.end).values()), now.digest)
    printed = office.inbox.parent / "print.pdf"
    write_report_pdf(frozen.figures, printed)
    return office, take(frozen, "lanh-dao", "", office.services), printed


def _verdicts(office: PaperOffice) -> dict[str, str]:
    return {each.subject: each.verdict for each in verify_reports(office.services) if each.kind == "signature"}


def _in_force(office: PaperOffice) -> list[SignedReport]:
    with office.services.catalogue.read() as tx:
        return signed_reports.in_force(tx)


def test_it_is_signed_for_decades(fixed: tuple[PaperOffice, Snapshot, Path], tmp_path: Path) -> None:
    """B-LTA over the print's own bytes; pdfsig finds signature and time stamp; a second signature is refused."""
    office, taken, printed = fixed
    signed = sign_report(taken, printed, "lanh-dao", office.services)
    assert (signed.facts.level, signed.facts.verdict, signed.made_here) == ("B-LTA", "valid", True)
    assert _verdicts(office) == {f"snapshot:{taken.number}": "valid"}
    path = tmp_path / "signed.pdf"
    path.write_bytes(office.services.store.read(signed.sha256))
    assert path.read_bytes().startswith(printed.read_bytes())
    told = run("pdfsig", "-nocert", path).stdout
    assert "ETSI.CAdES.detached" in told
    assert told.count("Signature is Valid") == 1  # it does not judge document time stamps
    with pytest.raises(Rejected) as caught:
        sign_report(taken, printed, "lanh-dao", office.services)
    assert caught.value.code is Code.REPORT_SIGNED
    sweep(office.services)
    assert not office.unclaimed() | office.missing()


def test_nothing_is_kept_without_a_time_stamp(fixed: tuple[PaperOffice, Snapshot, Path]) -> None:
    """It is not signed at a lower level; when the authority answers again it is signed."""
    office, taken, printed = fixed
    office.tsa.silent = True
    with pytest.raises(Unavailable) as caught:
        sign_report(taken, printed, "lanh-dao", office.services)
    assert (caught.value.code, _in_force(office)) == (Code.TSA_UNAVAILABLE, [])
    office.tsa.silent = False
    sign_report(taken, printed, "lanh-dao", office.services)
    assert len(_in_force(office)) == 1


def _elsewhere(office: PaperOffice, printed: Path, target: Path, pki: DevelopmentPki) -> Path:
    """Sign a print as a person with a program of their own does: level B-T, nothing else."""
    words = Appearance("", "UBND", development=True)
    sign_pdf(printed, target, signer=pki.signer, tsa=office.tsa, appearance=words, at=office.clock())
    return target


def test_what_was_signed_elsewhere_is_taken_in(
    fixed: tuple[PaperOffice, Snapshot, Path], tmp_path: Path, pki: DevelopmentPki
) -> None:
    """Where the token is not here: validation data and a document time stamp are added before it counts."""
    office, taken, printed = fixed
    returned = _elsewhere(office, printed, tmp_path / "returned.pdf", pki)
    signed = take_signed(taken, printed, returned, "van-thu", office.services)
    assert (signed.facts.level, signed.facts.signatures, signed.made_here) == ("B-LTA", 1, False)
    assert set(_verdicts(office).values()) == {"valid"}


def test_another_file_is_no_print_of_it(
    fixed: tuple[PaperOffice, Snapshot, Path], tmp_path: Path, pki: DevelopmentPki
) -> None:
    """One figure more, or no signature at all: refused, nothing is kept."""
    office, taken, printed = fixed
    other = tmp_path / "other.pdf"
    other.write_bytes(printed.read_bytes().replace(b"%PDF-1.7", b"%PDF-1.6", 1))
    returned = _elsewhere(office, other, tmp_path / "returned.pdf", pki)
    unsigned = tmp_path / "unsigned.pdf"
    unsigned.write_bytes(printed.read_bytes() + b"\n")
    codes = []
    for file in (returned, printed, unsigned):
        with pytest.raises(Rejected) as caught:
            take_signed(taken, printed, file, "van-thu", office.services)
        codes.append(caught.value.code)
    assert codes == [Code.SIGNING_INPUT_CHANGED, Code.SIGNING_INPUT_CHANGED, Code.SIGNATURE_INVALID]
    assert _in_force(office) == []


def test_it_is_renewed_in_time(fixed: tuple[PaperOffice, Snapshot, Path]) -> None:
    """A year before the authority's certificate ends, once; the earlier form stays stored."""
    office, taken, printed = fixed
    first = sign_report(taken, printed, "lanh-dao", office.services)
    policy = policy_in_force(office.clock())
    soon, later = (office.clock() + years * _YEARS for years in (8.9, 9.1))
    assert due_reports(office.services, policy, soon) == []
    assert renew_reports(office.services, policy, later) == (1, 0)
    (second,) = _in_force(office)
    assert office.services.store.read(second.sha256).startswith(office.services.store.read(first.sha256))
    assert set(_verdicts(office).values()) == {"valid"}
    sweep(office.services)
    assert not office.unclaimed() | office.missing()


def test_a_broken_one_is_not_renewed(fixed: tuple[PaperOffice, Snapshot, Path]) -> None:
    """Bytes that rotted are told by `verify`, and no time stamp is put over them."""
    office, taken, printed = fixed
    signed = sign_report(taken, printed, "lanh-dao", office.services)
    (path,) = (office.inbox.parent / "archive").rglob(signed.sha256)
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[len(printed.read_bytes()) // 2] ^= 1
    path.write_bytes(data)
    assert "invalid" in _verdicts(office).values()
    assert renew_reports(office.services, policy_in_force(office.clock()), office.clock() + 9.1 * _YEARS) == (0, 1)


def test_a_rebuilt_catalogue_knows_it(fixed: tuple[PaperOffice, Snapshot, Path], empty_url: str) -> None:
    """Snapshot and both of its signed forms come back from the store alone."""
    office, taken, printed = fixed
    sign_report(taken, printed, "lanh-dao", office.services)
    renew_reports(office.services, policy_in_force(office.clock()), office.clock() + 9.1 * _YEARS)
    fresh = Catalogue(empty_url)
    fresh.upgrade()
    try:
        rebuild(Installation(fresh, office.services.store, office.clock), lambda _: None)
        with office.services.catalogue.read() as here, fresh.read() as there:
            assert list(comparison.compare(there, here)) == []
            assert len(signed_reports.every(there)) == 2
    finally:
        fresh.close()
