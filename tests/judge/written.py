"""Writes what the judge judges: renditions and printed forms that must pass and files that must not."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from tests.integration.rendition.papers import Paper, every_paper, written
from tests.integration.reports.prints import every_print


def main(good: Path, bad: Path) -> None:
    """Write the files into two folders."""
    papers = every_paper()
    for number, paper in enumerate(papers):
        (good / f"single-{number:02}.pdf").write_bytes(written(paper))
    for name, printed in every_print().items():
        (good / f"{name}.pdf").write_bytes(printed)
    together = written(*papers)
    (good / "together.pdf").write_bytes(together)
    (bad / "other-part.pdf").write_bytes(together.replace(b"<pdfaid:part>2<", b"<pdfaid:part>1<"))
    (bad / "no-intent.pdf").write_bytes(together.replace(b"/OutputIntents", b"/OutputIgnored"))
    (bad / "cut.pdf").write_bytes(together[: len(together) // 2])
    Image.new("RGB", (Paper().width, Paper().height)).save(bad / "plain.pdf")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
