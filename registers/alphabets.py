"""Texts written in the Vietnamese code tables before Unicode: TCVN3 (ABC), VNI-Windows, VPS, and CP1258.

Such a text reaches us as its bytes, each taken for the character of the same number, or, out of a workbook, for the
character that Windows shows for that byte. Both are understood. Facts are in `registers/data/alphabets.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from dossier.text import nfc
from registers.capitals import mended

Reader = Callable[[str], str]
_TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
LEGACY = ("cp1258", "tcvn3", "vni", "vps")
_WINDOWS = {
    ord(bytes([byte]).decode("cp1252")): byte for byte in range(0x80, 0xA0) if byte not in b"\x81\x8d\x8f\x90\x9d"
}
_LATIN = 0x100


def reader(alphabet: str) -> Reader:
    """Return what turns a text of a code table into Unicode, NFC; texts that are Unicode already come back as they are.

    Args:
        alphabet: One of LEGACY.
    """
    turn = _READERS[alphabet]

    @lru_cache(maxsize=1 << 15)
    def converted(text: str) -> str:
        if any(ord(char) >= _LATIN and ord(char) not in _WINDOWS for char in text):
            return text
        return turn(text.translate(_WINDOWS))

    return lambda text: text if text.isascii() else converted(text)


def writer(alphabet: str) -> Reader:
    """Return what turns Unicode into a text of a code table, as `reader` takes it: to be written as Latin-1.

    A capital that the table lacks becomes its small letter, as fonts of capitals have it; what it cannot say at all
    becomes a question mark.
    """
    if alphabet == "cp1258":
        return lambda text: "".join(map(_split_tone, nfc(text))).encode("cp1258", "replace").decode("latin-1")
    table = _backwards(alphabet)
    return lambda text: "".join(map(table.get, nfc(text), map(_plain, nfc(text))))


@cache
def _backwards(alphabet: str) -> dict[str, str]:
    found = {letter: chr(byte) for byte, letter in _letters(alphabet).items()}
    if alphabet == "vni":
        found |= {whole: pair for pair, whole in _pairs().items()}
    return {letter.upper(): text for letter, text in found.items()} | found


def _plain(char: str) -> str:
    return char if char.isascii() else "?"


def _split_tone(char: str) -> str:
    """Return a letter as CP1258 has it: with its own sign, the tone behind it."""
    parts = unicodedata.normalize("NFD", char)
    tones = [part for part in parts if part in _TONES]
    return unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones)) + "".join(tones)


def _cp1258(text: str) -> str:
    return nfc(text.encode("latin-1").decode("cp1258", errors="replace"))


def _tcvn3(text: str) -> str:
    return mended(text.translate(_letters("tcvn3")))


def _vps(text: str) -> str:
    return mended(text.translate(_letters("vps")))


def _vni(text: str) -> str:
    return _pair().sub(lambda found: _vni_letters().get(found[0], found[0]), text)


@cache
def _pair() -> re.Pattern[str]:
    """Return what may be a letter with its mark; the letters ơ and ư, which stand in such places too, are no marks."""
    marks = "".join(sorted({key[1] for key in _pairs()}))
    return re.compile(f"[AEOUYaeouyÔÖôö][{marks}]|[\x80-\xff]")


@cache
def _vni_letters() -> dict[str, str]:
    return _pairs() | {chr(byte): letter for byte, letter in _letters("vni").items()}


_READERS: dict[str, Reader] = {"cp1258": _cp1258, "tcvn3": _tcvn3, "vps": _vps, "vni": _vni}


@cache
def _letters(alphabet: str) -> dict[int, str]:
    table = _tables()[alphabet]
    return dict(zip(bytes.fromhex(table["bytes"]), table["letters"], strict=True))


@cache
def _pairs() -> dict[str, str]:
    """Return every letter of VNI that takes two bytes; capitals take the capital mark, 0x20 below the small one."""
    table = _tables()["vni"]
    found: dict[str, str] = {}
    for shape, letters, sign in (("plain", "aeouyôö", ""), ("circumflex", "aeo", "\u0302"), ("breve", "a", "\u0306")):
        marks = bytes.fromhex(table[shape])
        for letter in letters:
            own = {"ô": "ơ", "ö": "ư"}.get(letter, letter)
            for mark, tone in zip(marks, _TONES, strict=True):
                if mark:
                    whole = unicodedata.normalize("NFC", own + sign + tone)
                    found[letter + chr(mark)] = whole
                    found[letter.upper() + chr(mark - 0x20)] = whole.upper()
                    found[letter.upper() + chr(mark)] = whole.upper()
    return found


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(resources.files("registers").joinpath("data/alphabets.toml").read_text(encoding="utf-8"))
