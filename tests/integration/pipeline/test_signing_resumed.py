"""A key is asked once: another worker, on whatever host, goes on with a signature by what the holding area has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from catalog import renditions, work
from dossier.errors import Code, Rejected, Unavailable
from dossier.states import DocumentState, Step
from ingest.holding import Holding
from pipeline import sign
from pipeline.names import signed_name, signing_note_name
from pipeline.sweeping import sweep
from pipeline.verification import verify_dossier
from storage.local import LocalObjectStore
from tests.fakes.office import PaperOffice


class PowerCut(BaseException):
    """The worker ends here."""


def cut(*_: object, **__: object) -> None:
    """End the worker."""
    raise PowerCut


@pytest.fixture
def waiting(office: PaperOffice) -> PaperOffice:
    """Return an office with one document on the signing list."""
    office.page("1.jpg", 10)
    office.deliver()
    office.drain(Step.RECEIVE, Step.READ, Step.ASSEMBLE, Step.CLASSIFY, Step.RENDER)
    assert office.states() == [DocumentState.WAITING_SIGNATURE]
    return office


def cut_off(office: PaperOffice, monkeypatch: pytest.MonkeyPatch, owner: object, point: str) -> int:
    """Let the signing step be killed at a point; return how often the key was used."""
    item = office.claim(Step.SIGN)
    assert item is not None
    with monkeypatch.context() as patch:
        patch.setattr(owner, point, cut)
        with pytest.raises(PowerCut):
            office.step(item)
    with office.services.catalogue.write() as tx:
        work.release(tx, "run/1/", office.clock(), crashed=True)
    office.clock.later(600)
    return office.signer.uses


def go_on_elsewhere(office: PaperOffice) -> None:
    """Go on as another host would: with a scratch folder of its own."""
    other = office.inbox.parent / "scratch of another host"
    other.mkdir()
    office.services = replace(office.services, scratch=other)
    office.drain()
    assert list(other.iterdir()) == []


def is_archived_once(office: PaperOffice) -> bool:
    """Return whether all is as if nothing had happened."""
    sweep(office.services)
    valid = all(finding.verdict == "valid" for finding in verify_dossier(office.dossier(), office.services))
    clear = office.services.holding.batches() == [] and office.unclaimed() == set() == office.missing()
    return valid and clear and office.states() == [DocumentState.ARCHIVED]


@pytest.mark.parametrize(
    ("owner", "point", "again"),
    [
        (sign, "_remember", 1),  # the window that stays: the key was used, nothing tells so but the chain
        (Holding, "put", 1),  # the file is held, but not what would find it
        (sign, "keep", 0),
        (LocalObjectStore, "put", 0),
        (renditions, "put", 0),
        (sign, "_forget", 0),
    ],
)
def test_a_key_is_asked_again_only_where_nothing_was_noted(
    waiting: PaperOffice, monkeypatch: pytest.MonkeyPatch, owner: object, point: str, again: int
) -> None:
    """Killed between signing, holding, noting, storing and committing; another host goes on."""
    used = cut_off(waiting, monkeypatch, owner, point)
    go_on_elsewhere(waiting)
    assert waiting.signer.uses == used + again
    assert is_archived_once(waiting)


def test_a_holding_area_that_fails_does_not_waste_a_signature(
    waiting: PaperOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The note is a precaution: a signature that cannot be noted is stored all the same."""

    def full(*_: object) -> None:
        raise Unavailable(Code.DISK_FULL)

    item = waiting.claim(Step.SIGN)
    assert item is not None
    with monkeypatch.context() as patch:
        patch.setattr(Holding, "put_file", full)
        waiting.step(item)
    assert waiting.states() == [DocumentState.SIGNED]


def test_without_a_holding_batch_it_is_signed_too(waiting: PaperOffice) -> None:
    """A catalogue that was restored from a backup has none: backups leave the holding area out."""
    for batch in waiting.services.holding.batches():
        waiting.services.holding.destroy(batch)
    waiting.drain()
    assert is_archived_once(waiting)


