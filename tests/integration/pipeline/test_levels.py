"""A document is archived at the level of the policy or waits with its cause; it is never kept at a lower one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog import documents, events, queue, renditions
from dossier.errors import Code, Unavailable
from dossier.states import DocumentState, Step
from hososo.console import Exit
from hososo.overview import overview
from hososo.settings import Profile, Settings
from pipeline import sign
from tests.fakes.office import PaperOffice
from tests.integration.pipeline.test_signing_resumed import cut_off, go_on_elsewhere, is_archived_once


@pytest.fixture
def database() -> str:
    """Work with one database: what is at stake here lies in the signing, not in the catalogue."""
    return "sqlite"


@pytest.fixture
def waiting(office: PaperOffice) -> PaperOffice:
    """Return an office with one document on the signing list."""
    office.page("1.jpg", 10)
    office.deliver()
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE, Step.CLASSIFY, Step.RENDER)
    return office


def level(office: PaperOffice) -> str:
    """Return the level that is recorded of the one document."""
    with office.services.catalogue.read() as tx:
        stored = renditions.final(tx, office.documents()[0].id)
    assert stored is not None
    assert stored.facts is not None
    return stored.facts.level


def errors(office: PaperOffice) -> list[str]:
    """Return what items wait for."""
    with office.services.catalogue.read() as tx:
        return [item.error for item in queue.waiting(tx)]


def go_on(office: PaperOffice) -> None:
    """Let time pass and work."""
    office.clock.later(600)
    office.drain()


def test_by_default_b_lta_is_reached_and_recorded(waiting: PaperOffice) -> None:
    """With one use of the key and two time stamps; the event says it too."""
    waiting.drain()
    assert (level(waiting), waiting.signer.uses) == ("B-LTA", 1)
    with waiting.services.catalogue.read() as tx:
        told = [event.payload for event in events.chain(tx, waiting.dossier().id) if event.kind == "signed"]
    assert [one["level"] for one in told] == ["B-LTA"]
    assert is_archived_once(waiting)


def test_a_lower_level_is_reached_on_purpose_only(waiting: PaperOffice) -> None:
    """B-T asks for no validation data at all."""
    waiting.services = replace(waiting.services, signing_level="B-T")
    waiting.revocation.fault = Code.VALIDATION_DATA_UNAVAILABLE
    waiting.drain()
    assert (level(waiting), waiting.revocation.asked) == ("B-T", 0)


def test_without_validation_data_the_key_is_not_used(waiting: PaperOffice) -> None:
    """The document says what it waits for, and goes on by itself."""
    waiting.revocation.fault = Code.VALIDATION_DATA_UNAVAILABLE
    for _ in range(3):
        go_on(waiting)
    assert waiting.states() == [DocumentState.WAITING_VALIDATION]
    assert (errors(waiting), waiting.signer.uses) == ([Code.VALIDATION_DATA_UNAVAILABLE], 0)
    waiting.revocation.fault = None
    go_on(waiting)
    assert (level(waiting), waiting.signer.uses) == ("B-LTA", 1)
    assert is_archived_once(waiting)


def test_a_revoked_key_signs_nothing_and_is_told(waiting: PaperOffice) -> None:
    """The document waits for another key, which then signs it."""
    waiting.revocation.fault = Code.CERTIFICATE_REVOKED
    go_on(waiting)
    assert (waiting.states(), errors(waiting)) == ([DocumentState.WAITING_SIGNATURE], [Code.CERTIFICATE_REVOKED])
    assert waiting.signer.uses == 0


def second_half_fails(office: PaperOffice, monkeypatch: pytest.MonkeyPatch, code: Code) -> None:
    """Let everything fail that follows the signature, once."""

    def fails(*_: object, **__: object) -> None:
        raise Unavailable(code)

    with monkeypatch.context() as patch:
        patch.setattr(sign, "extend_pdf", fails)
        go_on(office)


@pytest.mark.parametrize(
    ("code", "state"),
    [
        (Code.TSA_UNAVAILABLE, DocumentState.WAITING_TIMESTAMP),
        pytest.param(Code.CLOCK_SKEW, DocumentState.WAITING_TIMESTAMP, marks=pytest.mark.long),
        (Code.VALIDATION_DATA_UNAVAILABLE, DocumentState.WAITING_VALIDATION),
    ],
)
def test_a_signature_that_could_not_be_made_to_last_is_kept_and_used(
    waiting: PaperOffice, monkeypatch: pytest.MonkeyPatch, code: Code, state: DocumentState
) -> None:
    """The token is not asked a second time for the same document, and nothing below the level is stored."""
    second_half_fails(waiting, monkeypatch, code)
    assert (waiting.states(), errors(waiting), waiting.signer.uses) == ([state], [code], 1)
    with waiting.services.catalogue.read() as tx:
        assert renditions.find(tx, waiting.documents()[0].id, renditions.SIGNED) is None
    go_on(waiting)
    assert (level(waiting), waiting.signer.uses) == ("B-LTA", 1)
    assert is_archived_once(waiting)


def test_a_signature_by_a_key_that_was_revoked_meanwhile_is_made_again(
    waiting: PaperOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was held is let go: the next key that is set up signs anew."""
    second_half_fails(waiting, monkeypatch, Code.CERTIFICATE_REVOKED)
    assert waiting.states() == [DocumentState.WAITING_SIGNATURE]
    go_on(waiting)
    assert (level(waiting), waiting.signer.uses) == ("B-LTA", 2)
    assert is_archived_once(waiting)


def test_a_worker_killed_before_its_signature_lasts_is_succeeded(
    waiting: PaperOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another host takes the held signature and goes on from there."""
    used = cut_off(waiting, monkeypatch, sign, "extend_pdf")
    go_on_elsewhere(waiting)
    assert (level(waiting), waiting.signer.uses) == ("B-LTA", used)
    assert is_archived_once(waiting)


def test_an_office_without_time_stamps_sees_it_at_once(office: PaperOffice) -> None:
    """Before the first document waits, in words and by the exit code."""
    without = Settings(profile=Profile.PRODUCTION, home=office.inbox.parent)
    state = overview(office.services.catalogue, without)
    assert (state.no_time_stamps, state.exit_code()) == (True, Exit.NEEDS_PERSON)
    with_one = without.model_copy(update={"tsa_url": "http://127.0.0.1:1/"})
    assert not overview(office.services.catalogue, with_one).no_time_stamps


def test_every_state_of_the_signing_list_leads_to_every_other(waiting: PaperOffice) -> None:
    """What a document waits for changes as servers fail and come back."""
    (document,) = waiting.documents()
    with waiting.services.catalogue.write() as tx:
        for state in (
            DocumentState.WAITING_VALIDATION,
            DocumentState.WAITING_TIMESTAMP,
            DocumentState.WAITING_VALIDATION,
            DocumentState.WAITING_SIGNATURE,
        ):
            documents.move(tx, document.id, state)
    assert waiting.states() == [DocumentState.WAITING_SIGNATURE]
