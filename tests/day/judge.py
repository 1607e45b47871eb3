"""Where every sheet of a day ended, read from the disk with tools of its own, and held against the truth.

A page is in a dossier when the archive store has it in the newest delivery of that dossier, decoded here; it is before
a person when a part of a stack waits with it, or when the list of problems names it as another dossier's.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from tests.day.scene import Leaf, Scene
from tests.e2e.archive import archived_pages, file_pages, pdf_pages
from tests.e2e.program import Program

TOLD = "PAPER_ELSEWHERE"
TWICE = "the same file again"


@dataclass(slots=True)
class Standing:
    """What is where.

    Attributes:
        stored: Digests of the pages of each dossier, as often as they are there.
        waiting: Digests of the pages that wait, with why.
        told: Digests, by dossier, of pages that are told to be another dossier's.
        reasons: What is said of pages, by digest.
        separators: How many sheets were taken out as separators.
        left: Names of files that still lie at a station.
    """

    stored: dict[str, Counter[str]] = field(default_factory=dict)
    waiting: dict[str, list[str]] = field(default_factory=dict)
    told: dict[str, set[str]] = field(default_factory=dict)
    reasons: dict[str, set[str]] = field(default_factory=dict)
    separators: int = 0
    left: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Verdict:
    """The count.

    Attributes:
        counts: Sheets by what became of them.
        waits: Pages that wait, by why.
        by_fault: What became of sheets with a fault.
        findings: What must not be; empty when all is well.
    """

    counts: Counter[str] = field(default_factory=Counter)
    waits: Counter[str] = field(default_factory=Counter)
    by_fault: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    findings: list[str] = field(default_factory=list)

    def table(self) -> str:
        """Return the result as lines of text."""
        lines = [f"  {name:44} {count:5}" for name, count in sorted(self.counts.items())]
        lines += ["  waiting, why:", *(f"    {name:42} {count:5}" for name, count in sorted(self.waits.items()))]
        lines.append("  sheets with a fault:")
        for fault, found in sorted(self.by_fault.items()):
            lines.append(f"    {fault:34} " + ", ".join(f"{name} {count}" for name, count in sorted(found.items())))
        return "\n".join(
            [*lines, *(f"  FINDING {line}" for line in self.findings[:40]), f"{len(self.findings)} findings"]
        )


def judge(scene: Scene, found: Standing) -> Verdict:
    """Return what became of every sheet."""
    verdict = Verdict()
    verdict.findings += [f"still at a station: {name}" for name in found.left]
    expected = Counter(leaf.digest for leaf in scene.leaves)
    there = sum(found.stored.values(), Counter()) + Counter({digest: len(why) for digest, why in found.waiting.items()})
    twice = {leaf.digest for leaf in scene.leaves if leaf.fault == TWICE}
    for digest, count in (there - expected).items():
        verdict.findings.append(
            f"{'doubled' if digest in expected else 'from nowhere'}: {digest[:12]} {count} times more"
        )
    seen: set[str] = set()
    for leaf in scene.leaves:
        if leaf.digest in seen:
            continue  # the same file again: told with the first
        seen.add(leaf.digest)
        for _ in range(expected[leaf.digest]):
            name = _of_separator(leaf, found) if not leaf.dossier else _of_page(leaf, found)
            verdict.counts[name] += 1
            if leaf.fault:
                verdict.by_fault[_kind(leaf)][name] += 1
            if name.startswith("!"):
                verdict.findings.append(f"{name[1:]}: {leaf.fault or 'sound'} sheet of {leaf.dossier or leaf.pile}")
        if leaf.digest in twice and there[leaf.digest] == 1:
            verdict.counts["  of these, the same bytes twice, kept once"] += 1
        verdict.waits.update(found.waiting.get(leaf.digest, []))
    verdict.counts["separator sheets taken out"] = found.separators
    return verdict


def _kind(leaf: Leaf) -> str:
    return leaf.fault + (f", by {leaf.sign}" if leaf.fault == "misplaced" and leaf.sign else "")


def _of_page(leaf: Leaf, found: Standing) -> str:
    if leaf.digest in found.waiting:
        return "before a person: waits in the list of stacks"
    at = [code for code, pages in found.stored.items() if leaf.digest in pages]
    if not at:
        return "!lost"
    told = any(leaf.digest in found.told.get(code, ()) for code in at)
    if at == [leaf.dossier]:
        return "in its dossier, asked about all the same" if told else "in its dossier"
    return _elsewhere(leaf, found, told=told)


def _elsewhere(leaf: Leaf, found: Standing, *, told: bool) -> str:
    if told:
        return "before a person: told to be another dossier's"
    if not leaf.sign and leaf.fault == "misplaced":
        return "in another dossier, and nothing on it says so"
    if leaf.fault.startswith("damaged") and found.reasons.get(leaf.digest):
        return "before a person: a damaged page"
    return "!silently in another dossier"


def _of_separator(leaf: Leaf, found: Standing) -> str:
    if leaf.digest in found.waiting:
        return "separator, waits with its pages"
    if any(leaf.digest in pages for pages in found.stored.values()):
        return "separator left among pages, unreadable"
    return "separator"


def standing(program: Program, hot_folders: Iterable[Path]) -> Standing:
    """Return what is where in an installation and before it."""
    found = Standing()
    objects = program.home / "archive" / "objects"
    names: dict[tuple[str, str], list[str]] = {}
    for code, file, sha256 in program.rows(
        "select d.code, f.name, f.sha256 from source_file f join intake i on i.id = f.intake_id "
        "join dossier d on d.id = i.dossier_id where f.state = 'stored' and i.version = "
        "(select max(version) from intake n where n.dossier_id = d.id and n.state = 'assembled')"
    ):
        pages = _pages(objects / sha256[:2] / sha256[2:4] / sha256)
        names[code, file] = pages
        found.stored.setdefault(code, Counter()).update(pages)
    for code, file, number, reasons in program.rows(
        "select d.code, f.name, p.number, p.reasons from page p join source_file f on f.id = p.file_id "
        "join intake i on i.id = f.intake_id join dossier d on d.id = i.dossier_id"
    ):
        digest = _at(names.get((code, file), []), int(number))
        found.reasons.setdefault(digest, set()).update(json.loads(reasons))
    for folder, subject in program.rows(
        "select folder, subject from problem where code = ? and resolved_at = ''", TOLD
    ):
        file, _, number = subject.rpartition("#")
        code = Path(folder).name
        found.told.setdefault(code, set()).add(_at(names.get((code, file), []), int(number)))
    for stack, position, doubt in program.rows(
        "select stack_id, position, doubt from stack_part where state = 'waiting'"
    ):
        for digest in _lying(program.home / "spool" / "stacks" / stack / str(position)):
            found.waiting.setdefault(digest, []).append(doubt)
    found.separators = sum(len(json.loads(row[0])) for row in program.rows("select separators from stack_part"))
    found.left = [
        str(path) for hot in hot_folders for path in hot.rglob("*") if path.suffix in (".pdf", ".jpg", ".part")
    ]
    return found


def differing(program: Program, found: Standing) -> list[str]:
    """Return in what the signed files of the archive differ from what was received.

    Nothing, once all is archived. A dossier is not closed while a document of it waits for a person because a page was
    told to be another dossier's.
    """
    shown = Counter(
        (code, digest) for (code, _, _, digest), count in archived_pages(program).items() for _ in range(count)
    )
    open_ones = _in_doubt(program, found)
    held = Counter(
        (code, digest) for code, pages in found.stored.items() for digest in pages.elements() if code not in open_ones
    )
    return [f"archived and not received: {code} {digest[:12]}" for code, digest in shown - held] + [
        f"received and not archived: {code} {digest[:12]}" for code, digest in held - shown
    ]


def _in_doubt(program: Program, found: Standing) -> set[str]:
    """Return the dossiers that wait for a person to look at a page; they have no manifest before."""
    rows = program.rows(
        "select distinct d.code from document c join dossier d on d.id = c.dossier_id where c.state = 'classified'"
    )
    return {code for (code,) in rows} & set(found.told)


def _lying(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*")):
        yield from file_pages(path)


@lru_cache(maxsize=4096)
def _pages(path: Path) -> list[str]:
    data = path.read_bytes()
    return pdf_pages(data) if data.startswith(b"%PDF") else file_pages(path)


def _at(pages: list[str], number: int) -> str:
    return pages[number - 1] if 0 < number <= len(pages) else ""


def as_json(verdict: Verdict, more: Mapping[str, object]) -> str:
    """Return the result for programs."""
    said = {"counts": verdict.counts, "waits": verdict.waits, "findings": verdict.findings, **more}
    return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True)
