"""One scan job: asked what it can do, how it is, begun, page after page fetched, ended; also when it goes wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from dossier.errors import Code, Rejected, Unavailable
from station.endings import Ending, ending
from station.escl.answers import Capabilities, Status
from station.escl.scanner import Scanner
from station.settings import ScanSettings

_COLOURS = {"colour": "RGB24", "grey": "Grayscale8", "black": "BlackAndWhite1"}
_FEEDER = {
    "ScannerAdfEmpty": Code.SCANNER_EMPTY,
    "ScannerAdfJam": Code.SCANNER_JAM,
    "ScannerAdfMispick": Code.SCANNER_JAM,
    "ScannerAdfMultipickDetected": Code.SCANNER_JAM,
    "ScannerAdfHatchOpen": Code.SCANNER_COVER,
    "ScannerAdfInputTrayOverloaded": Code.SCANNER_JAM,
}
_STATES = {"Processing": Code.SCANNER_BUSY, "Testing": Code.SCANNER_BUSY}
_MOST_PAGES = 2_000
_A4 = (2480, 3508)  # in 1/300 inch
_PAUSE = 0.5
_SPACES = 'xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"'


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be scanned where to.

    Attributes:
        settings: How.
        target: Gives the file for each page, by its number from 1 in this job.
        patience: For how many seconds a page may not be ready.
        clock: Runs forward only.
        sleep: Waits.
    """

    settings: ScanSettings
    target: Callable[[int], Path]
    patience: float = 90.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


def scan(scanner: Scanner, job: Job) -> int:
    """Scan until the feeder is empty, or the one page on the glass; return how many pages that were.

    Raises:
        Unavailable: SCANNER_UNREACHABLE, SCANNER_BUSY, SCANNER_SLOW, SCANNER_FAULT, SCANNER_EMPTY, SCANNER_JAM,
            SCANNER_COVER, SCANNER_CUT; the pages that came before are whole and stay.
        Rejected(SCANNER_UNFIT): It has not what is asked for.
    """
    settings = settings_xml(scanner.capabilities(), job.settings)
    is_fed = job.settings.source != "flatbed"
    _check(scanner.status(), is_fed=is_fed)
    name = scanner.begin(settings)
    try:
        pages = _fetched(scanner, name, job)
        if is_fed:
            _check_after(scanner.status(), pages)
    finally:
        scanner.delete(name)
    if pages == 0:
        raise Unavailable(Code.SCANNER_EMPTY, "no page came")
    return pages


def settings_xml(able: Capabilities, wanted: ScanSettings) -> bytes:
    """Return the ScanSettings of a job, of what the scanner can do.

    Raises:
        Rejected(SCANNER_UNFIT): It cannot; the subject says what.
    """
    source = able.sources.get(wanted.source)
    if source is None:
        raise Rejected(Code.SCANNER_UNFIT, "source", subject=wanted.source)
    colour = _COLOURS[wanted.colour]
    if source.colours and colour not in source.colours:
        raise Rejected(Code.SCANNER_UNFIT, "colour", subject=wanted.colour)
    if source.formats and wanted.format not in source.formats:
        raise Rejected(Code.SCANNER_UNFIT, "format", subject=wanted.format)
    resolution = source.resolution(wanted.resolution)
    if resolution is None:
        raise Rejected(Code.SCANNER_UNFIT, "resolution", subject=str(wanted.resolution))
    width, height = min(source.width, _A4[0]), min(source.height, _A4[1])
    fed = "Platen" if wanted.source == "flatbed" else "Feeder"
    duplex = "" if fed == "Platen" else f"<scan:Duplex>{str(wanted.source == 'duplex').lower()}</scan:Duplex>"
    form = escape(wanted.format)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><scan:ScanSettings {_SPACES}>'
        f"<pwg:Version>{escape(able.version)}</pwg:Version><scan:Intent>Document</scan:Intent>"
        "<pwg:ScanRegions><pwg:ScanRegion><pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches"
        f"</pwg:ContentRegionUnits><pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset>"
        f"<pwg:Width>{width}</pwg:Width><pwg:Height>{height}</pwg:Height></pwg:ScanRegion></pwg:ScanRegions>"
        f"<pwg:InputSource>{fed}</pwg:InputSource><scan:ColorMode>{colour}</scan:ColorMode>"
        f"<pwg:DocumentFormat>{form}</pwg:DocumentFormat><scan:DocumentFormatExt>{form}</scan:DocumentFormatExt>"
        f"<scan:XResolution>{resolution}</scan:XResolution><scan:YResolution>{resolution}</scan:YResolution>"
        f"{duplex}</scan:ScanSettings>"
    ).encode()


def _fetched(scanner: Scanner, name: str, job: Job) -> int:
    pages, most = 0, 1 if job.settings.source == "flatbed" else _MOST_PAGES
    until = job.clock() + job.patience
    while pages < most:
        path = job.target(pages + 1)
        draft = path.with_name(f"{path.name}.part")
        try:
            status = scanner.next_page(name, draft)
            if status == 200:  # noqa: PLR2004
                _take(draft, path)
                pages, until = pages + 1, job.clock() + job.patience
                continue
        finally:
            draft.unlink(missing_ok=True)
        if status in (404, 410):
            break
        if status != 503:  # noqa: PLR2004
            raise Unavailable(Code.SCANNER_FAULT, f"status {status} to a page")
        _check_stopped(scanner.status())
        if job.clock() > until:
            raise Unavailable(Code.SCANNER_SLOW, "no page")
        job.sleep(_PAUSE)
    return pages


def _take(draft: Path, path: Path) -> None:
    if ending(draft) is Ending.CUT:
        raise Unavailable(Code.SCANNER_CUT, "without its end")
    draft.replace(path)


def _check(status: Status, *, is_fed: bool) -> None:
    """Make sure that a job can begin."""
    code = _STATES.get(status.state)
    if is_fed and status.feeder in _FEEDER:
        code = _FEEDER[status.feeder]
    elif status.state not in ("Idle", *_STATES):
        code = Code.SCANNER_FAULT
    if code is not None:
        raise Unavailable(code, f"{status.state}, {status.feeder}"[:100])


def _check_stopped(status: Status) -> None:
    """Make sure that a page that is not ready will be."""
    code = _FEEDER.get(status.feeder)
    if code is not None and code is not Code.SCANNER_EMPTY:
        raise Unavailable(code, status.feeder)
    if status.state in ("Stopped", "Down"):
        raise Unavailable(Code.SCANNER_FAULT, status.state)


def _check_after(status: Status, pages: int) -> None:
    """Make sure that the feeder is empty because it is: some scanners end a job in order when the paper jams."""
    code = _FEEDER.get(status.feeder)
    if code is not None and code is not Code.SCANNER_EMPTY:
        raise Unavailable(code, f"{status.feeder} after {pages} pages")
