"""Every sentence that people see is there in both languages, and every sentence that is there is said."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from dossier.errors import Code
from dossier.wording import LANGUAGES, _catalogue, advice, keys
from tests.architecture.sources import ROOT, called, files, nodes, shown

_BOTH = ("say", "word")
_SAYING = {"reports": (), "web": ("say",)}
"""What says a sentence of this catalogue; reports and pages have words of their own, with tests of their own."""


def _said() -> Iterator[tuple[str, str, bool]]:
    """Yield where, which key, and whether that is all of it or only how it begins."""
    for path in files():
        for node in nodes(path):
            if called(node) in _SAYING.get(path.relative_to(ROOT).parts[0], _BOTH) and isinstance(node, ast.Call):
                yield from (found for argument in node.args[:1] for found in _keys_in(path, argument))


def _keys_in(path: Path, argument: ast.expr) -> Iterator[tuple[str, str, bool]]:
    where = f"{shown(path)}:{argument.lineno}"
    for node in ast.walk(argument):
        if isinstance(node, ast.JoinedStr):
            first = node.values[0]
            if isinstance(first, ast.Constant):
                yield where, str(first.value), False
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
            yield where, node.value, not node.value.endswith(".")


def test_both_languages_have_the_same_sentences() -> None:
    """What one language can say, the other can."""
    assert keys("vi") == keys("en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", Code, ids=str)
def test_every_error_has_cause_and_cure(code: Code, language: str) -> None:
    """One sentence of each, that ends like one."""
    told = advice(code, language)
    for sentence in (told.cause, told.cure):
        assert sentence.strip() == sentence
        assert sentence.endswith((".", "!", "?"))


def test_no_error_is_told_that_does_not_exist() -> None:
    """The catalogue has no entry that a code does not stand behind."""
    assert set(_catalogue("vi")["errors"]) == {code.value for code in Code}


@pytest.mark.parametrize("key", sorted(keys("vi")))
def test_placeholders_are_the_same_in_both_languages(key: str) -> None:
    """A value that one language shows is not missing from the other."""
    section, _, name = key.partition(".")
    assert _placeholders(_catalogue("vi")[section][name]) == _placeholders(_catalogue("en")[section][name])


def _placeholders(sentence: object) -> set[str]:
    return (
        {field for _, field, _, _ in Formatter().parse(str(sentence)) if field} if isinstance(sentence, str) else set()
    )


def test_every_sentence_that_is_said_exists() -> None:
    """A key that the program asks for is in the catalogue."""
    known = keys("vi")
    missing = [
        (where, key)
        for where, key, whole in _said()
        if not (key in known if whole else any(one.startswith(key) for one in known))
    ]
    assert missing == []


def test_every_sentence_is_said() -> None:
    """Wording that nothing asks for any more is taken out. Errors are told by code."""
    said = list(_said())
    whole = {key for _, key, complete in said if complete}
    begun = tuple(key for _, key, complete in said if not complete)
    unused = [key for key in keys("vi") if not key.startswith("errors.") and key not in whole]
    assert [key for key in sorted(unused) if not key.startswith(begun)] == []
