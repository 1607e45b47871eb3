"""Taking a stack: its pages looked at for codes, cut into parts, and each part put where it is handed over from.

The folder stays as it is. All parts are on the disk before anything is recorded; the same stack again is the same one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from catalog import stacks
from catalog.stacks import Stack, StackFile, StackPart
from dossier.codes import parse_code
from dossier.collation import Collation
from dossier.digest import canonical, of_bytes, of_file
from dossier.errors import Code, Rejected
from dossier.page import PageCodes
from dossier.people import Account
from dossier.scan import PageScan
from dossier.separators import is_of_our_kind, parse_separator
from dossier.stacks import Doubt, Part, PartState, SeenPage, StackPage, cut
from ingest.sniff import sniff
from ingest.spool import full_is_told, sync_folder
from ingest.survey import FoundFile, survey_stack
from ocr.code_reader import BoundedCodeReader
from pipeline.collating import PageImages, Pile, in_order
from pipeline.cutting import cut_out, put_together
from pipeline.separating import is_believed, is_known
from pipeline.services import Services

_AS_IT_LIES = Pile()


@dataclass(frozen=True, slots=True)
class _Source:
    """A file of a stack; `scans` are digests of its pages' images, none where it goes as a whole."""

    found: FoundFile
    sha256: str
    scans: tuple[str, ...] = ()

    @property
    def pages(self) -> int:
        """Number of pages that are told apart."""
        return len(self.scans) or 1


def take_stack(
    folder: Path, account: Account, services: Services, *, not_secret: bool, pile: Pile = _AS_IT_LIES
) -> tuple[Stack, bool]:
    """Take a folder of scans of several dossiers apart; return the stack, and whether it is new.

    What is certain is decided then, and goes on with `handing_stacks.hand_over_parts`; the rest waits for a person.

    Args:
        folder: Files in natural order of their names are the order of the papers.
        account: Who brings it, and for whose units.
        services: Of this process.
        not_secret: A person has looked at every paper: none carries a state-secret marking.
        pile: Whether its fronts come first and its backs after them, to be put in order.

    Raises:
        Rejected: SECRECY_UNANSWERED; as `survey_stack`; FILE_CHANGED_WHILE_READ; TOO_MANY_PAGES.
        Unavailable(SPOOL_FULL): The disk has no room.
    """
    if not not_secret:
        raise Rejected(Code.SECRECY_UNANSWERED, subject=folder.name[:60])
    found = survey_stack(folder, services.limits)
    digests = [of_file(each.path)[0] for each in found]
    stack_id = of_bytes(canonical({"account": account.id, "files": digests}))[:24]
    with services.catalogue.read() as tx:
        known = stacks.find(tx, stack_id)
    if known is not None:
        return known, False
    services.spool.check_room(2 * sum(each.size for each in found))
    with TemporaryDirectory(dir=services.scratch) as scratch:
        images = PageImages(Path(scratch)) if pile.how else None
        sources, seen = _looked_at(found, digests, images, services)
        drawn, how = _cut(seen, pile, images, services)
        parts = [_numbered(stack_id, position, part) for position, part in enumerate(drawn, start=1)]
        _write_parts(stack_id, parts, sources, images if how else None, services)
    files = tuple(StackFile(each.found.name, each.sha256, each.pages, how.value) for each in sources)
    own = Stack(stack_id, account.id, str(folder.resolve()), files, services.place, services.clock())
    with services.catalogue.write() as tx:
        is_new = stacks.add(tx, own, parts)
    return own, is_new


def _cut(
    seen: list[SeenPage], pile: Pile, images: PageImages | None, services: Services
) -> tuple[list[Part], Collation]:
    """Return the parts, and in which order the pages lay; all in one where nobody knows how they go together."""
    if images is None:
        return cut(seen), Collation.NONE
    sorted_pages, how = in_order(seen, pile, images, services)
    if how:
        return cut(sorted_pages), how
    return [Part(pages=tuple(each.page for each in seen), doubt=Doubt.UNCOLLATED)], how


def _numbered(stack_id: str, position: int, part: Part) -> StackPart:
    if not part.pages:
        return StackPart(stack_id, position, part, PartState.EMPTY)
    return StackPart(stack_id, position, part, PartState.WAITING if part.doubt else PartState.DECIDED)


def _looked_at(
    found: Sequence[FoundFile], digests: Sequence[str], images: PageImages | None, services: Services
) -> tuple[list[_Source], list[SeenPage]]:
    sources: list[_Source] = []
    seen: list[SeenPage] = []
    with ExitStack() as stack:
        reader = stack.enter_context(BoundedCodeReader())
        for at, (each, sha256) in enumerate(zip(found, digests, strict=True)):
            source, pages = _look(_Source(each, sha256), at, reader, images, services)
            if len(seen) + len(pages) > services.limits.max_pages_per_dossier:
                raise Rejected(Code.TOO_MANY_PAGES, f"more than {services.limits.max_pages_per_dossier}")
            sources.append(source)
            seen += pages
    return sources, seen