def test_while_the_holding_area_cannot_be_asked_the_key_is_not(
    waiting: PaperOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is noted there may be just this signature: the document waits."""
    used = cut_off(waiting, monkeypatch, sign, "keep")

    def unreachable(*_: object) -> None:
        raise Unavailable(Code.STORE_UNAVAILABLE)

    with monkeypatch.context() as patch:
        patch.setattr(Holding, "get", unreachable)
        waiting.drain()
    assert waiting.states() == [DocumentState.WAITING_SIGNATURE]
    waiting.clock.later(600)
    waiting.drain()
    assert waiting.signer.uses == used
    assert is_archived_once(waiting)


@pytest.mark.parametrize("damage", ["note is gone", "note is none", "file is gone", "file is another"])
def test_what_is_not_held_whole_is_signed_anew(
    waiting: PaperOffice, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    """A note alone, or a file that is not the noted one, is not archived."""
    used = cut_off(waiting, monkeypatch, sign, "keep")
    with waiting.services.catalogue.read() as tx:
        unsigned = renditions.find(tx, waiting.documents()[0].id, renditions.UNSIGNED)
    assert unsigned is not None
    holding, batch = waiting.services.holding, waiting.documents()[0].intake_id
    note = signing_note_name(unsigned.ref.sha256)
    file = signed_name(_noted_digest(holding, batch, note))
    changes: dict[str, Callable[[], None]] = {
        "note is gone": lambda: holding.forget(batch, note),
        "note is none": lambda: holding.put(batch, note, b"[]"),
        "file is gone": lambda: holding.forget(batch, file),
        "file is another": lambda: holding.put(batch, file, b"%PDF-1.7"),
    }
    changes[damage]()
    waiting.drain()
    assert waiting.signer.uses == used + 1
    assert is_archived_once(waiting)


def _noted_digest(holding: Holding, batch: str, note: str) -> str:
    return holding.get(batch, note).decode().split('"sha256": "')[1][:64]


def test_of_two_workers_that_sign_the_same_one_result_is_archived(
    waiting: PaperOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A zombie that wakes up with a signature of its own commits nothing, and its bytes are swept."""
    zombie = waiting.claim(Step.SIGN)
    assert zombie is not None
    real = sign._sign

    def slow(*args: object) -> object:
        record = real(*args)  # type: ignore[arg-type] # passes through
        monkeypatch.setattr(sign, "_sign", real)
        with waiting.services.catalogue.write() as tx:
            work.release(tx, "run/1/", waiting.clock(), crashed=True)
        waiting.clock.later(600)
        waiting.drain(Step.SIGN)
        return record

    monkeypatch.setattr(sign, "_sign", slow)
    with pytest.raises(work.LostLease):
        waiting.step(zombie)
    assert waiting.signer.uses == 2
    waiting.drain()
    assert is_archived_once(waiting)


def test_working_files_of_a_living_worker_are_not_swept(waiting: PaperOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep beside a signing step removes what a killed one left, and leaves what is in use."""
    left = waiting.services.scratch / "work-left"
    left.mkdir()
    (left / "signed.pdf").write_bytes(b"left")
    real = sign.sign_pdf

    def beside(source: Path, target: Path, **words: object) -> object:
        assert sweep(waiting.services).files == 1
        record = real(source, target, **words)  # type: ignore[arg-type] # passes through
        assert sweep(waiting.services).files == 0
        return record

    monkeypatch.setattr(sign, "sign_pdf", beside)
    waiting.drain()
    assert is_archived_once(waiting)


def test_a_batch_that_a_late_put_left_is_swept(waiting: PaperOffice) -> None:
    """What lies in a batch without a key can be read by nobody."""
    waiting.drain()
    assert waiting.services.holding.batches() == []
    batch = waiting.inbox.parent / "holding" / waiting.documents()[0].intake_id / "data"
    batch.mkdir(parents=True)
    (batch / "late").write_bytes(b"sealed")
    assert sweep(waiting.services).batches == 1
    with pytest.raises(Rejected):
        waiting.services.holding.get(waiting.documents()[0].intake_id, "late")
    assert waiting.services.holding.batches() == []
