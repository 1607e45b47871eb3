"""Scans to unsigned PDF/A: our steps and OCRmyPDF on the same two-page documents, one process each.

    python -m bench.pace [--documents 10]

CPU seconds, child processes included: what one core does in a minute, whatever else the machine does meanwhile.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import cv2
from PIL import Image

from bench.command import init
from bench.legibility.readers.ocrmypdf import program
from bench.office import DPI, PAGES_PER_DOCUMENT, make_dossiers, pages_of
from bench.steady import TO_PDF, BareEngine, run_steps
from hososo.home import Home
from hososo.logs import log_to
from hososo.settings import load_settings
from hososo.wiring import services

LEAST: Final = 3.0
_WARM_UP: Final = 1


def ours(home: Path, folders: list[Path]) -> float:
    """Return CPU seconds a page from scans to unsigned PDF/A, warm."""
    init(home)
    log_to(Home(home).log)
    bare = BareEngine()
    with services(load_settings(home)) as ready:
        run_steps(ready, folders[:_WARM_UP], bare)
        return run_steps(ready, folders[_WARM_UP:], bare).per_page(*TO_PDF)


def theirs(folder: Path, folders: list[Path]) -> float:
    """Return CPU seconds a page of OCRmyPDF, one call a document, as a batch in the shell does.

    Raises:
        FileNotFoundError: It is not installed.
    """
    command = program()
    if command is None:
        raise FileNotFoundError("ocrmypdf is not installed: run install/bench.sh")
    options = ["-l", "vie", "--output-type", "pdfa", "-j", "1", "-q"]
    before = _spent()
    for number, source in enumerate(_as_pdf(folder, folders)):
        target = folder / f"out-{number}.pdf"
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        subprocess.run([command, *options, source, target], check=True, capture_output=True, env=environment)
    return (_spent() - before) / (len(folders) * PAGES_PER_DOCUMENT)


def _as_pdf(target: Path, folders: list[Path]) -> list[Path]:
    """Wrap the scans of each folder into a PDF, which is what OCRmyPDF takes."""
    made = []
    for number, folder in enumerate(folders):
        first, *others = [Image.open(path) for path in pages_of(folder)]
        path = target / f"in-{number}.pdf"
        first.save(path, resolution=DPI, save_all=True, append_images=others)
        made.append(path)
    return made


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Draw, measure, print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--documents", type=int, default=10, help="documents of two pages")
    count = max(1, options.parse_args().documents)
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory(prefix="hososo-pace-") as name:
        folder = Path(name)
        folders = make_dossiers(folder / "in", count + _WARM_UP)
        other = theirs(folder, folders[_WARM_UP:])
        own = ours(folder / "home", folders)
    for who, seconds in (("OCRmyPDF", other), ("hososo", own)):
        sys.stdout.write(f"{who:10s} {seconds:6.3f} CPU s a page, {60 / seconds:5.1f} pages a minute and core\n")
    verdict = "met" if other >= LEAST * own else "MISSED"
    sys.stdout.write(f"{other / own:.2f} times as many pages a minute   target >= {LEAST:g}: {verdict}\n")


if __name__ == "__main__":
    main()
