"""What the station tells: every state and every reason in both languages, names that cannot do harm."""

from __future__ import annotations

import pytest

from dossier.errors import Code
from station.gathering import NEEDS_PERSON, Wait
from station.queue import BatchState
from station.telling import Standing, Waiting, lines, needs_person, page

_NOW = "2026-11-23T01:00:00+00:00"


def _standing(trouble: str = "", *, waits: bool = True, stray: int = 2) -> Standing:
    waiting = tuple(
        Waiting("<b>\u202e", wait.value, "<i>.jpg", _NOW, 3) for wait in Wait if waits and wait is not Wait.EMPTY
    )
    batches = tuple(
        {
            "code": "H99.27.14-260310-0001",
            "name": "<script>",
            "state": state.value,
            "reason": Code.TYPE_UNKNOWN.value,
            "subject": "<u>",
            "since": _NOW,
            "changed": _NOW,
            "files": 2,
            "acknowledged": 1,
            "stages": [],
        }
        for state in BatchState
    )
    return Standing(_NOW, trouble, waiting, stray, batches if waits else (), {})


@pytest.mark.parametrize("language", ["vi", "en"])
def test_everything_has_words(language: str) -> None:
    """One line each; of an empty folder nothing is told."""
    said = _standing(Code.STATION_REFUSED.value).as_json()
    assert len(lines(said, language)) == 1 + 1 + len(Wait) - 1 + 1 + len(BatchState)


def test_names_cannot_steer_the_page() -> None:
    """They are text there, and their turns of direction are shown."""
    html = page(_standing().as_json())
    assert "<b>" not in html
    assert "<i>" not in html
    assert "<u>" not in html
    assert "\u202e" not in html
    assert "08:00:00 23/11/2026" in html


def test_who_is_needed() -> None:
    """A person where nothing goes on by itself; nobody where everything does."""
    assert needs_person(_standing().as_json())
    assert not needs_person(_standing(waits=False, stray=0).as_json())
    assert needs_person(_standing(Code.STATION_REFUSED.value, waits=False, stray=0).as_json())
    assert not needs_person(_standing(Code.STATION_SERVER_UNAVAILABLE.value, waits=False, stray=0).as_json())
    assert Wait.QUIET not in NEEDS_PERSON
    assert "Không có gì đang chờ" in page(_standing(waits=False, stray=0).as_json())
