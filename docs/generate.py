"""Writes the parts of the documentation that follow from the code: `python -m docs.generate`.

A page keeps its hand-written head; what stands below the marker line is replaced. A test runs this and compares.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from dossier.errors import Code, HososoError, Rejected, Unavailable
from dossier.wording import advice
from hososo.console import exit_code
from hososo.settings import Settings
from reports.as_json import schema
from web.api.application import OPERATIONS
from web.api.description import description

DOCS = Path(__file__).parent
MARKER = "<!-- below this line: python -m docs.generate -->\n"

WORLD = {
    Code.FOLDER_BUSY,
    Code.DISK_FULL,
    Code.STORE_UNAVAILABLE,
    Code.STORE_REFUSED,
    Code.BUCKET_MISSING,
    Code.CLOCK_SKEW,
    Code.HOLDING_UNFIT,
    Code.BROKER_UNAVAILABLE,
    Code.DRAINING,
    Code.INDEX_UNAVAILABLE,
    Code.ADDRESS_IN_USE,
    Code.CATALOGUE_BUSY,
    Code.COPY_BUSY,
    Code.MODEL_MISSING,
    Code.FONT_MISSING,
    Code.PRINT_LIBRARIES_MISSING,
    Code.TSA_UNAVAILABLE,
    Code.VALIDATION_DATA_UNAVAILABLE,
    Code.CERTIFICATE_REVOKED,
    Code.KEY_UNAVAILABLE,
    Code.KEY_NOT_FOUND,
    Code.KEY_AMBIGUOUS,
    Code.KEY_WITHOUT_CERTIFICATE,
    Code.KEY_TOO_WEAK,
    Code.TOKEN_DRIVER,
    Code.TOKEN_MISSING,
    Code.TOKEN_AMBIGUOUS,
    Code.TOKEN_REMOVED,
    Code.TOKEN_SILENT,
    Code.TOKEN_REFUSED,
    Code.PIN_MISSING,
    Code.PIN_WRONG,
    Code.PIN_LOCKED,
    Code.PIN_LAST_TRY,
    Code.SIGNING_WAITING,
    Code.OFFICER_WAITING,
    Code.SIGNING_DESK_UNAVAILABLE,
    Code.LOGIN_BUSY,
    Code.REQUESTS_TOO_MANY,
    Code.SPOOL_FULL,
    Code.UPLOAD_BUSY,
    Code.PORTAL_UNAVAILABLE,
    Code.STATION_SERVER_UNAVAILABLE,
    Code.STATION_BUSY,
    Code.STATION_FOLDER_AWAY,
    Code.SCANNER_UNREACHABLE,
    Code.SCANNER_BUSY,
    Code.SCANNER_EMPTY,
    Code.SCANNER_JAM,
    Code.SCANNER_COVER,
    Code.SCANNER_CUT,
    Code.SCANNER_SLOW,
    Code.SCANNER_FAULT,
    Code.SCANNER_COUNT,
    Code.SCANNER_SIDES,
    Code.PROVIDER_UNAVAILABLE,
}
BOTH = {Code.SETTINGS_INVALID, Code.KEY_MISMATCH, Code.EXPORT_TARGET, Code.STORE_UNTRUSTED}
NOTICES = {Code.FOLDER_CHANGED}
# Named in the catalogue so that no later version gives the name another meaning; nothing raises them yet.
RESERVED = {Code.PAGE_RESCAN, Code.SIGNED_INPUT_INVALID}
FOUND_BY_VERIFY = {Code.OBJECT_DAMAGED, Code.OBJECT_MISSING, Code.SIGNATURE_INVALID, Code.EVENT_CHAIN_BROKEN}


def main() -> None:
    """Rewrite every generated page."""
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """Return the text of every generated page by its name below docs/."""
    return {
        "errors.md": _head("errors.md") + "\n".join(_error(code) for code in Code),
        "settings.md": _head("settings.md") + _settings(),
        "third-party.md": _head("third-party.md") + _licences(),
        "schemas/report.json": _report_schema(),
        "api/openapi.json": json.dumps(description(OPERATIONS, "vi"), ensure_ascii=False, indent=1) + "\n",
    }


def family(code: Code) -> str:
    """Return the family of an error in words: who must act."""
    if code is Code.BUG:
        return "bug"
    if code in NOTICES:
        return "notice"
    if code in BOTH:
        return "Rejected or Unavailable"
    return "Unavailable" if code in WORLD else "Rejected"


def endings(code: Code) -> str:
    """Return the exit codes that an error ends a command with."""
    if code in NOTICES:
        return "0"
    if code is Code.BUG:
        return "1 (3 once the item is set aside)"
    kinds: dict[str, list[type[HososoError]]] = {"Rejected": [Rejected], "Unavailable": [Unavailable]}
    codes = sorted({exit_code(kind(code)) for kind in kinds.get(family(code), [Rejected, Unavailable])})
    text = " or ".join(str(number) for number in codes)
    return f"{text} (5 when `verify` or `scrub` finds it)" if code in FOUND_BY_VERIFY else text


def runtime_distributions() -> dict[str, metadata.Distribution]:
    """Return what is installed to run the program, by name: the requirements and what they require in turn."""
    found: dict[str, metadata.Distribution] = {}
    left, seen = [(canonicalize_name("hososo"), "")], set[tuple[NormalizedName, str]]()
    while left:
        name, extra = left.pop()
        if (name, extra) not in seen:
            seen.add((name, extra))
            found[name] = metadata.distribution(name)
            left += _required(found[name], extra)
    return dict(sorted((name, each) for name, each in found.items() if name != "hososo"))


def licence(distribution: metadata.Distribution) -> str:
    """Return the licence that a distribution names, empty when it names none."""
    about = distribution.metadata
    for key in ("License-Expression", "License"):
        for own in about.get_all(key, []):
            return re.sub(r"\s+", " ", own).strip()
    # Several are a choice: no package demands two of them at once.
    classified = (line for line in about.get_all("Classifier", []) if line.startswith("License"))
    return " OR ".join(line.rpartition(":: ")[2] for line in classified)


def _head(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8").partition(MARKER)[0] + MARKER + "\n"


def _error(code: Code) -> str:
    english, vietnamese = advice(code, "en"), advice(code, "vi")
    reserved = " · reserved, nothing raises it yet" if code in RESERVED else ""
    return (
        f"## {code}\n\n"
        f"{family(code)} · ends a command with {endings(code)}{reserved}\n\n"
        f"- Cause: {english.cause}\n- Cure: {english.cure}\n- vi: {vietnamese.cause} {vietnamese.cure}\n"
    )


def _settings() -> str:
    rows = ["| in `hososo.toml` | environment | default | meaning |", "|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, "") else f"`{field.default}`"
        rows.append(f"| `{name}` | `HOSOSO_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows) + "\n"


def _licences() -> str:
    rows = ["| package | licence |", "|---|---|"]
    rows += [f"| {name} | {licence(each)} |" for name, each in runtime_distributions().items()]
    return "\n".join(rows) + "\n"


def _required(distribution: metadata.Distribution, extra: str) -> Iterator[tuple[NormalizedName, str]]:
    """Yield what a distribution requires for one of its extras ("" for none), each with every extra asked of it."""
    for line in distribution.requires or []:
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
            yield from ((canonicalize_name(requirement.name), asked) for asked in ("", *requirement.extras))


def _report_schema() -> str:
    """Return the schema of `report --json`: the report's own, and the command that printed it."""
    own: dict[str, Any] = schema()
    properties = {"command": {"const": "report"}, **own["properties"]}
    whole = {
        **own,
        "title": "hososo --json report",
        "required": ["command", *own["required"]],
        "properties": properties,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    main()
