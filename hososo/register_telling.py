"""What the commands of the register say: how a file is read, what came of an import, who changed what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from catalog.register_history import Change, PastImport, SavedSource
from catalog.register_saving import Saved
from dossier.errors import Code
from hososo.console import Console, local_time
from pipeline.registering import Imported
from registers.choice import column_letters
from registers.dates import is_bare_day, moment
from registers.register_file import Layout, RegisterFile

_SHOWN = 20
_CELL = 40  # letters of a cell in a preview
_DATES = frozenset({"submitted", "received", "due", "settled", "returned"})


def tell_imported(console: Console, done: Imported, returned: Path | None) -> None:
    """Say what came of an import, and give it as JSON."""
    found, saved = done.found, done.saved
    counts = {"added": saved.added, "changed": saved.changed, "same": saved.same}
    console.say("register.imported", rejected=len(found.rejected), **counts)
    console.say("register.speaks_of", number=saved.number, at=_local(saved.as_of))
    _tell_source(console, done.source)
    _tell_warnings(console, found)
    _tell_held(console, saved)
    if returned is not None:
        console.line(console.problem(Code.REGISTER_ROWS_REJECTED))
        _tell_rejected(console, found)
        console.say("register.returned", path=returned)
    if done.is_remembered:
        console.say("register.remembered")
    console.result(
        "register import",
        {
            **counts,
            "number": saved.number,
            "as_of": saved.as_of,
            "older": saved.older,
            "undoing": saved.undoing,
            "held": [{"row": row.row, "code": row.code, "older": row.is_older} for row in saved.held],
            "rejected": [{"row": row.row, "reason": row.reason_code} for row in found.rejected if console.as_json],
            "returned": str(returned) if returned else None,
            "remembered": done.is_remembered,
            **_as_json(found, done.source),
        },
    )


def tell_preview(console: Console, found: RegisterFile, source: SavedSource | None) -> None:
    """Say how a file is read and what would be set aside, and give it as JSON."""
    layout = found.layout
    kind = {"form": layout.form, "encoding": layout.encoding, "header": layout.header_row}
    console.say("register.read_as", **kind)
    if layout.separator:
        console.say("register.separator", separator="tab" if layout.separator == "\t" else layout.separator)
    if layout.sheet:
        console.say("register.sheet", sheet=layout.sheet, sheets=", ".join(layout.sheets))
    if layout.as_of:
        console.say("register.made_at" if layout.is_stated else "register.written_at", at=local_time(layout.as_of))
    _tell_source(console, source)
    _tell_columns(console, layout)
    _tell_sample(console, layout)
    console.say("register.counts", good=len(found.entries), rejected=len(found.rejected), skipped=found.skipped)
    for unit, count in found.units.most_common(_SHOWN):
        console.say("register.unit", unit=unit, count=count)
    for reason, count in found.reasons.most_common():
        console.say("register.reason", reason=console.word(f"row_reason.{reason}"), count=count)
    _tell_rejected(console, found)
    _tell_warnings(console, found)
    console.result(
        "register preview",
        {
            "good": len(found.entries),
            "rejected": [{"row": row.row, "reason": row.reason_code} for row in found.rejected[:_SHOWN]],
            "skipped": found.skipped,
            "reasons": {str(reason): count for reason, count in found.reasons.items()},
            "units": dict(found.units),
            "header": list(layout.printed),
            "sample": [list(row) for row in layout.sample],
            **_as_json(found, source),
        },
    )


def tell_imports(console: Console, past: Sequence[PastImport]) -> None:
    """List the imports, the newest last."""
    for one in past:
        counts = {"accepted": one.accepted, "changed": one.changed, "held": one.held, "rejected": one.rejected}
        at, as_of = local_time(one.at), local_time(one.as_of)
        console.say("register.import", number=one.number, at=at, actor=one.actor, name=one.name, as_of=as_of, **counts)
    console.result("register imports", {"imports": [_import_json(one) for one in past]})


def tell_changes(console: Console, code: str, found: Sequence[Change]) -> None:
    """Tell a row's story."""
    for change in found:
        by = change.by
        what = console.word("register.first" if change.is_first else "register.change")
        console.say("register.by", number=by.number, at=local_time(by.at), actor=by.actor, name=by.name, what=what)
        for name, (old, new) in change.fields.items():
            word = console.word(f"register_field.{name}")
            values = {"old": _value(console, name, old), "new": _value(console, name, new)}
            console.say("register.now" if change.is_first else "register.was_now", field=word, **values)
    told = [
        {
            "import": _import_json(change.by),
            "first": change.is_first,
            "fields": {name: {"before": old, "after": new} for name, (old, new) in change.fields.items()},
        }
        for change in found
    ]
    console.result("register history", {"code": code, "changes": told})


