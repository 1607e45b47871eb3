"""ALTO 4.4: the form in which libraries and archives exchange the words of a page with their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dossier.page import Word
from rendition.markup import Markup
from rendition.transcript import UNREAD, Line, Transcript

_NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_PREPARATION, _READING = "preparation", "reading"
_FIRST = "first reading"


def write_alto(page: Transcript) -> bytes:
    """Return a page as an ALTO 4.4 document.

    Blocks, lines and words stand in reading order, their places in pixels of the unchanged scan; where its lines are
    not level a polygon tells more than the upright box. Confidences are those of the engine. A word that was mended or
    read again has what the engine gave at first as its alternative. No style is named: none was recognised.

    Args:
        page: The reading of one page.

    Returns:
        A UTF-8 document, the same bytes for the same page.
    """
    markup = Markup()
    with markup.element("alto", {"xmlns": _NAMESPACE, "SCHEMAVERSION": "4.4"}):
        with markup.element("Description"):
            _describe(markup, page)
        with markup.element("Layout"), markup.element("Page", _page(page)), markup.element("PrintSpace", _space(page)):
            for number, lines in enumerate(page.blocks(), start=1):
                _block(markup, page, number, lines)
    return markup.finished()


def _describe(markup: Markup, page: Transcript) -> None:
    markup.leaf("MeasurementUnit", "pixel")
    with markup.element("sourceImageInformation"):
        markup.leaf("fileName", page.image)
        markup.leaf("fileIdentifier", page.sha256, {"fileIdentifierLocation": "sha256"})
    operations = page.reading.transform.operations
    if operations:
        with markup.element("Processing", {"ID": _PREPARATION}):
            markup.leaf("processingCategory", "preOperation")
            for operation in operations:
                markup.leaf("processingStepDescription", operation)
    text = page.reading.text
    if text.engine != UNREAD:
        name, _, version = text.engine.partition(" ")
        with markup.element("Processing", {"ID": _READING}):
            markup.leaf("processingCategory", "contentGeneration")
            markup.leaf("processingStepSettings", f"language: {text.language}; model: {text.model}")
            with markup.element("processingSoftware"):
                markup.leaf("softwareName", name)
                markup.leaf("softwareVersion", version)


def _page(page: Transcript) -> Mapping[str, object]:
    steps = [_PREPARATION] * bool(page.reading.transform.operations)
    steps += [_READING] * (page.reading.text.engine != UNREAD)
    return {
        "ID": f"page{page.number}",
        "PROCESSINGREFS": " ".join(steps) or None,
        **_size(page),
        "PHYSICAL_IMG_NR": page.number,
        "ROTATION": f"{page.rotation:g}" if page.rotation else None,
        "LANG": page.language,
    }


def _size(page: Transcript) -> Mapping[str, object]:
    transform = page.reading.transform
    return {"HEIGHT": transform.scan_height, "WIDTH": transform.scan_width}


def _space(page: Transcript) -> Mapping[str, object]:
    return {**_size(page), "HPOS": 0, "VPOS": 0}


def _block(markup: Markup, page: Transcript, number: int, lines: Sequence[Line]) -> None:
    words = [word for line in lines for word in line]
    with markup.element("TextBlock", {"ID": f"block{number}", **_place(page, words)}):
        _shape(markup, page, words)
        for row, line in enumerate(lines, start=1):
            with markup.element("TextLine", {"ID": f"line{number}.{row}", **_place(page, line)}):
                _shape(markup, page, line)
                _words(markup, page, line)


def _words(markup: Markup, page: Transcript, line: Line) -> None:
    for place, word in enumerate(line):
        if place:
            markup.leaf("SP")
        confidence = f"{word.confidence / 100:.3f}"
        attributes = {**_place(page, [word]), "CONTENT": word.text, "WC": confidence}
        if word.raw or page.outline([word]):
            with markup.element("String", attributes):
                _shape(markup, page, [word])
                if word.raw:
                    markup.leaf("ALTERNATIVE", word.raw, {"PURPOSE": _FIRST})
        else:
            markup.leaf("String", "", attributes)


def _place(page: Transcript, words: Sequence[Word]) -> Mapping[str, object]:
    box = page.box(words)
    return {"HEIGHT": box.height, "WIDTH": box.width, "HPOS": box.left, "VPOS": box.top}


def _shape(markup: Markup, page: Transcript, words: Sequence[Word]) -> None:
    points = page.outline(words)
    if points:
        with markup.element("Shape"):
            markup.leaf("Polygon", "", {"POINTS": " ".join(f"{x},{y}" for x, y in points)})
