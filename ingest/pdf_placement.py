"""Is a PDF page nothing but one picture of a sheet? Then the picture is the page and nothing is resampled."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ingest.limits import FULL_PAGE

_MAX_DEPTH = 15
_NO_STROKE = 0
_SILENT_ANNOTATIONS = {pdfium_c.FPDF_ANNOT_LINK, pdfium_c.FPDF_ANNOT_POPUP}
_UNSEEN = pdfium_c.FPDF_ANNOT_FLAG_HIDDEN | pdfium_c.FPDF_ANNOT_FLAG_NOVIEW
_STRAIGHT = 1e-3  # how far from level a picture may lie, as a share of its side

Rectangle = tuple[float, float, float, float]  # left, bottom, right, top in points


@dataclass(frozen=True, slots=True)
class Placement:
    """A picture that fills its page.

    `width` and `height` are in points along the picture's own sides; `turn` is how many degrees clockwise the page's
    content turns it.
    """

    image: pdfium.PdfImage
    width: float
    height: float
    turn: int


def sole_image(page: pdfium.PdfPage) -> Placement | None:
    """Return the one picture that makes up the page, or None.

    Text that is not drawn (render mode 3: what scanners and OCR programs put beside the picture) does not count, nor
    does what the picture hides. Anything that is drawn over it, clips it, blends it, mirrors or tilts it does, and so
    do visible annotations and form fields.
    """
    top = _last_drawn(page)
    if not isinstance(top, pdfium.PdfImage) or top.level or _is_altered(top) or _has_visible_annotations(page):
        return None
    placement = _placement(top)
    sheet = page.get_bbox()
    if placement is None or not _is_same(_rectangle(top), sheet) or not _is_clip_harmless(top, sheet):
        return None
    return placement


def image_objects(page: pdfium.PdfPage) -> Iterator[pdfium.PdfImage]:
    """Yield every picture of the page, those inside forms too."""
    for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=_MAX_DEPTH):
        if isinstance(item, pdfium.PdfImage):
            yield item


def _last_drawn(page: pdfium.PdfPage) -> pdfium.PdfObject | None:
    last = None
    for item in page.get_objects(max_depth=_MAX_DEPTH):
        if _is_drawn(item):
            last = item
    return last


def _is_drawn(item: pdfium.PdfObject) -> bool:
    if item.type == pdfium_c.FPDF_PAGEOBJ_TEXT:
        mode = pdfium_c.FPDFTextObj_GetTextRenderMode(item)
        return bool(mode != pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE)
    if item.type == pdfium_c.FPDF_PAGEOBJ_PATH:
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        known = pdfium_c.FPDFPath_GetDrawMode(item, fill, stroke)
        return not known or fill.value != pdfium_c.FPDF_FILLMODE_NONE or stroke.value != _NO_STROKE
    # What a form draws is looked at by itself, unless it lies deeper than anybody nests them.
    return bool(item.type != pdfium_c.FPDF_PAGEOBJ_FORM or item.level >= _MAX_DEPTH - 1)


def _is_altered(image: pdfium.PdfImage) -> bool:
    return bool(pdfium_c.FPDFPageObj_HasTransparency(image)) or pdfium_c.FPDFPageObj_CountMarks(image) > 0


def _has_visible_annotations(page: pdfium.PdfPage) -> bool:
    for index in range(pdfium_c.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
        try:
            if _is_visible(annotation):
                return True
        finally:
            pdfium_c.FPDFPage_CloseAnnot(annotation)
    return False


def _is_visible(annotation: pdfium_c.FPDF_ANNOTATION) -> bool:
    if pdfium_c.FPDFAnnot_GetSubtype(annotation) in _SILENT_ANNOTATIONS:
        return False
    if pdfium_c.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
        return False
    rectangle = pdfium_c.FS_RECTF()
    if not pdfium_c.FPDFAnnot_GetRect(annotation, rectangle):
        return True
    # An invisible signature has a field of no size (ISO 32000-1, 12.7.4.5).
    return bool(rectangle.left != rectangle.right and rectangle.top != rectangle.bottom)


def _placement(image: pdfium.PdfImage) -> Placement | None:
    a, b, c, d, _, _ = image.get_matrix().get()
    width, height = math.hypot(a, b), math.hypot(c, d)
    if not width or not height:
        return None
    if abs(b) <= _STRAIGHT * width and abs(c) <= _STRAIGHT * height and a * d > 0:
        return Placement(image, width, height, 0 if a > 0 else 180)
    if abs(a) <= _STRAIGHT * width and abs(d) <= _STRAIGHT * height and b * c < 0:
        return Placement(image, width, height, 270 if b > 0 else 90)
    return None


def _rectangle(image: pdfium.PdfImage) -> Rectangle:
    a, b, c, d, e, f = image.get_matrix().get()
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    return min(xs), min(ys), max(xs), max(ys)


def _is_same(inner: Rectangle, sheet: Rectangle) -> bool:
    across, down = (FULL_PAGE * (sheet[2] - sheet[0]), FULL_PAGE * (sheet[3] - sheet[1]))
    allowed = (across, down, across, down)
    return all(abs(x - y) <= slack for x, y, slack in zip(inner, sheet, allowed, strict=True))


def _is_clip_harmless(image: pdfium.PdfImage, sheet: Rectangle) -> bool:
    clip = pdfium_c.FPDFPageObj_GetClipPath(image)
    paths = max(0, pdfium_c.FPDFClipPath_CountPaths(clip))
    return all(_is_wide_rectangle(_points(clip, index), sheet) for index in range(paths))


def _points(clip: pdfium_c.FPDF_CLIPPATH, index: int) -> list[tuple[float, float]]:
    points = []
    for position in range(pdfium_c.FPDFClipPath_CountPathSegments(clip, index)):
        segment = pdfium_c.FPDFClipPath_GetPathSegment(clip, index, position)
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium_c.FPDFPathSegment_GetPoint(segment, x, y)
        points.append((x.value, y.value))
    return points


def _is_wide_rectangle(points: list[tuple[float, float]], sheet: Rectangle) -> bool:
    """Return whether a clip path is a rectangle that cuts nothing off the sheet."""
    if not 4 <= len(points) <= 5:  # noqa: PLR2004 - corners, closed or not
        return False
    xs, ys = {round(x, 2) for x, _ in points}, {round(y, 2) for _, y in points}
    if len(xs) != 2 or len(ys) != 2:  # noqa: PLR2004 - two values on each axis make a rectangle
        return False
    left, bottom, right, top = min(xs), min(ys), max(xs), max(ys)
    across, down = FULL_PAGE * (sheet[2] - sheet[0]), FULL_PAGE * (sheet[3] - sheet[1])
    return (
        left <= sheet[0] + across
        and right >= sheet[2] - across
        and bottom <= sheet[1] + down
        and top >= sheet[3] - down
    )
