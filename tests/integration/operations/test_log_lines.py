"""Every line of a step says which step of which dossier it is about, and nothing else about anybody."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest
import structlog

from catalog import Catalogue
from dossier.errors import Code, Rejected
from dossier.model import ObjectRef
from dossier.states import Step
from hososo.logs import log_to
from signing.development_pki import DevelopmentPki
from storage.port import ObjectStore
from tests.fakes.faulty_store import FaultyStore, unreachable
from tests.fakes.office import Children, PaperOffice, paper_office

_NAME = "Le Thi Binh"


@pytest.fixture
def office(
    url: str, tmp_path: Path, pki: DevelopmentPki, children: Children, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PaperOffice]:
    """Give an office that logs into a file, as a worker does."""
    log_to(tmp_path / "log")
    monkeypatch.setattr("pipeline.running._log", structlog.get_logger("hososo"))  # one that knows no earlier file
    catalogue = Catalogue(url)
    with paper_office(tmp_path, catalogue, pki, children) as opened:
        yield opened
    catalogue.close()
    structlog.get_config()["logger_factory"]._file.close()
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def _lines(office: PaperOffice) -> list[dict[str, object]]:
    text = (office.inbox.parent / "log").read_text(encoding="utf-8")
    assert _NAME not in text
    assert "H99" not in text
    return [json.loads(line) for line in text.splitlines()]


def test_waits_rejections_and_bugs_name_their_item(office: PaperOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """Step, subject, item, attempt, worker and dossier are on every line, whoever wrote it; also on a bug's."""
    page = office.page(f"{_NAME}.jpg", 10, text=_NAME)
    office.page("2.jpg", 20)
    office.reader.faults[page] = [Rejected(Code.READ_TIMEOUT)] * 2
    office.tsa.silent = True
    office.use(store=FaultyStore(office.services.store, {"put": unreachable()}))
    office.digitise()
    office.clock.later(600)
    monkeypatch.setattr(office.tsa, "token", _stumble)
    office.drain()
    lines = _lines(office)
    assert {line["message"] for line in lines} == {"waits", "bug"}
    for line in lines:
        assert line["step"] in {step.value for step in Step}
        assert line["dossier"] == office.dossier().id
        assert line["worker"] == "run/1/"
        assert isinstance(line["item"], int)
        assert isinstance(line["attempt"], int)
        assert line["subject"]


def test_a_lost_lease_names_its_item_too(office: PaperOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line after the step, and the lines of the thread that prolongs the lease, are about the same item."""
    monkeypatch.setattr("pipeline.running._HEARTBEAT_SECONDS", 0.01)
    beaten = threading.Event()
    monkeypatch.setattr("pipeline.running._renewed", lambda *_: _note(beaten))
    office.page("1.jpg", 10)
    office.deliver()
    office.use(store=_SlowStore(office.services.store, beaten))  # the step lasts until the lease was prolonged once
    office.drain(Step.RECEIVE)
    beats = [line for line in _lines(office) if line["message"] == "heartbeat missed"]
    assert beats
    assert {(line["step"], line["dossier"]) for line in beats} == {("receive", office.dossier().id)}


def _note(beaten: threading.Event) -> bool:
    structlog.get_logger("hososo").warning("heartbeat missed")
    beaten.set()
    return True


class _SlowStore(FaultyStore):
    """A store that keeps a put waiting until something has happened, but not for ever."""

    def __init__(self, inner: ObjectStore, until: threading.Event) -> None:
        super().__init__(inner, {})
        self._until = until

    def put(self, source: BinaryIO, media_type: str) -> ObjectRef:
        """Put, afterwards."""
        self._until.wait(30)
        return super().put(source, media_type)


def _stumble(*_: object) -> bytes:
    raise ValueError(_NAME)
