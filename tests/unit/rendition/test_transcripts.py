"""ALTO and hOCR hold the words that were read, in their order and places, and are what the two standards allow."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from dossier.page import Box, PageReading, PageText, PageTransform, Verdict, Word
from dossier.reading_json import dump, load, unread
from rendition.alto import write_alto
from rendition.hocr import write_hocr
from rendition.transcript import Transcript
from tests.unit.rendition.scans import scan_of

_ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"
_XHTML = "{http://www.w3.org/1999/xhtml}"
_ENGINE, _MODEL = "tesseract 5.5.4 (tesserocr 2.13.0)", "vie.traineddata sha256:" + "ab" * 32
_WORDS = (
    Word("Số:", Box(20, 20, 60, 40), 96.04, 0, 0),
    Word('<12>&"Đ', Box(70, 20, 140, 44), 3.1, 0, 0),
    Word("Ộp", Box(40, 50, 80, 74), 100.0, 1, 0, raw="Ọp"),
    Word("bên", Box(120, 20, 160, 40), 90.0, 2, 1),
)
# What ALTO 4.4 allows below each element that is written, in its order, and the attributes that it demands.
_BELOW = {
    "alto": "Description Layout",
    "Description": "MeasurementUnit sourceImageInformation Processing",
    "sourceImageInformation": "fileName fileIdentifier",
    "Processing": "processingCategory processingStepDescription processingStepSettings processingSoftware",
    "processingSoftware": "softwareName softwareVersion",
    "Layout": "Page",
    "Page": "PrintSpace",
    "PrintSpace": "TextBlock",
    "TextBlock": "Shape TextLine",
    "TextLine": "Shape String|SP",
    "String": "Shape ALTERNATIVE",
    "Shape": "Polygon",
}
_DEMANDED = {"Page": {"ID", "PHYSICAL_IMG_NR"}, "TextBlock": {"ID"}, "Processing": {"ID"}, "String": {"CONTENT"}}
_TRANSFORMS = (
    PageTransform(200, 100),
    PageTransform(200, 100, 0, 1.5, ("leaders",)),
    PageTransform(100, 200, 90),
    PageTransform(200, 100, 180, -0.5),
    PageTransform(100, 200, 270, 3.0),
)
_ROTATIONS = (None, "-1.5", "90", "180.5", "267")


def _page(transform: PageTransform = _TRANSFORMS[0], words: tuple[Word, ...] = _WORDS) -> Transcript:
    reading = PageReading(PageText(words, _ENGINE, _MODEL), transform, Verdict.GOOD)
    return Transcript(reading, 3, 'tờ "khai".jpg', "cd" * 32, (300.0, 299.5))


def _alto(page: Transcript) -> ET.Element:
    return ET.fromstring(write_alto(page))  # noqa: S314 - our own writing


def _hocr(page: Transcript) -> ET.Element:
    return ET.fromstring(write_hocr(page))  # noqa: S314


def _title(element: ET.Element) -> dict[str, list[str]]:
    parts = (part.split() for part in element.get("title", "").split("; "))
    return {name: values for name, *values in parts}


def _hocr_words(root: ET.Element) -> list[ET.Element]:
    return [each for each in root.iter(f"{_XHTML}span") if each.get("class") == "ocrx_word"]


def _box(element: ET.Element) -> Box:
    left, top, width, height = (int(element.attrib[name]) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    return Box(left, top, left + width, top + height)


@pytest.mark.parametrize("transform", _TRANSFORMS, ids=str)
def test_alto_is_built_as_its_schema_demands(transform: PageTransform) -> None:
    """Every element stands where ALTO 4.4 lets it, with what it must have; identifiers are unique and all known."""
    root = _alto(_page(transform))
    assert (root.tag, root.get("SCHEMAVERSION")) == (f"{_ALTO}alto", "4.4")
    for element in root.iter():
        name = element.tag.removeprefix(_ALTO)
        order = "".join(f"(?:(?:{each}) )*" for each in _BELOW.get(name, "").split())
        assert re.fullmatch(order, "".join(f"{below.tag.removeprefix(_ALTO)} " for below in element)), name
        assert _DEMANDED.get(name, set()) <= set(element.attrib), name
    names = [element.attrib["ID"] for element in root.iter() if "ID" in element.attrib]
    assert len(names) == len(set(names))
    (page,) = root.iter(f"{_ALTO}Page")
    assert set(page.attrib["PROCESSINGREFS"].split()) <= set(names)
    assert all(0 <= float(word.attrib["WC"]) <= 1 for word in root.iter(f"{_ALTO}String"))


@pytest.mark.parametrize("transform", _TRANSFORMS, ids=str)
def test_both_say_the_same_words_in_order_and_place(transform: PageTransform) -> None:
    """Read back, they give the text, the boxes on the scan and the confidences, line by line and block by block."""
    page = _page(transform)
    boxes = [page.box([word]) for word in _WORDS]
    alto, hocr = list(_alto(page).iter(f"{_ALTO}String")), _hocr_words(_hocr(page))
    assert [word.attrib["CONTENT"] for word in alto] == [word.text for word in hocr] == [word.text for word in _WORDS]
    assert [_box(word) for word in alto] == boxes
    assert [Box(*map(int, _title(word)["bbox"])) for word in hocr] == boxes
    assert [float(word.attrib["WC"]) for word in alto] == [0.96, 0.031, 1.0, 0.9]
    assert [_title(word)["x_wconf"] for word in hocr] == [["96"], ["3"], ["100"], ["90"]]
    blocks = [[len(line.findall(f"{_ALTO}String")) for line in block] for block in _lines(_alto(page))]
    areas = [
        [len(line) for line in area] for area in _hocr(page).iter(f"{_XHTML}div") if area.get("class") != "ocr_page"
    ]
    assert blocks == areas == [[2, 1], [1]]


@pytest.mark.parametrize("transform", _TRANSFORMS, ids=str)
def test_alto_keeps_the_first_reading_of_mended_words(transform: PageTransform) -> None:
    """Whoever doubts a mended word sees what the engine gave; other words have no alternative."""
    root = _alto(_page(transform))
    (mended,) = (word for word in root.iter(f"{_ALTO}String") if word.find(f"{_ALTO}ALTERNATIVE") is not None)
    assert (mended.attrib["CONTENT"], mended.findtext(f"{_ALTO}ALTERNATIVE")) == ("Ộp", "Ọp")


def _lines(root: ET.Element) -> list[list[ET.Element]]:
    return [block.findall(f"{_ALTO}TextLine") for block in root.iter(f"{_ALTO}TextBlock")]


@pytest.mark.parametrize(("transform", "rotation"), tuple(zip(_TRANSFORMS, _ROTATIONS, strict=True)))
def test_rotation_and_outline_tell_how_the_text_lies(transform: PageTransform, rotation: str | None) -> None:
    """Degrees counter-clockwise on the scan; a word on a slanted line has its four corners, a level one its box."""
    page = _page(transform)
    root = _alto(page)
    (said,) = root.iter(f"{_ALTO}Page")
    line = next(each for each in _hocr(page).iter(f"{_XHTML}span") if each.get("class") == "ocr_line")
    assert said.get("ROTATION") == rotation
    assert _title(line).get("textangle") == (None if rotation is None else [rotation])
    polygons = [each.attrib["POINTS"] for each in root.iter(f"{_ALTO}Polygon")]
    assert len(polygons) == (2 + 3 + 4 if transform.skew else 0)
    if polygons:
        corners = [tuple(map(int, pair.split(","))) for pair in polygons[2].split()]
        assert corners == [(round(x), round(y)) for x, y in transform.quad(_WORDS[0].box)]
        flat = [str(value) for corner in corners for value in corner]
        assert _title(_hocr_words(_hocr(page))[0])["poly"] == flat


def test_what_is_stored_has_the_first_readings() -> None:
    """A stored reading comes back whole, with the first reading of the one mended word."""
    reading = _page(_TRANSFORMS[0]).reading
    assert [word.raw for word in load(dump(reading)).text.words] == ["", "", "Ọp", ""]


def test_both_name_engine_model_image_and_language() -> None:
    """Whoever finds the file later knows what read which image, with which model."""
    alto, hocr = _alto(_page(_TRANSFORMS[1])), _hocr(_page(_TRANSFORMS[1]))
    told = {each.tag.removeprefix(_ALTO): each.text for each in alto.iter()}
    assert (told["softwareName"], told["softwareVersion"]) == ("tesseract", "5.5.4 (tesserocr 2.13.0)")
    assert told["processingStepSettings"] == f"language: vie; model: {_MODEL}"
    assert (told["processingStepDescription"], told["MeasurementUnit"]) == ("leaders", "pixel")
    assert (told["fileName"], told["fileIdentifier"]) == ('tờ "khai".jpg', "cd" * 32)
    (page,) = alto.iter(f"{_ALTO}Page")
    assert (page.get("LANG"), page.get("PHYSICAL_IMG_NR")) == ("vi", "3")
    meta = {each.get("name"): each.get("content") for each in hocr.iter(f"{_XHTML}meta")}
    assert meta["ocr-system"] == f"{_ENGINE}; vie; {_MODEL}"
    assert (meta["ocr-langs"], meta["ocr-number-of-pages"], hocr.get("lang")) == ("vi", "1", "vi")
    used = {f"{each.get('class')}" for each in hocr.iter() if each.get("class")}
    assert used <= set(str(meta["ocr-capabilities"]).split())
    title = next(each for each in hocr.iter(f"{_XHTML}div") if each.get("class") == "ocr_page").attrib["title"]
    assert title == f'image "tờ _khai_.jpg"; bbox 0 0 200 100; ppageno 2; scan_res 300 299.5; x_sha256 {"cd" * 32}'


def test_a_page_that_nothing_read_names_no_engine() -> None:
    """An unread page is there, with its size and without words."""
    page = replace(_page(), reading=unread(scan_of(), "too_slow"))
    alto, hocr = _alto(page), _hocr(page)
    assert not list(alto.iter(f"{_ALTO}Processing"))
    assert not list(alto.iter(f"{_ALTO}TextBlock"))
    assert not _hocr_words(hocr)


def test_what_xml_cannot_hold_and_what_leaves_the_page_is_mended() -> None:
    """A control character becomes U+FFFD; a box that levelling moved off the scan is cut at its edge."""
    page = _page(words=(Word("a\x0c\ud800b", Box(-30, 90, -10, 130), 50.0, 0, 0),))
    (word,) = _alto(page).iter(f"{_ALTO}String")
    assert word.attrib["CONTENT"] == _hocr_words(_hocr(page))[0].text == "a\ufffd\ufffdb"
    assert _box(word) == Box(0, 90, 1, 100)
