"""What the station tells of itself: for programs as JSON, for the clerk as a page beside the hot folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from html import escape
from typing import Any

from dossier.errors import Code
from dossier.register import VIETNAM
from dossier.text import visible
from dossier.wording import advice, say
from station.gathering import NEEDS_PERSON, Wait
from station.page_telling import leaf_lines, page_lines
from station.queue import Batch, BatchState, Part, Queue

FORMAT = 1
UNASSIGNED = "unassigned"
"""Stage of a stack of which pages wait for a person, as the server calls it."""
ASKED = "asked"
"""Stage of a hand-over of which somebody has to say whether a paper is a state secret."""
_SHOWN = 200
_OVER_SHOWN = 20
_GOING = (BatchState.SENDING, BatchState.FOLLOWED)
_BAD = (BatchState.ASIDE, BatchState.RETURNING, BatchState.DESTROYED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that lies in a hot folder and was not taken: its name, why, which file, since when."""

    name: str
    wait: str
    subject: str
    since: str
    files: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How the station is.

    Attributes:
        at: When this was found.
        trouble: Code of what keeps it from handing over at all; empty: nothing.
        waiting: What lies in the hot folders.
        stray: How many files do not say where they belong.
        batches: What was taken and is not over, and what ended lately.
        files: How many files are in each state.
        looks: What the server says of papers that lie in the hot folders, by dossier.
    """

    at: str
    trouble: str
    waiting: tuple[Waiting, ...]
    stray: int
    batches: tuple[dict[str, Any], ...]
    files: dict[str, int]
    looks: tuple[dict[str, Any], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as `status.json` has it."""
        return {"format": FORMAT, **asdict(self)}

    def text(self) -> str:
        """Return the JSON text."""
        return json.dumps(self.as_json(), ensure_ascii=False, indent=1)


def batches_told(queue: Queue) -> tuple[dict[str, Any], ...]:
    """Return what is told of the batches: all that are under way, and those that ended last."""
    going = queue.batches(BatchState.CLAIMING, BatchState.SENDING, BatchState.FOLLOWED, BatchState.RETURNING)
    over = sorted(queue.batches(BatchState.DONE, BatchState.ASIDE, BatchState.DESTROYED), key=lambda b: b.changed_at)
    return tuple(_told(batch, queue) for batch in [*going[:_SHOWN], *reversed(over[-_OVER_SHOWN:])])


def _told(batch: Batch, queue: Queue) -> dict[str, Any]:
    parts = queue.parts(batch)
    items = [item for part in parts for item in queue.items(part)]
    return {
        "code": batch.code,
        "name": batch.name,
        "state": batch.state.value,
        "reason": batch.reason,
        "subject": batch.subject,
        "since": batch.taken_at,
        "changed": batch.changed_at,
        "files": len(items),
        "acknowledged": sum(item.state.value not in ("claiming", "claimed") for item in items),
        "stages": sorted({part.stage for part in parts if part.stage}),
        "bad_pages": [
            {"file": item.original, **page} for item in items if batch.state in _GOING for page in queue.look(item)
        ][:_SHOWN],
        "leaves": _leaves(parts, queue) if batch.state in (*_GOING, BatchState.DONE) else [],
    }


def _leaves(parts: Sequence[Part], queue: Queue) -> list[dict[str, str]]:
    """Return what does not fit about the leaves of a batch, once each: hand-overs of a dossier tell the same."""
    found: list[dict[str, str]] = []
    for each in (each for part in parts for each in queue.leaves_told(part)):
        if each not in found:
            found.append(each)
    return found


def lines(said: dict[str, Any], language: str = "vi") -> list[str]:
    """Return what `status.json` says as sentences."""
    found = [say("station.at", language, time=_time(said["at"]))]
    if said["trouble"]:
        found.append(_problem(said["trouble"], "", language))
    found += [_waiting(each, language) for each in said["waiting"]]
    for each in said.get("looks", ()):
        found += [_looked(each, language), *(f"  {line}" for line in _bad_pages(each, language))]
    if said["stray"]:
        found.append(say("station.stray", language, count=said["stray"]))
    for each in said["batches"]:
        below = [*_bad_pages(each, language), *leaf_lines(each.get("leaves", []), language)]
        found += [_batch(each, language), *(f"  {line}" for line in below)]
    if len(found) == 1:
        found.append(say("station.nothing", language))
    return found


