"""What is printed cannot steer the terminal that shows it, and no name keeps a sentence from being printed."""

import io
import json
import sys

import pytest

from dossier.errors import Code, Rejected
from dossier.text import visible
from hososo.console import Console
from hososo.main import _survive_any_name, _tell
from hososo.settings import Settings

HOSTILE = "\x1b]0;x\x07\x9b2J\r\n\u202egpj.exe\ud8ff\x7f"


def steers(text: str) -> bool:
    """Return whether a text has anything but printable letters and our own line end."""
    return any(ord(char) < 32 or char in "\x7f\x9b\u202e\ud8ff" for char in text.replace("\n", ""))


@pytest.mark.parametrize("text", ["Nguyễn Thị Bưởi Âu", "a\tb".replace("\t", " "), "ắ", "क्\u200dष", ""])
def test_honest_text_stays_as_it_is(text: str) -> None:
    """Letters of any script, with the joiners that belong to them, are not touched."""
    assert visible(text) == text


def test_a_printed_line_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Names and page texts are shown with their controls spelled out, on one line."""
    Console("vi", as_json=False, settings=Settings()).line(HOSTILE)
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert not steers(out)
    assert "\\x1b" in out


def test_json_keeps_the_value_and_cannot_steer_either(capsys: pytest.CaptureFixture[str]) -> None:
    """A program gets back what there was; a person who looks at the JSON sees escapes."""
    Console("vi", as_json=True, settings=Settings()).result("show", {"name": HOSTILE})
    out = capsys.readouterr().out
    assert not steers(out)
    assert json.loads(out)["name"] == HOSTILE


@pytest.mark.parametrize("as_json", [True, False])
def test_an_error_about_a_hostile_name_is_harmless(capsys: pytest.CaptureFixture[str], *, as_json: bool) -> None:
    """Subject and detail of an error are shown like everything else."""
    _tell(Rejected(Code.TYPE_UNKNOWN, HOSTILE, subject=HOSTILE), "vi", as_json=as_json)
    captured = capsys.readouterr()
    assert not steers(captured.out + captured.err)


def test_a_terminal_without_vietnamese_shows_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence that the terminal's encoding cannot write is written all the same."""
    buffer = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(buffer, encoding="ascii"))
    _survive_any_name()
    sys.stdout.write("hồ sơ \udcff")
    sys.stdout.flush()
    assert buffer.getvalue() == b"h\\u1ed3 s\\u01a1 \\udcff"
