"""The table of a run, as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bench.legibility.conditions.table import CONDITIONS
from bench.legibility.empty import BLANKS, PICTURES
from bench.legibility.run import Result
from bench.legibility.statistics import Interval, Summary, summary
from bench.legibility.targets import paired, targets

_WIDTH: Final = 22


def report(found: Sequence[Result]) -> str:
    """Return the report: CER by condition, all figures over all, words invented, cost, and the targets."""
    readers = list(dict.fromkeys(result.reader for result in found))
    parts = [*_conditions(found, readers), ""]
    parts += [*_overall(found, readers), "", *_invented(found, readers), "", *_cost(found, readers), ""]
    for other in readers:
        if "hososo" in readers and other != "hososo":
            share = paired(found, other)
            parts.append(f"errors of hososo over those of {other}: {_shown(share)}")
    parts += ["", "targets of issue 4"]
    parts += [f"  {'met   ' if each.met else 'MISSED'} {each.asked}: {each.found}" for each in targets(found)]
    return "\n".join(parts) + "\n"


def _conditions(found: Sequence[Result], readers: list[str]) -> list[str]:
    out = ["CER by condition, 95 % interval in brackets", _row("", readers)]
    for dpi in (*sorted({result.dpi for result in found}, reverse=True), None):
        for name in [condition.name for condition in CONDITIONS]:
            pages = [result for result in found if result.condition == name and dpi in (None, result.dpi)]
            if pages:
                cells = [_shown(_summary(pages, reader).cer) for reader in readers]
                out.append(_row(f"{name} {dpi or 'both'}", cells))
    return out


def _overall(found: Sequence[Result], readers: list[str]) -> list[str]:
    written = [result for result in found if result.score.letters]
    sums = [_summary(written, reader) for reader in readers]
    return [
        _row(f"all {sums[0].pages if sums else 0} pages", readers),
        _row("CER", [_shown(each.cer) for each in sums]),
        _row("WER", [_shown(each.wer) for each in sums]),
        _row("CER without diacritics", [_shown(each.bare_cer) for each in sums]),
        _row("missing words", [_shown(each.missing) for each in sums]),
    ]


def _invented(found: Sequence[Result], readers: list[str]) -> list[str]:
    out = [_row("words invented on", readers)]
    for name in (*BLANKS, *PICTURES):
        pages = [result for result in found if result.condition == name]
        if pages:
            counts = [sum(r.score.read_words for r in pages if r.reader == reader) for reader in readers]
            out.append(_row(name, [str(count) for count in counts]))
    return out


def _cost(found: Sequence[Result], readers: list[str]) -> list[str]:
    out = [_row("cost", readers)]
    for dpi in sorted({result.dpi for result in found}, reverse=True):
        means = [_seconds([r for r in found if r.reader == reader and r.dpi == dpi]) for reader in readers]
        out.append(_row(f"CPU s/page, {dpi} dpi", [f"{mean:.2f}" for mean in means]))
    failed = [sum(r.reading.failed for r in found if r.reader == reader) for reader in readers]
    out.append(_row("pages failed on", [str(count) for count in failed]))
    peaks = [max((r.reading.peak for r in found if r.reader == reader), default=0.0) for reader in readers]
    return [*out, _row("peak MiB", [f"{peak:.0f}" for peak in peaks])]


def _seconds(pages: list[Result]) -> float:
    return sum(result.reading.seconds for result in pages) / max(1, len(pages))


def _summary(pages: Sequence[Result], reader: str) -> Summary:
    return summary([result.score for result in pages if result.reader == reader])


def _row(label: str, cells: list[str]) -> str:
    return f"{label:24s}" + "".join(f"{cell:>{_WIDTH}s}" for cell in cells)


def _shown(found: Interval) -> str:
    return f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}]"
