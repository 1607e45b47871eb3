"""Separator sheets for what the register knows: one dossier, its components, a day, boxes; and whose a sheet is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from catalog import Transaction, intakes, register_rows
from catalog.separator_key import ensure_separator_key, separator_key
from dossier.codes import parse_code
from dossier.errors import Code, Rejected
from dossier.handing_over import checked_component
from dossier.register import RESULT_COMPONENT, VIETNAM
from dossier.separators import ReadSeparator, Separator, SheetKind
from pipeline.completeness import known_of
from pipeline.referring import reference
from pipeline.scope import labels_within
from pipeline.services import Services
from reports.printed.separators import MOST_SHEETS, SeparatorSheet, separators_pdf

_MOST_A_DAY = 20_000


@dataclass(frozen=True, slots=True)
class SheetsWanted:
    """Which sheets are asked for.

    Attributes:
        codes: Normalised mã hồ sơ.
        components: Codes of components, a sheet for each in each dossier; empty: one for the whole dossier.
        every_component: A sheet for each component that the procedure asks for, and one for the dossier.
        boxes: Names of boxes.
    """

    codes: Sequence[str] = ()
    components: Sequence[str] = ()
    every_component: bool = False
    boxes: Sequence[str] = ()


def print_sheets(wanted: SheetsWanted, services: Services, *, demo: bool) -> tuple[bytes, int]:
    """Return the sheets as PDF/A-2b, and how many they are.

    Raises:
        Rejected: COMPONENT_UNKNOWN, NAME_UNUSABLE of a box; PRINT_TOO_LONG; DOSSIER_UNKNOWN, nothing is asked for.
        Unavailable: FONT_MISSING, PRINT_LIBRARIES_MISSING.
    """
    with services.catalogue.write() as tx:
        key = ensure_separator_key(tx, services.clock())
    with services.catalogue.read() as tx:
        sheets = [sheet for code in wanted.codes for sheet in _of_dossier(tx, code, wanted, services, demo=demo)]
    sheets += [SeparatorSheet(_box(name)) for name in wanted.boxes]
    if not sheets:
        raise Rejected(Code.DOSSIER_UNKNOWN, "no dossier for a sheet")
    if len(sheets) > MOST_SHEETS:
        raise Rejected(Code.PRINT_TOO_LONG, subject=f"{len(sheets)} > {MOST_SHEETS}")
    return separators_pdf(sheets, key, services.clock()), len(sheets)


def received_on(day: date, units: Collection[str] | None, services: Services) -> list[str]:
    """Return the codes of all dossiers that the register has as received on a day in Viet Nam, in order of code.

    Args:
        day: The day.
        units: Only of dossiers of these units and those below them, be there any in the archive or not; None: all.
        services: Of this process.

    Raises:
        Rejected(PRINT_TOO_LONG): There are more than a day ever brings.
    """
    start = datetime.combine(day, time(), VIETNAM)
    with services.catalogue.read() as tx:
        codes = register_rows.codes_received(tx, start, start + timedelta(days=1), _MOST_A_DAY + 1)
        tree = reference(tx, services).units
    if len(codes) > _MOST_A_DAY:
        raise Rejected(Code.PRINT_TOO_LONG, subject=f"{day.isoformat()}: > {_MOST_A_DAY}")
    if units is None:
        return codes
    agencies = {code: parsed.agency for code in codes if (parsed := parse_code(code)) is not None}
    today = services.clock().astimezone(VIETNAM).date()
    own = labels_within(set(agencies.values()), units, tree, today)
    return [code for code, agency in agencies.items() if agency in own]


def is_believed(tx: Transaction, read: ReadSeparator) -> bool:
    """Return whether a code that was read may be gone by: we printed it, or archive or register have its dossier."""
    key = separator_key(tx)
    if key is not None and read.confirmed_by(key):
        return True
    return read.separator.kind is SheetKind.DOSSIER and is_known(tx, read.separator.subject)


def is_known(tx: Transaction, code: str) -> bool:
    """Return whether archive or register have a dossier."""
    return intakes.find_dossier(tx, code) is not None or register_rows.find(tx, code) is not None


def _of_dossier(
    tx: Transaction, code: str, wanted: SheetsWanted, services: Services, *, demo: bool
) -> Iterable[SeparatorSheet]:
    names: dict[str, str] = {}
    if wanted.components or wanted.every_component:
        parts = known_of(tx, code, services, demo=demo).parts
        names = {part.rule.code: part.rule.name for part in parts}
    listed = [each for each in names if each != RESULT_COMPONENT] if wanted.every_component else []
    asked = [*([""] if wanted.every_component or not wanted.components else []), *wanted.components, *listed]
    for component in dict.fromkeys(asked):
        own = Separator(SheetKind.DOSSIER, code, checked_component(component))
        yield SeparatorSheet(own, names.get(component, ""))


def _box(name: str) -> Separator:
    try:
        return Separator(SheetKind.BOX, name.strip())
    except ValueError as exc:
        raise Rejected(Code.NAME_UNUSABLE, "no name of a box", subject=name[:40]) from exc
