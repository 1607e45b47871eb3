"""A file that came signed keeps its bytes; what authorities say about its signer is asked once and kept beside it."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from catalog import events, queue, renditions
from dossier.digest import of_file
from dossier.errors import Code
from dossier.states import DocumentState
from pipeline import verification
from signing.development_pki import DevelopmentPki
from signing.port import Appearance, NobodyToAsk
from signing.seal import sign_pdf
from signing.verdict import Reason, Verdict
from tests.fakes.office import PaperOffice
from tests.integration.signing import documents as papers

APPEARANCE = Appearance(form="BẢN ĐIỆN TỬ", agency="UBND XÃ KHÁC", development=True)


@pytest.fixture
def database() -> str:
    """Work with one database: what is at stake here lies in the signatures, not in the catalogue."""
    return "sqlite"


@pytest.fixture
def came(office: PaperOffice, pki: DevelopmentPki) -> PaperOffice:
    """Return an office to which another one's result has come: signed, time-stamped, without validation data."""
    office.clock.now = datetime.now(UTC)
    source = office.inbox.parent / "source.pdf"
    papers.classic(source)
    sign_pdf(
        source,
        office.folder() / "ket-qua.pdf",
        signer=pki.signer,
        tsa=pki.tsa,
        appearance=APPEARANCE,
        at=datetime.now(UTC),
    )
    return office


def stored(office: PaperOffice) -> dict[str, renditions.Stored]:
    """Return what is kept of the one document, by role."""
    with office.services.catalogue.read() as tx:
        return {each.role: each for each in renditions.of_document(tx, office.documents()[0].id)}


def verdict(office: PaperOffice) -> str:
    """Return what was recorded of its signatures."""
    facts = stored(office)["original"].facts
    assert facts is not None
    return facts.verdict


def found(office: PaperOffice) -> verification.Finding:
    """Return what checking the archive says about its signatures."""
    every = verification.verify_dossier(office.dossier(), office.services)
    (one,) = [each for each in every if each.kind == "signature"]
    return one


def test_what_was_said_is_kept_beside_it(came: PaperOffice) -> None:
    """The bytes are those that came, the verdict is valid, and a common tool reads what is beside them."""
    came.digitise()
    kept = stored(came)
    assert set(kept) == {"original", "evidence", "report"}
    assert kept["original"].ref.sha256 == of_file(came.folder() / "ket-qua.pdf")[0]
    assert verdict(came) == Verdict.VALID
    with came.services.local_copy(kept["evidence"].ref) as path:
        command = ["openssl", "cms", "-cmsout", "-print", "-inform", "DER", "-in", str(path)]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert min(printed.count("d.certificate:") - 1, printed.count("d.crl:")) >= 1
    assert found(came).verdict == Verdict.VALID
    asked = came.revocation.asked
    came.services.store.verify(kept["evidence"].ref.sha256)
    assert came.revocation.asked == asked
    assert not came.unclaimed()


def test_it_stays_valid_when_the_certificates_have_run_out(came: PaperOffice) -> None:
    """The archive itself proves when the file was there; without that moment the very same file is a doubt."""
    came.digitise()
    kept = stored(came)
    late = datetime.now(UTC) + timedelta(days=20 * 366)
    with came.services.local_copy(kept["original"].ref) as path:
        assert came.services.verifier.verify(path, came.services.trust, at=late).verdict is Verdict.INDETERMINATE
    came.clock.now = late
    assert found(came).verdict == Verdict.VALID


def test_it_waits_for_whoever_does_not_answer(came: PaperOffice) -> None:
    """Nothing is archived by halves, the cause is told, and it goes on by itself."""
    came.revocation.fault = Code.VALIDATION_DATA_UNAVAILABLE
    came.digitise()
    with came.services.catalogue.read() as tx:
        assert [item.error for item in queue.waiting(tx)] == [Code.VALIDATION_DATA_UNAVAILABLE]
        assert "archived" not in [event.kind for event in events.chain(tx, came.dossier().id)]
    came.revocation.fault = None
    came.clock.later(600)
    came.drain()
    assert (came.states(), verdict(came)) == ([DocumentState.ARCHIVED], Verdict.VALID)


def test_where_nobody_can_be_asked_it_is_kept_in_doubt(came: PaperOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting would be no use; the bytes are archived, and the signature does not count."""

    def nobody(*_: object) -> None:
        raise NobodyToAsk

    monkeypatch.setattr(came.revocation, "evidence", nobody)
    came.digitise()
    assert (came.states(), verdict(came)) == ([DocumentState.ARCHIVED], Verdict.INDETERMINATE)
    assert set(stored(came)) == {"original", "report"}
    assert Reason.REVOCATION_UNKNOWN in found(came).detail


def test_a_key_revoked_before_it_signed_is_told(
    came: PaperOffice, pki: DevelopmentPki, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The development list revokes five minutes before it is made: before the signature, as it happens."""
    monkeypatch.setattr(pki.revocation, "revoked", {pki.signer.certificate.serial_number})
    came.digitise()
    assert verdict(came) == Verdict.INDETERMINATE
    assert found(came).detail == Reason.CERTIFICATE_REVOKED


def test_nothing_is_asked_about_a_signer_whom_nobody_here_trusts(came: PaperOffice) -> None:
    """A hostile file must not make the office call addresses of its choice."""
    came.services = replace(came.services, trust=replace(came.services.trust, anchors=()))
    came.digitise()
    assert (came.revocation.asked, verdict(came)) == (0, Verdict.INDETERMINATE)
