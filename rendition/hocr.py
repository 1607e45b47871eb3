"""hOCR 1.2: the words of a page with their places as XHTML, which a browser shows as text."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.page import Box, Word
from rendition.markup import Markup
from rendition.transcript import UNREAD, Line, Transcript

_CAPABILITIES = "ocr_page ocr_carea ocr_line ocrx_word ocrp_lang ocrp_poly ocrp_wconf"


def write_hocr(page: Transcript) -> bytes:
    """Return a page as an hOCR 1.2 document.

    Areas, lines and words stand in reading order, their places in pixels of the unchanged scan; where its lines are
    not level a polygon tells more than the upright box. Confidences are those of the engine.

    Args:
        page: The reading of one page.

    Returns:
        A UTF-8 document, well-formed as XML, the same bytes for the same page.
    """
    markup = Markup("<!DOCTYPE html>\n")
    language = {"xml:lang": page.language, "lang": page.language}
    with markup.element("html", {"xmlns": "http://www.w3.org/1999/xhtml", **language}):
        with markup.element("head"):
            _head(markup, page)
        with markup.element("body"), markup.element("div", _attributes("ocr_page", f"page_{page.number}", _page(page))):
            for number, lines in enumerate(page.blocks(), start=1):
                _area(markup, page, number, lines)
    return markup.finished()


def _head(markup: Markup, page: Transcript) -> None:
    text = page.reading.text
    markup.leaf("title", page.image)
    markup.leaf("meta", "", {"http-equiv": "Content-Type", "content": "text/html; charset=utf-8"})
    system = UNREAD if text.engine == UNREAD else f"{text.engine}; {text.language}; {text.model}"
    for name, content in (
        ("ocr-system", system),
        ("ocr-capabilities", _CAPABILITIES),
        ("ocr-number-of-pages", "1"),
        ("ocr-langs", page.language),
    ):
        markup.leaf("meta", "", {"name": name, "content": content})


def _page(page: Transcript) -> str:
    transform = page.reading.transform
    image = page.image.replace('"', "_")
    resolution = f"; scan_res {page.dpi[0]:g} {page.dpi[1]:g}" if page.dpi else ""
    bounds = f"bbox 0 0 {transform.scan_width} {transform.scan_height}"
    return f'image "{image}"; {bounds}; ppageno {page.number - 1}{resolution}; x_sha256 {page.sha256}'


def _area(markup: Markup, page: Transcript, number: int, lines: Sequence[Line]) -> None:
    place = _place(page, [word for line in lines for word in line])
    with markup.element("div", _attributes("ocr_carea", f"block_{page.number}_{number}", place)):
        for row, line in enumerate(lines, start=1):
            _line(markup, page, line, f"{page.number}_{number}_{row}")


def _line(markup: Markup, page: Transcript, line: Line, name: str) -> None:
    angle = f"; textangle {page.rotation:g}" if page.rotation else ""
    with markup.element("span", _attributes("ocr_line", f"line_{name}", _place(page, line) + angle)):
        for place, word in enumerate(line, start=1):
            title = f"{_place(page, [word])}; x_wconf {round(word.confidence)}"
            markup.leaf("span", word.text, _attributes("ocrx_word", f"word_{name}_{place}", title))


def _place(page: Transcript, words: Sequence[Word]) -> str:
    points = page.outline(words)
    poly = f"; poly {' '.join(f'{x} {y}' for x, y in points)}" if points else ""
    return f"bbox {_numbers(page.box(words))}{poly}"


def _numbers(box: Box) -> str:
    return f"{box.left} {box.top} {box.right} {box.bottom}"


def _attributes(kind: str, name: str, title: str) -> dict[str, object]:
    return {"class": kind, "id": name, "title": title}
