"""Whether what lies there for a dossier is whole: then it is handed over, as one, and not before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from dossier.codes import parse_code
from dossier.collation import ORDERS, Collation, collated
from dossier.errors import Code, HososoError, Rejected
from dossier.handing_over import checked_component
from station.hot_folder import Delivery
from station.manifest import Listed, ListedPart, Manifest, read_manifest
from station.settings import HotFolder, NotSecret, WholeWhen
from station.watching import Finished, Found, Watch

_ONE_PAGE = {".jpg", ".jpeg", ".png"}


class Wait(StrEnum):
    """Why a dossier is not handed over yet; the values are words of the catalogue."""

    EMPTY = "empty"
    WRITING = "writing"
    CUT = "cut"
    QUIET = "quiet"
    MARKER = "marker"
    MANIFEST = "manifest"
    MANIFEST_BAD = "manifest_bad"
    MISSING = "missing"
    EXTRA = "extra"
    DIGEST = "digest"
    CODE = "code"
    COMPONENT = "component"
    SECRECY = "secrecy"
    DEEP = "deep"
    SIDES = "sides"


NEEDS_PERSON = frozenset(Wait) - {Wait.EMPTY, Wait.WRITING, Wait.QUIET, Wait.MARKER, Wait.MANIFEST, Wait.MISSING}
"""Waits that end only when somebody does something about them."""


class NotWhole(Exception):  # noqa: N818 - reads as the state it is
    """A dossier is not whole; why, and which file or folder that concerns."""

    def __init__(self, wait: Wait, subject: str = "") -> None:
        super().__init__(wait)
        self.wait = wait
        self.subject = subject


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file to take; `sha256` is what the manifest states, else empty. `name` is empty where it keeps its own."""

    found: Found
    sha256: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """One component: what becomes one hand-over. Of a stack, `component` says how it is to be collated."""

    component: str
    pages: int | None
    replaces: tuple[str, ...]
    files: tuple[PlannedFile, ...]
    leaves: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A dossier that is whole, as it is to be handed over; of a stack, `code` is empty and there is one part."""

    code: str
    delivery: Delivery
    parts: tuple[PlannedPart, ...]


def planned(delivery: Delivery, folder: HotFolder, watch: Watch) -> Plan:
    """Return how a dossier is handed over that is whole.

    Raises:
        NotWhole: It is not.
        OSError: The manifest cannot be read.
    """
    if delivery.too_deep:
        raise NotWhole(Wait.DEEP, delivery.too_deep[0])
    if not delivery.files and delivery.manifest is None:
        raise NotWhole(Wait.WRITING, delivery.unfinished[0]) if delivery.unfinished else NotWhole(Wait.EMPTY)
    manifest = _manifest(delivery, watch)
    code = "" if folder.stacks else _code(delivery, manifest)
    parts = _listed(delivery, manifest, watch) if manifest else _unlisted(delivery, folder, watch)
    how = manifest.collate if manifest and manifest.collate else folder.collate
    if folder.stacks:
        _check_stack(delivery, manifest, parts)
        parts = (replace(parts[0], component=how.value, pages=parts[0].pages if how else None),)
    elif how:
        parts = tuple(_collated(part, how) for part in parts)
    if folder.not_secret is NotSecret.MANIFEST and not (manifest and manifest.not_secret):
        raise NotWhole(Wait.SECRECY)
    return Plan(code, delivery, parts)


def _code(delivery: Delivery, manifest: Manifest | None) -> str:
    code = parse_code(manifest.code if manifest and manifest.code else delivery.name)
    if code is None:
        raise NotWhole(Wait.CODE)
    return code.normal


def _collated(part: PlannedPart, how: Collation) -> PlannedPart:
    """Return a part whose files are single pages, fronts and then backs, with the sheets together again.

    Raises:
        NotWhole(SIDES): They are not as many, not as many as were counted, nobody has counted, or files of many pages:
            those go as a stack, which the server takes apart.
    """
    odd = next((file.found.name for file in part.files if file.found.path.suffix.casefold() not in _ONE_PAGE), "")
    if odd or how not in ORDERS or part.pages != len(part.files) or len(part.files) % 2:
        raise NotWhole(Wait.SIDES, odd or f"{len(part.files)}/{part.pages or '?'}")
    files = collated(part.files, how)
    named = (side_name(number, file.found.path.name) for number, file in enumerate(files, 1))
    return replace(part, files=tuple(replace(file, name=name) for file, name in zip(files, named, strict=True)))


def side_name(number: int, own: str) -> str:
    """Return what a page is called that lies between others than it was scanned with: number, side, its own name."""
    return f"{number:04}-{'mat-truoc' if number % 2 else 'mat-sau'}-{own}"


def _check_stack(delivery: Delivery, manifest: Manifest | None, parts: tuple[PlannedPart, ...]) -> None:
    """Refuse as a stack what has an order of its own: folders in it, or a manifest that puts it into a dossier."""
    within = next((file.name for file in delivery.files if "/" in file.name), "")
    if within:
        raise NotWhole(Wait.DEEP, within)
    (only, *others) = parts
    if others or only.component or only.replaces or only.leaves or (manifest is not None and manifest.code):
        raise NotWhole(Wait.MANIFEST_BAD, delivery.manifest.name if delivery.manifest else delivery.name)


def _manifest(delivery: Delivery, watch: Watch) -> Manifest | None:
    own = delivery.manifest
    if own is None:
        return None
    if watch.quiet(own) < watch.stable_seconds:
        raise NotWhole(Wait.WRITING, own.name)
    try:
        return read_manifest(own.path)
    except Rejected as exc:
        if exc.code is not Code.MANIFEST_INVALID:
            raise
        raise NotWhole(Wait.MANIFEST_BAD, own.name) from exc


def _listed(delivery: Delivery, manifest: Manifest, watch: Watch) -> tuple[PlannedPart, ...]:
    """Take what the manifest names: all of it, in its order, and nothing else is there."""
    there = {file.name.casefold(): file for file in delivery.files}
    names = [file.name for part in manifest.parts for file in part.files]
    missing = next((name for name in names if name.casefold() not in there), "")
    if missing:
        raise NotWhole(Wait.MISSING, missing)
    named = {name.casefold() for name in names}
    extra = next((file.name for file in delivery.files if there[file.name.casefold()] is not file), "")
    extra = extra or next((file.name for name, file in there.items() if name not in named), "")
    if extra:
        raise NotWhole(Wait.EXTRA, extra)
    return tuple(_listed_part(part, there, watch) for part in manifest.parts)


def _listed_part(part: ListedPart, there: dict[str, Found], watch: Watch) -> PlannedPart:
    files = tuple(_checked(there[file.name.casefold()], file, watch) for file in part.files)
    return PlannedPart(part.component, part.pages, part.replaces, files, part.leaves)


def _checked(found: Found, listed: Listed, watch: Watch) -> PlannedFile:
    if listed.sha256 and not watch.has_digest(found, listed.sha256):
        is_quiet = watch.quiet(found) >= watch.stable_seconds
        raise NotWhole(Wait.DIGEST if is_quiet else Wait.WRITING, found.name)
    if not listed.sha256:
        _check_finished(found, watch)
    return PlannedFile(found, listed.sha256)


def _unlisted(delivery: Delivery, folder: HotFolder, watch: Watch) -> tuple[PlannedPart, ...]:
    """Take what is there once the folder counts as whole; a folder below it is a component."""
    if delivery.unfinished:
        raise NotWhole(Wait.WRITING, delivery.unfinished[0])
    for file in delivery.files:
        _check_finished(file, watch)
    if folder.whole_when is WholeWhen.MANIFEST:
        raise NotWhole(Wait.MANIFEST)
    if folder.whole_when is WholeWhen.MARKER and delivery.marker is None:
        raise NotWhole(Wait.MARKER)
    if folder.whole_when is WholeWhen.QUIET and delivery.marker is None:
        left = folder.quiet_seconds - min(watch.quiet(file) for file in delivery.files)
        if left > 0:
            raise NotWhole(Wait.QUIET)
    by_component: dict[str, list[PlannedFile]] = {}
    for file in delivery.files:
        above, _, _ = file.name.rpartition("/")
        by_component.setdefault(_component(above or folder.component), []).append(PlannedFile(file, ""))
    return tuple(PlannedPart(component, None, (), tuple(files)) for component, files in by_component.items())


def _component(name: str) -> str:
    try:
        return checked_component(name)
    except HososoError as exc:
        raise NotWhole(Wait.COMPONENT, name) from exc


def _check_finished(file: Found, watch: Watch) -> None:
    state = watch.finished(file)
    if state is not Finished.YES:
        raise NotWhole(Wait.CUT if state is Finished.CUT else Wait.WRITING, file.name)
