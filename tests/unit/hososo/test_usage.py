"""Help and complaints about a call come in the person's language, and nothing of click's English is left."""

import re

import pytest

from dossier.wording import LANGUAGES
from hososo.main import COMMANDS, main

CALLS = [["nope"], ["status", "--nope"], ["digitise"], ["confirm"], ["search", "a", "--limit", "0"], ["status", "x"]]
ENGLISH = re.compile(r"\b(Usage|Options|Commands|Show|Try|Error|Missing|Invalid|TEXT|INTEGER|FILE|DIRECTORY)\b")


def ended(arguments: list[str]) -> int:
    """Return the exit code that a call of the program ends with."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    return int(str(caught.value.code))


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS), ["register", "import"]], ids=" ".join)
def test_help_is_in_the_asked_language(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    """Every command's help has an example; Vietnamese help has no English, and English help is English."""
    assert ended([*command, "--help"]) == 0
    vietnamese = capsys.readouterr().out
    assert "Ví dụ: hososo" in vietnamese
    assert not ENGLISH.search(vietnamese)
    assert ended([*command, "--help", "--lang", "en"]) == 0
    english = capsys.readouterr().out
    assert "Example: hososo" in english
    assert english.isascii() or "…" in english


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_a_wrong_call_is_told_once_and_ends_with_2(
    capsys: pytest.CaptureFixture[str], call: list[str], language: str
) -> None:
    """One line that says what is wrong and which help to look at."""
    assert ended([*call, "--lang", language]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert re.search(r"hososo( \w+)? --help$", told)
    assert language == "en" or not ENGLISH.search(told)


def test_no_arguments_give_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever types the name of the program alone sees what there is."""
    assert ended([]) == 2
    captured = capsys.readouterr()
    assert "Ví dụ" in captured.out + captured.err


@pytest.mark.parametrize("call", [["confirm", "/no/such/file"], ["register", "import", "/no/such/file"]])
def test_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str], call: list[str]) -> None:
    """The path is told back, with what to check."""
    assert ended(call) == 3
    assert "FILE_UNREADABLE (/no/such/file)" in capsys.readouterr().err