def tell_sources(console: Console, found: Sequence[SavedSource], forgotten: int) -> None:
    """List how the files of known sources are read."""
    if forgotten:
        console.say("register.forgotten", count=forgotten)
    for one in found:
        choice = ", ".join(f"{name}={value}" for name, value in sorted(one.choice.items()))
        console.say("register.source", mark=one.mark[:12], name=one.name, actor=one.actor, choice=choice)
    if not found:
        console.say("register.no_sources")
    console.result("register sources", {"forgotten": forgotten, "sources": [_source_json(one) for one in found]})


def _tell_source(console: Console, source: SavedSource | None) -> None:
    if source is not None:
        console.say("register.known_source", name=source.name, actor=source.actor, at=local_time(source.at))


def _tell_columns(console: Console, layout: Layout) -> None:
    """Name every column of the file with what it is taken for."""
    role_of = {place: role for role, place in layout.columns.items()}
    for place, text in enumerate(layout.printed):
        role = role_of.get(place)
        word = console.word(f"register_role.{role}") if role else console.word("register.not_read")
        option = f" [{role}]" if role else ""
        console.say("register.column", letters=column_letters(place), text=text or "-", role=word + option)


def _tell_sample(console: Console, layout: Layout) -> None:
    dates = {place for role, place in layout.columns.items() if role in _DATES}
    for row in layout.sample:
        cells = (_shown(cell) if place in dates else cell for place, cell in enumerate(row))
        console.line("  " + " | ".join(cell if len(cell) <= _CELL else cell[:_CELL] + "…" for cell in cells))


def _tell_rejected(console: Console, found: RegisterFile) -> None:
    for row in found.rejected[:_SHOWN]:
        console.say("register.rejected_row", row=row.row, reason=console.word(f"row_reason.{row.reason_code}"))
    _tell_more(console, len(found.rejected))


def _tell_held(console: Console, saved: Saved) -> None:
    if saved.older:
        console.say("register.older", count=saved.older)
    if saved.undoing:
        console.say("register.undoing", count=saved.undoing)
    for row in saved.held:
        reason = console.word(f"row_reason.{'OLDER_THAN_KNOWN' if row.is_older else 'UNDOES_WHAT_IS_KNOWN'}")
        console.say("register.held_row", row=row.row, code=row.code, reason=reason)
    _tell_more(console, saved.older + saved.undoing)


def _tell_more(console: Console, count: int) -> None:
    if count > _SHOWN:
        console.say("register.more", count=count - _SHOWN)


def _tell_warnings(console: Console, found: RegisterFile) -> None:
    for warning, count in found.warnings.most_common():
        rows = _numbers(found.warned_rows[warning])
        console.say("register.warning", what=console.word(f"row_warning.{warning}"), count=count, rows=rows)


def _numbers(rows: Iterable[int]) -> str:
    return ", ".join(map(str, rows))


def _shown(cell: str) -> str:
    """Return a cell of a column of times as people read it; day numbers of a spreadsheet too."""
    try:
        found = moment(cell)
    except (ValueError, OverflowError):
        return cell
    if found is None:
        return ""
    return f"{found:%d/%m/%Y}" if is_bare_day(found) else f"{found:%d/%m/%Y %H:%M}"


def _value(console: Console, name: str, value: object) -> str:
    if value is None or value == "":
        return console.word("register.nothing")
    if isinstance(value, bool):
        return console.word("register.yes" if value else "register.no")
    return _local(str(value)) if name.endswith("_at") else str(value)


def _local(text: str) -> str:
    return local_time(datetime.fromisoformat(text))


def _as_json(found: RegisterFile, source: SavedSource | None) -> dict[str, Any]:
    layout = found.layout
    return {
        "columns": layout.texts,
        "warnings": {str(warning): count for warning, count in found.warnings.items()},
        "read": {
            "form": layout.form,
            "encoding": layout.encoding,
            "separator": layout.separator,
            "sheet": layout.sheet,
            "header_row": layout.header_row,
            "made_at": layout.as_of.isoformat() if layout.as_of else None,
            "source": source.mark if source else None,
        },
    }


def _import_json(one: PastImport) -> dict[str, Any]:
    return {
        "number": one.number,
        "at": one.at.isoformat(),
        "by": one.actor,
        "file": one.name,
        "sha256": one.sha256,
        "as_of": one.as_of.isoformat(),
        "accepted": one.accepted,
        "changed": one.changed,
        "held": one.held,
        "rejected": one.rejected,
    }


def _source_json(one: SavedSource) -> dict[str, Any]:
    return {"mark": one.mark, "file": one.name, "by": one.actor, "at": one.at.isoformat(), "choice": dict(one.choice)}
