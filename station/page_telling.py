"""What the server has told of single pages: understood, put together, said in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dossier.errors import Code
from dossier.leaves import LeafFault
from dossier.text import visible
from dossier.wording import advice, keys, say

_GRAVITY: Final = ("good", "blank", "look", "rescan")
_MOST: Final = 500
_LONGEST: Final = 200
_STANDS: Final = "page_stands"
_LEAF_CODES: Final = frozenset(fault.value for fault in LeafFault)
_LONGEST_SAID: Final = 800
_MOST_LEAVES: Final = 20

Told = dict[str, Any]


def pages_of(file: Mapping[str, Any]) -> list[Told]:
    """Return what is to be told of the pages of a file, by a first look and by reading, the worse of the two first.

    Pages that are good are left out. `file` is as the API gives it: nothing about it is relied on.
    """
    looks, read = _by_number(file.get("looks")), _by_number(file.get("pages"))
    found = [_together(number, looks.get(number), read.get(number)) for number in sorted({*looks, *read})[:_MOST]]
    return [each for each in found if each["verdict"] not in ("", "good")]


def looks_of(answer: Mapping[str, Any]) -> list[Told]:
    """Return what a look at a single file has told of its pages, the good ones too; nothing of it is relied on."""
    looks = _by_number(answer.get("pages"))
    found = [_together(number, looks[number], None) for number in sorted(looks)[:_MOST]]
    return [each for each in found if each["verdict"]]


def leaves_told(answer: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return what an answer says of leaves that do not fit; nothing of it is relied on."""
    said = answer.get("leaves")
    found = [each for each in said if isinstance(each, dict)] if isinstance(said, list) else []
    texts = [{name: str(each.get(name, ""))[:_LONGEST_SAID] for name in ("code", "subject", "said")} for each in found]
    return [each for each in texts if each["code"] in _LEAF_CODES][:_MOST_LEAVES]


def leaf_lines(told: Sequence[Mapping[str, str]], language: str = "vi") -> list[str]:
    """Return a sentence for each thing that does not fit about leaves."""
    return [_leaf_line(each, language) for each in told]


def _leaf_line(each: Mapping[str, str], language: str) -> str:
    advised = advice(Code(each["code"]), language)
    return f"{visible(each['subject'])} ({visible(each['said'])}): {advised.cause} {advised.cure}"


def page_lines(pages: Sequence[Told], language: str = "vi") -> list[str]:
    """Return a sentence for each page of a file that is not good."""
    known = keys(language)
    return [_line(each, known, language) for each in pages]


def _line(each: Told, known: frozenset[str] | set[str], language: str) -> str:
    names = (f"page_reasons.{name}" for name in each["reasons"])
    why = [say(name if name in known else "page_reasons.other", language) for name in names]
    if each["like"]:
        why.append(say("station.like", language, name=visible(each["like"][0]), page=each["like"][1]))
    told = say(f"page_verdicts.{each['verdict']}", language)
    return say("station.page", language, page=each["number"], verdict=told, why="; ".join(why)).rstrip(" :")


def _by_number(said: object) -> dict[int, Mapping[str, Any]]:
    listed = said if isinstance(said, list) else []
    pages = [each for each in listed if isinstance(each, dict) and isinstance(each.get("number"), int)]
    return {each["number"]: each for each in pages}


def _together(number: int, look: Mapping[str, Any] | None, read: Mapping[str, Any] | None) -> Told:
    reasons = [*dict.fromkeys((*_reasons(read), *_reasons(look)))]
    verdicts = [_verdict(read)] if _STANDS in reasons else [_verdict(look), _verdict(read)]
    verdict = max((each for each in verdicts if each), key=_GRAVITY.index, default="")
    return {"number": number, "verdict": verdict, "reasons": reasons, "like": _like(look)}


def _verdict(each: Mapping[str, Any] | None) -> str:
    said = (each or {}).get("verdict")
    return said if isinstance(said, str) and said in _GRAVITY else ""


def _reasons(each: Mapping[str, Any] | None) -> list[str]:
    said = (each or {}).get("reasons")
    return [one[:_LONGEST] for one in said if isinstance(one, str)][:20] if isinstance(said, list) else []


def _like(look: Mapping[str, Any] | None) -> list[Any] | None:
    said = (look or {}).get("like")
    name, number = (said.get("name"), said.get("number")) if isinstance(said, dict) else (None, None)
    return [name[:_LONGEST], number] if isinstance(name, str) and isinstance(number, int) else None
