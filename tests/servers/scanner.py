"""A network scanner that speaks eSCL, with papers in its feeder, and misbehaves when told to."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from defusedxml.ElementTree import fromstring

_SCAN = "http://schemas.hp.com/imaging/escl/2011/05/03"
_PWG = "http://www.pwg.org/schemas/2010/12/sm"
_SPACES = f'xmlns:scan="{_SCAN}" xmlns:pwg="{_PWG}"'
_CAPS = """<scan:{caps}><scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>2550</scan:MaxWidth>
<scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>3600</scan:MaxHeight><scan:SettingProfiles><scan:SettingProfile>
<scan:ColorModes><scan:ColorMode>RGB24</scan:ColorMode><scan:ColorMode>Grayscale8</scan:ColorMode></scan:ColorModes>
<scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat>
<scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:DocumentFormats>
<scan:SupportedResolutions><scan:DiscreteResolutions>
<scan:DiscreteResolution><scan:XResolution>200</scan:XResolution><scan:YResolution>200</scan:YResolution></scan:DiscreteResolution>
<scan:DiscreteResolution><scan:XResolution>300</scan:XResolution><scan:YResolution>300</scan:YResolution></scan:DiscreteResolution>
</scan:DiscreteResolutions></scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles>
<scan:SupportedIntents><scan:Intent>Document</scan:Intent></scan:SupportedIntents></scan:{caps}>"""


@dataclass
class Moods:
    """What is wrong with the scanner.

    Attributes:
        state: As ScannerStatus says: Idle, Processing, Stopped.
        feeder: As ScannerStatus says of the feeder, where that is not for the papers in it to say.
        jam_after: Pages after which the paper jams.
        half_page: Number of the page of which half is sent, from 1.
        gone_after: Pages after which connections are cut.
        slow: Seconds before each page.
        broken: Status that each question is answered with; 0: none.
        busy: How often a page is not ready yet (503).
        answer: A body for every question that is answered with XML.
        capabilities: Another body for ScannerCapabilities.
    """

    state: str = "Idle"
    feeder: str = ""
    jam_after: int = 1 << 30
    half_page: int = 0
    gone_after: int = 1 << 30
    slow: float = 0.0
    broken: int = 0
    busy: int = 0
    answer: bytes = b""
    capabilities: str = ""


@dataclass
class FakeScanner:
    """Serves on a loopback port; `papers` are the pages in its feeder, `glass` what lies on its flatbed."""

    papers: list[bytes] = field(default_factory=list)
    glass: bytes = b""
    moods: Moods = field(default_factory=Moods)
    wanted: list[str] = field(default_factory=list)  # scan settings of each job
    jobs: dict[str, list[bytes]] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    given: int = 0

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/eSCL"

    def __enter__(self) -> Self:
        self._server = _Quiet(("127.0.0.1", 0), type("Bound", (_Handler,), {"scanner": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def capabilities(self) -> str:
        """Return what it can do."""
        adf = f"{_CAPS.format(caps='AdfSimplexInputCaps')}{_CAPS.format(caps='AdfDuplexInputCaps')}"
        return self.moods.capabilities or (
            f'<?xml version="1.0" encoding="UTF-8"?><scan:ScannerCapabilities {_SPACES}><pwg:Version>2.63</pwg:Version>'
            f"<pwg:MakeAndModel>Máy quét thử</pwg:MakeAndModel><pwg:SerialNumber>1</pwg:SerialNumber>"
            f"<scan:Platen>{_CAPS.format(caps='PlatenInputCaps')}</scan:Platen><scan:Adf>{adf}"
            "<scan:FeederCapacity>50</scan:FeederCapacity></scan:Adf></scan:ScannerCapabilities>"
        )

    def status(self) -> str:
        """Return how it is."""
        jammed = self.given >= self.moods.jam_after
        feeder = self.moods.feeder or ("ScannerAdfJam" if jammed else "")
        feeder = feeder or ("ScannerAdfLoaded" if self.papers else "ScannerAdfEmpty")
        state = "Stopped" if jammed else self.moods.state
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><scan:ScannerStatus {_SPACES}><pwg:Version>2.63</pwg:Version>'
            f"<pwg:State>{state}</pwg:State><scan:AdfState>{feeder}</scan:AdfState></scan:ScannerStatus>"
        )

    def begin(self, body: bytes) -> str:
        """Begin a job; return its name."""
        text = body.decode()
        self.wanted.append(text)
        source = fromstring(text).findtext(f".//{{{_PWG}}}InputSource")
        name = str(len(self.wanted))
        self.jobs[name] = [self.glass] if source == "Platen" else self.papers
        return name


class _Quiet(ThreadingHTTPServer):
    """Says nothing of clients that went away."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


class _Handler(BaseHTTPRequestHandler):
    """Answers for one scanner."""

    scanner: FakeScanner
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is given
        """Say nothing."""

    def do_GET(self) -> None:
        moods = self.scanner.moods
        if moods.broken:
            return self._give(moods.broken, b"")
        if self.path.endswith("/ScannerCapabilities"):
            return self._give(200, moods.answer or self.scanner.capabilities().encode())
        if self.path.endswith("/ScannerStatus"):
            return self._give(200, moods.answer or self.scanner.status().encode())
        job = self.path.split("/")[-2]
        return self._page(job)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.scanner.moods.broken:
            return self._give(self.scanner.moods.broken, b"")
        if self.scanner.moods.state == "Processing":
            return self._give(503, b"")
        return self._give(201, b"", location=f"/eSCL/ScanJobs/{self.scanner.begin(body)}")

    def do_DELETE(self) -> None:
        self.scanner.deleted.append(self.path.rpartition("/")[2])
        self._give(200, b"")

    def _page(self, job: str) -> None:
        moods, pages = self.scanner.moods, self.scanner.jobs.get(job, [])
        time.sleep(moods.slow)
        if moods.busy:
            moods.busy -= 1
            return self._give(503, b"", **{"retry-after": "0"})
        if self.scanner.given >= moods.gone_after:
            self.close_connection = True
            return self.connection.shutdown(socket.SHUT_RDWR)
        if self.scanner.given >= moods.jam_after:
            return self._give(503, b"")
        if not pages:
            return self._give(404, b"")
        self.scanner.given += 1
        page = pages.pop(0)
        if self.scanner.given == moods.half_page:
            return self._half(page)
        return self._give(200, page, **{"content-type": "image/jpeg"})

    def _half(self, page: bytes) -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(page)))
        self.end_headers()
        self.wfile.write(page[: len(page) // 2])
        self.wfile.flush()
        self.close_connection = True

    def _give(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"content-type": "text/xml", **headers, "content-length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
