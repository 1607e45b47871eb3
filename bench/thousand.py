"""One document of a thousand pages through every step but recognition: `python -m bench.thousand SOURCE HOME`.

Recognition takes ten minutes of it and no memory from one page to the next, so the pages come from readings that the
real reader made once; all else is the product. Prints the peak memory of each process as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.office import SAMPLES
from bench.paper import Pixels, jpeg, typed_paper
from bench.processes import children, peak_memory, role_of
from bench.steady import drain
from catalog import intakes
from dossier.page import PageReading
from dossier.scan import Encoding, PageScan
from hososo.home import Home
from hososo.logs import log_to
from hososo.settings import load_settings
from hososo.wiring import services
from ocr.page import Effort
from ocr.reader import BoundedReader
from pipeline.delivery import deliver
from pipeline.indexing import bring_up_to_date
from pipeline.verification import verify_dossier
from samples.pdf_objects import Objects

_DPI: Final = 200
_POINTS: Final = 72
_FACES: Final = 8
_HEADER_LINES: Final = 8
_NOISE: Final = 3


class StoredReader(BoundedReader):
    """The reading port with readings made before, one after the other."""

    def __init__(self, readings: list[PageReading]) -> None:
        super().__init__()
        self._readings = readings
        self._asked = 0

    def read(self, data: bytes, scan: PageScan, effort: Effort = "full", *, cleared: bool = False) -> PageReading:
        """Return the first page's reading first, then those of the pages that go on."""
        del data, scan, effort, cleared
        place = 0 if self._asked == 0 else 1 + self._asked % (len(self._readings) - 1)
        self._asked += 1
        return self._readings[place]


def make_source(target: Path, pages: int) -> Path:
    """Write a dossier with one PDF of gray A4 pages at 200 dpi, each with grain of its own; return its folder."""
    folder = target / "H99.27.12-260116-0001"
    folder.mkdir(parents=True)
    faces = list(_faces())
    pdf = Objects()
    for number in range(pages):
        data = jpeg(_grainy(faces[number and 1 + number % (len(faces) - 1)], number))
        height, width = faces[0].shape
        entries = f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray"
        image = pdf.stream(f"{entries} /BitsPerComponent 8 /Filter /DCTDecode", data)
        size = (width * _POINTS / _DPI, height * _POINTS / _DPI)
        pdf.page(size, f"/XObject << /S {image} 0 R >>", f"q {size[0]:.2f} 0 0 {size[1]:.2f} 0 0 cm /S Do Q".encode())
    (folder / "ho_so.pdf").write_bytes(pdf.written("bench"))
    return folder


def run(folder: Path, home: Path) -> dict[str, Any]:
    """Take the document through the steps and return peaks in MiB, CPU seconds and what came out."""
    settings = load_settings(home)
    log_to(Home(home).log)
    started = time.monotonic()
    with services(settings) as real:
        ready = replace(real, reader=StoredReader(_readings(real.reader)))
        deliver(folder, ready)
        cost = drain(ready)
        indexed = bring_up_to_date(ready)
        with ready.catalogue.read() as tx:
            dossier = intakes.all_dossiers(tx)[0]
        wrong = [finding for finding in verify_dossier(dossier, ready) if finding.verdict != "valid"]
        peaks = {role_of(pid): peak_memory(pid) for pid in children(os.getpid())}
        peaks["worker"] = peak_memory(os.getpid())
    return {
        "documents": indexed,
        "findings": len(wrong),
        "peaks": peaks,
        "cpu": cost.seconds,
        "wall": time.monotonic() - started,
    }


def _faces() -> Iterator[Pixels]:
    sources = sorted(SAMPLES.glob("*.txt"))[:_FACES]
    for place, source in enumerate(sources):
        text = source.read_text(encoding="utf-8")
        if place:
            text = f"Trang {place + 1}/1000\n\n" + "\n".join(text.splitlines()[_HEADER_LINES:] * 2)
        yield np.asarray(cv2.cvtColor(typed_paper(text, _DPI).rgb, cv2.COLOR_RGB2GRAY), np.uint8)


def _grainy(gray: Pixels, seed: int) -> Pixels:
    grain: NDArray[np.int8] = np.empty(gray.shape, np.int8)
    cv2.setRNGSeed(seed)
    cv2.randn(grain, np.array([-_NOISE]), np.array([_NOISE]))
    return np.asarray(cv2.add(gray, grain, dtype=cv2.CV_8U), np.uint8)


def _readings(reader: BoundedReader) -> list[PageReading]:
    found = []
    for place, face in enumerate(_faces()):
        scan = PageScan(Encoding.JPEG, face.shape[1], face.shape[0], _DPI, _DPI, 1)
        found.append(reader.read(jpeg(_grainy(face, place)), scan))
    reader.close()
    return found


def main() -> None:
    """Run in this process and print the result."""
    cv2.setNumThreads(1)
    folder, home = (Path(argument) for argument in sys.argv[1:])
    sys.stdout.write(json.dumps(run(folder, home)))


if __name__ == "__main__":
    main()