def page(said: dict[str, Any]) -> str:
    """Return the page for the clerk: it loads itself anew, needs no server and no script."""
    rows = "".join(_item(each, text) for each, text in _rows(said))
    trouble = f'<p class="bad">{escape(_problem(said["trouble"], "", "vi"))}</p>' if said["trouble"] else ""
    style = (
        "body{font:18px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}"
        "li{margin:.4rem 0;padding:.4rem .8rem;border-left:4px solid #2e7d32;background:#f6f6f6;list-style:none}"
        "ul{padding:0}.bad{border-left:4px solid #b3261e;padding:.4rem .8rem;background:#fdecea}"
        "li.bad{border-color:#b3261e;background:#fdecea}li.doubt{border-color:#b26a00;background:#fff6e5}"
    )
    return (
        f'<!doctype html><html lang="vi"><meta charset="utf-8"><meta http-equiv="refresh" content="1">'
        f"<title>{escape(say('station.title'))}</title><style>{style}</style>"
        f"<h1>{escape(say('station.title'))}</h1><p>{escape(say('station.at', time=_time(said['at'])))}</p>"
        f"{trouble}<ul>{rows or '<li>' + escape(say('station.nothing')) + '</li>'}</ul></html>\n"
    )


def needs_person(said: dict[str, Any]) -> bool:
    """Return whether something ends only when a person acts."""
    waits = any(each["wait"] in {wait.value for wait in NEEDS_PERSON} for each in said["waiting"])
    return waits or bool(said["stray"]) or said["trouble"] in (Code.STATION_REFUSED.value, Code.NOT_ALLOWED.value)


def _rows(said: dict[str, Any]) -> Sequence[tuple[dict[str, Any], str]]:
    stray = [({"wait": Wait.CODE.value}, say("station.stray", count=said["stray"]))] if said["stray"] else []
    waiting = [(each, _waiting(each, "vi")) for each in said["waiting"]]
    looked = [(each, _looked(each, "vi")) for each in said.get("looks", ())]
    return [*stray, *looked, *waiting, *((each, _batch(each, "vi")) for each in said["batches"])]


def _bad_pages(each: dict[str, Any], language: str) -> list[str]:
    """Return a sentence for each page of a batch that is not good, its file named first."""
    pages = each.get("bad_pages", [])
    told = page_lines(pages, language)
    return [f"{visible(page['file'])}, {line}" for page, line in zip(pages, told, strict=True)]


def _item(each: dict[str, Any], text: str) -> str:
    """Return one line of the page, with a line below it for each page that is not good."""
    tones = ("bad" if found["verdict"] == "rescan" else "doubt" for found in each.get("bad_pages", []))
    told = [*zip(tones, _bad_pages(each, "vi"), strict=True)]
    told += [("doubt", line) for line in leaf_lines(each.get("leaves", []))]
    lines = "".join(f'<li class="{tone}">{escape(line)}</li>' for tone, line in told)
    return f"<li{_mark(each)}>{escape(text)}{f'<ul>{lines}</ul>' if lines else ''}</li>"


def _mark(each: dict[str, Any]) -> str:
    waits = each.get("state") == BatchState.FOLLOWED and not {UNASSIGNED, ASKED}.isdisjoint(each["stages"])
    scan_again = any(page["verdict"] == "rescan" for page in each.get("bad_pages", []))
    bad = (
        waits
        or scan_again
        or each.get("state") in {state.value for state in _BAD}
        or each.get("wait") in {w.value for w in NEEDS_PERSON}
    )
    return ' class="bad"' if bad else ""


def _waiting(each: dict[str, Any], language: str) -> str:
    why = say(f"station_waits.{each['wait']}", language, subject=visible(each["subject"]))
    name = visible(each["name"])
    return say("station.waiting", language, name=name, files=each["files"], why=why, since=_time(each["since"]))


def _looked(each: dict[str, Any], language: str) -> str:
    """Return how the papers of a dossier are that still lie there."""
    return say("station.looked", language, name=visible(each["name"]), pages=each["pages"], good=each["good"])


def _batch(each: dict[str, Any], language: str) -> str:
    state = say(f"station_states.{each['state']}", language, acknowledged=each["acknowledged"], files=each["files"])
    why = _problem(each["reason"], each["subject"], language) if each["reason"] else ""
    for stage in (UNASSIGNED, ASKED) if each["state"] == BatchState.FOLLOWED else ():
        if stage in each["stages"]:
            why = f"{say(f'station.{stage}', language)} {why}".strip()
    name = visible(each["code"] or each["name"])
    told = say("station.batch", language, code=name, state=state, since=_time(each["since"]))
    return f"{told} {why}".strip()


def _problem(code: str, subject: str, language: str) -> str:
    told = advice(Code(code) if code in Code.__members__ else Code.BUG, language)
    where = f"{visible(subject)}: " if subject else ""
    return f"{where}{told.cause} {told.cure} [{code}]"


def _time(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(VIETNAM).strftime("%H:%M:%S %d/%m/%Y")
