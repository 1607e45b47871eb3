"""OCRmyPDF, from an installation of its own: the text layer of the PDF/A that it writes."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from dossier.scan import Encoding, PageScan

_OWN: Final = Path(".bench/venv/bin/ocrmypdf")
_LONGEST: Final = 300


def program() -> str | None:
    """Return the program, or None where it is not installed."""
    return str(_OWN.resolve()) if _OWN.exists() else shutil.which("ocrmypdf")


class OcrMyPdf:
    """OCRmyPDF with its defaults, then `pdftotext`."""

    def __init__(self) -> None:
        found = program()
        if found is None:
            raise FileNotFoundError("ocrmypdf is not installed: run install/bench.sh")
        self._program = found

    def read(self, data: bytes, scan: PageScan) -> str:
        """Return the text of a page."""
        with tempfile.TemporaryDirectory(prefix="legibility-") as folder:
            source = Path(folder) / ("page.jpg" if scan.encoding is Encoding.JPEG else "page.png")
            target = Path(folder) / "page.pdf"
            source.write_bytes(data)
            self._run(str(source), str(target), round(scan.dpi_x))
            # In the order in which the engine read: the better one of pdftotext's two for this program.
            command = ["pdftotext", "-raw", "-enc", "UTF-8", str(target), "-"]
            return subprocess.run(command, check=True, capture_output=True, timeout=_LONGEST).stdout.decode()

    def _run(self, source: str, target: str, dpi: int) -> None:
        options = ["-l", "vie", "--output-type", "pdfa", "--image-dpi", str(dpi), "-j", "1", "-q"]
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        command = [self._program, *options, source, target]
        subprocess.run(command, check=True, capture_output=True, timeout=_LONGEST, env=environment)