def _look(
    source: _Source, at: int, reader: BoundedCodeReader, images: PageImages | None, services: Services
) -> tuple[_Source, list[SeenPage]]:
    """Return a file with what its pages say. One that cannot be opened, or is signed, stays whole."""
    path = source.found.path
    try:
        sniff(path)
        if services.taker.inspect(path).signed:
            return source, [SeenPage(StackPage(at, 0))]
        scans, pages = [], []
        for taken in services.taker.pages(path):
            scans.append(taken.sha256)
            if images is not None:
                images.keep(StackPage(at, taken.number), taken)
            pages.append(_seen(StackPage(at, taken.number), _codes(reader, taken.data, taken.scan), services))
    except Rejected:
        return source, [SeenPage(StackPage(at, 0), failed=True)]
    return _Source(source.found, source.sha256, tuple(scans)), pages


def _codes(reader: BoundedCodeReader, data: bytes, scan: PageScan) -> PageCodes | None:
    try:
        return reader.look(data, scan)
    except Rejected:
        return None


def _seen(page: StackPage, codes: PageCodes | None, services: Services) -> SeenPage:
    if codes is None:
        return SeenPage(page, failed=True)
    ours = {text for code in codes.found if is_of_our_kind(text := code.text)}
    read = {text: parse_separator(text) for text in ours}
    named = {code.normal for each in codes.found if (code := parse_code(each.text))}
    with services.catalogue.read() as tx:  # for a page, not for a stack: who reads long keeps others' changes waiting
        said = frozenset((one.separator, is_believed(tx, one)) for one in read.values() if one is not None)
        receipts = [code for code in named if is_known(tx, code)]
    return SeenPage(
        page,
        said,
        odd=None in read.values(),
        unread=codes.unread,
        patch=codes.patch,
        receipt=receipts[0] if len(receipts) == 1 else "",
    )


def _write_parts(
    stack_id: str,
    parts: Sequence[StackPart],
    sources: Sequence[_Source],
    collated: PageImages | None,
    services: Services,
) -> None:
    """Write each part to a folder of its own; `collated` has the images where pages of several files alternate."""
    target = services.spool.stack(stack_id)
    draft = target.with_name(f".{target.name}")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.rmtree(target, ignore_errors=True)  # of a run that was cut off before it was recorded
    with full_is_told():
        for own in parts:
            folder = draft / str(own.position)
            folder.mkdir(mode=0o700, parents=True)
            if collated is not None and any(sources[page.file].pages > 1 for page in own.part.pages):
                _write_together(folder, own.part.pages, sources, collated, services)
            else:
                for number, (at, group) in enumerate(groupby(own.part.pages, key=lambda page: page.file), start=1):
                    _write_piece(folder, number, sources[at], [page.number for page in group], services)
            sync_folder(folder)
        draft.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.rename(target)
        sync_folder(target.parent)


def _write_together(
    folder: Path, own: Sequence[StackPage], sources: Sequence[_Source], images: PageImages, services: Services
) -> None:
    """Write pages of several files as one file: they are sides of the same sheets."""
    wanted = [sources[page.file].scans[page.number - 1] for page in own]
    name = folder / "001.pdf"
    changed = next((each for each in sources if of_file(each.found.path)[0] != each.sha256), None)
    if changed is not None or put_together(images.all_of(own), name, services) != wanted:
        raise Rejected(Code.FILE_CHANGED_WHILE_READ, "not the same pages", subject=(changed or sources[0]).found.name)


def _write_piece(folder: Path, number: int, source: _Source, pages: Sequence[int], services: Services) -> None:
    """Write pages of one file: the file itself where they are all of it, else the same images in a PDF."""
    path = source.found.path
    whole = pages in ([0], list(range(1, source.pages + 1)))
    name = folder / f"{number:03}{path.suffix.lower() if whole else '.pdf'}"
    if whole:
        shutil.copyfile(path, name)
        same = of_file(name)[0] == source.sha256
    else:
        same = cut_out(path, pages, name, services) == [source.scans[page - 1] for page in pages]
    with name.open("rb+") as stream:
        os.fsync(stream.fileno())
    if not same or of_file(path)[0] != source.sha256:
        raise Rejected(Code.FILE_CHANGED_WHILE_READ, "not the same pages", subject=source.found.name)
