"""The signature fields of updates: dictionary, widget with or without visible text, form and page entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from signing.original import form_of
from signing.roles import FIELD_NAMES
from signing.update import Gap, Update

if TYPE_CHECKING:
    from dossier.states import SignerRole
    from signing.layout import Block
    from signing.original import Original
    from signing.typeface import Typeface

_PRINT_AND_LOCKED = 132
_NOWHERE = (0.0, 0.0, 0.0, 0.0)
_SIGNATURES_EXIST_APPEND_ONLY = 3
_SYMBOLIC_SERIF = 6
_STAMP_NAME = "hososo-stamp-{number}"


@dataclass(frozen=True, slots=True)
class Seal:
    """What one signature puts into the file beside its CMS; `text` is None where it shows nothing."""

    text: tuple[Block, Typeface] | None
    signer: str
    reason: str
    at: datetime
    role: SignerRole


def write_field(original: Original, seal: Seal, reserved: int) -> Update:
    """Return the update that adds a signature field, visible or not, with room for `reserved` bytes of CMS."""
    contents = _gap(reserved)
    update = Update(original, contents)
    value = update.add(_signature(update, contents, seal))
    widget = _dictionary(
        {
            "/Type": NameObject("/Annot"),
            "/Subtype": NameObject("/Widget"),
            "/FT": NameObject("/Sig"),
            "/T": TextStringObject(_free_name(original, FIELD_NAMES[seal.role])),
            "/V": value,
            "/F": NumberObject(_PRINT_AND_LOCKED),
            "/P": original.page,
            "/Rect": _numbers(seal.text[0].rect if seal.text else _NOWHERE),
        }
    )
    if seal.text:
        widget[NameObject("/AP")] = _dictionary({"/N": update.add(_appearance(update, *seal.text))})
    _join(update, update.add(widget))
    return update


def write_stamp_field(original: Original, reserved: int) -> Update:
    """Return the update that adds a document time stamp without appearance, with room for a token of `reserved` bytes.

    A field of no size needs no appearance, in PDF/A-2 neither.
    """
    contents = _gap(reserved)
    update = Update(original, contents)
    value = _dictionary(
        {
            "/Type": NameObject("/DocTimeStamp"),
            "/Filter": NameObject("/Adobe.PPKLite"),
            "/SubFilter": NameObject("/ETSI.RFC3161"),
            "/ByteRange": update.byte_range,
            "/Contents": contents,
        }
    )
    widget = _dictionary(
        {
            "/Type": NameObject("/Annot"),
            "/Subtype": NameObject("/Widget"),
            "/FT": NameObject("/Sig"),
            "/T": TextStringObject(_free_name(original, _STAMP_NAME)),
            "/V": update.add(value),
            "/F": NumberObject(_PRINT_AND_LOCKED),
            "/P": original.page,
            "/Rect": _numbers(_NOWHERE),
        }
    )
    _join(update, update.add(widget))
    return update


def _gap(reserved: int) -> Gap:
    return Gap(b"<" + b"00" * reserved + b">")


def _signature(update: Update, contents: Gap, seal: Seal) -> DictionaryObject:
    zone = f"{seal.at:%z}"
    return _dictionary(
        {
            "/Type": NameObject("/Sig"),
            "/Filter": NameObject("/Adobe.PPKLite"),
            "/SubFilter": NameObject("/ETSI.CAdES.detached"),
            "/ByteRange": update.byte_range,
            "/Contents": contents,
            "/M": TextStringObject(f"D:{seal.at:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"),
            "/Name": TextStringObject(seal.signer),
            "/Reason": TextStringObject(seal.reason),
        }
    )


def _free_name(original: Original, pattern: str) -> str:
    fields = form_of(original.reader).get("/Fields", ArrayObject()).get_object()
    taken = {str(field.get_object().get("/T")) for field in fields}
    return next(name for number in range(1, len(taken) + 2) if (name := pattern.format(number=number)) not in taken)


def _join(update: Update, widget: IndirectObject) -> None:
    original = update.original
    catalog = update.current(original.root)
    place = catalog.raw_get("/AcroForm") if "/AcroForm" in catalog else None
    form = update.current(place) if isinstance(place, IndirectObject) else DictionaryObject(place or {})
    update.append(form, "/Fields", widget)
    flags = form.get("/SigFlags", 0)
    form[NameObject("/SigFlags")] = NumberObject(int(flags) | _SIGNATURES_EXIST_APPEND_ONLY)
    if isinstance(place, IndirectObject):
        update.replace(place, form)
    else:
        catalog[NameObject("/AcroForm")] = form
        update.replace(original.root, catalog)
    page = update.current(original.page)
    update.append(page, "/Annots", widget)
    update.replace(original.page, page)


def _appearance(update: Update, block: Block, face: Typeface) -> StreamObject:
    shown = b" T*\n".join(b"<%s> Tj" % face.encode(line) for line in block.lines)
    ascent = face.metrics[0] / 1000 * block.size
    stream = StreamObject()
    stream.update(
        _dictionary(
            {
                "/Type": NameObject("/XObject"),
                "/Subtype": NameObject("/Form"),
                "/BBox": _numbers((0, 0, block.width, block.height)),
                "/Matrix": _numbers((*block.matrix, 0, 0)),
                "/Resources": _dictionary({"/Font": _dictionary({"/F1": _font(update, face)})}),
            }
        )
    )
    stream.set_data(
        b"q BT 0 g /F1 %.3f Tf %.3f TL 0 %.3f Td\n" % (block.size, block.leading, block.height - ascent)
        + shown
        + b"\nET Q"
    )
    return stream


def _font(update: Update, face: Typeface) -> IndirectObject:
    name = NameObject("/HOSOSO+LiberationSerif")
    ascent, descent, cap_height, *box = face.metrics
    descriptor = _dictionary(
        {
            "/Type": NameObject("/FontDescriptor"),
            "/FontName": name,
            "/Flags": NumberObject(_SYMBOLIC_SERIF),
            "/FontBBox": _numbers(box),
            "/ItalicAngle": NumberObject(0),
            "/Ascent": NumberObject(ascent),
            "/Descent": NumberObject(descent),
            "/CapHeight": NumberObject(cap_height),
            "/StemV": NumberObject(80),
            "/FontFile2": update.add(_flate(face.program, {"/Length1": NumberObject(len(face.program))})),
        }
    )
    descendant = _dictionary(
        {
            "/Type": NameObject("/Font"),
            "/Subtype": NameObject("/CIDFontType2"),
            "/BaseFont": name,
            "/CIDSystemInfo": _dictionary(
                {
                    "/Registry": TextStringObject("Adobe"),
                    "/Ordering": TextStringObject("Identity"),
                    "/Supplement": NumberObject(0),
                }
            ),
            "/CIDToGIDMap": NameObject("/Identity"),
            "/FontDescriptor": update.add(descriptor),
            "/W": ArrayObject([NumberObject(0), ArrayObject(NumberObject(width) for width in face.widths)]),
        }
    )
    return update.add(
        _dictionary(
            {
                "/Type": NameObject("/Font"),
                "/Subtype": NameObject("/Type0"),
                "/BaseFont": name,
                "/Encoding": NameObject("/Identity-H"),
                "/DescendantFonts": ArrayObject([update.add(descendant)]),
                "/ToUnicode": update.add(_flate(face.unicode_map(), {})),
            }
        )
    )


def _flate(data: bytes, extra: dict[str, PdfObject]) -> StreamObject:
    stream = StreamObject()
    stream.set_data(data)
    packed = stream.flate_encode()
    packed.update(_dictionary(extra))
    return packed


def _dictionary(entries: dict[str, PdfObject]) -> DictionaryObject:
    return DictionaryObject({NameObject(key): value for key, value in entries.items()})


def _numbers(values: tuple[float, ...] | list[int]) -> ArrayObject:
    return ArrayObject(FloatObject(round(value, 3)) for value in values)
