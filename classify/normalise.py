"""From printed text to the stored value, one normaliser per kind of value."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from classify.names import families, spellings
from dossier.codes import parse_code
from dossier.text import fold, spaces_collapsed

LOCAL = timezone(timedelta(hours=7))
_SLIPS = str.maketrans({"o": "0", "O": "0", "i": "1", "I": "1", "l": "1", "|": "1"})
_DATE = re.compile(r"([\doil|]{1,2})\D*?([\doil|]{1,2})\D*?([\doil|]{4})\s*$")
_DAY, _MONTH = re.compile(r"\bn[gq][a-z]{1,2}(?![a-z])|ngay"), re.compile(r"\bth[a-z]{1,2}ng\b|thang")  # slips too
_TIME = re.compile(
    r"(?:luc\s+)?(\d{1,2})\s*(?:gio(?:\s*(\d{1,2})(?!\s*[/.\d-])\s*(?:phut|['’p]\b)?)?|"
    r"[:hg]\s*(\d{2})(?::\d{2})?(?:['’]|\s*phut\b|p\b)?|h(?!\w))"
)
_DASH = re.compile(r"\s*[-–—~_:]\s*")
# How the parts of a mã hồ sơ are parted where a dot or a dash was misread; what an H, and digits, are read as.
_CODE_DASH, _CODE_DOT = re.compile(r"(?:\s*[-–—~_]){1,2}\s*"), re.compile(r"\s*[.,:;·]\s*|\s+")
_CODE_AGENCY = re.compile(
    r"(?P<old>(?:\w{2,3}\.){3})?(?P<letter>[HGKA]|[\[\](){}IilL|1!]{1,2})\.?(?P<unit>\w\w(?:\.\w{1,3})*)"
)
_CODE_SLIPS = str.maketrans(
    {
        **{chr(key): value for key, value in _SLIPS.items()},
        "D": "0",
        "Q": "0",
        "S": "5",
        "s": "5",
        "Z": "2",
        "z": "2",
        "B": "8",
        "b": "8",
    }
)
_MOST_CODE_SLIPS = 3
_CALLED = "cụ ông|cụ bà|ông|ong|bà|ba|anh|chị|cháu|cụ|cô|chú|bác|em|đồng chí"
_HONORIFIC = re.compile(
    rf"^(?:(?:hộ|hộ gia đình|gia đình|các)\s+)?(?:{_CALLED}|hộ)(?:\s*[/(]\s*(?:{_CALLED})\s*\)?)?(?!\w)[\s:._…]+",
    re.IGNORECASE,
)
_NAME_ENDS = re.compile(r"\s+(?:và|sinh|cùng|hiện|có|số|là|theo)\s.*$", re.IGNORECASE)
_SPECK = re.compile(r"(?<=[^\W\d_]{2})[-–—](?=[^\W\d_]{2})|(?<=[^\W\d_])\.(?=[^\W\d_])")  # between syllables, in one
_LEADERS = " .:;,_…-–\t\n'`\"°|“”‘’"
_NOT_NAMES = (
    "nguoi ",
    "tu khai ",
    "kt. ",
    "tm. ",
    "tl. ",
    "cua ",
    "noi ",
    "so ",
    "ngay ",
    "ho so ",
    "ky ",
    "co quan ",
    "lien ke ",
)
_NO_PERSON = re.compile(  # offices and parts that stand where names do
    r"(?:can bo|cong chuc|chuyen vien|nhan vien|chu tich|giam doc|truong phong|dai dien|thu truong|ke toan truong|"
    r"pho (?:chu tich|giam doc|truong|tong|chanh|cuc truong|chi cuc|vien truong|hieu truong|bi thu)|"
    r"uy ban|ubnd|chu ho|chu dau tu|chu tai san|chu su dung|nguoi|ben [ab]|ben nhan|bo phan|trung tam|van phong|"
    r"kinh doanh|viet nam)(?: |$)"
)
_BODY = re.compile(
    r"(?:uy ban|ubnd|hoi dong|phong|chi nhanh|van phong|cong an|(?:tong |chi )?cuc|trung tam|so|bo phan|ban|ngan hang|"
    r"bao hiem|toa an|vien kiem sat|kho bac|thue|benh vien|tram y te|thanh tra|truong|cong ty|dang uy)\s\w"
)
_NAME_WORDS, _MOST_NAME_WORDS = 2, 7
_CARD_DIGITS, _LEAST_SURE_DIGITS = 12, 9
_TAX_DIGITS = (10, 12, 13)


@dataclass(frozen=True, slots=True)
class Normal:
    """A stored value; `repaired` says that letters were read as digits to get it."""

    value: str
    repaired: bool = False


def normalise(name: str, raw: str) -> Normal | None:
    """Return the stored form of printed text, or None when the text cannot be such a value.

    Args:
        name: Which normaliser: the `normaliser` of a field rule.
        raw: Text as printed.

    Raises:
        KeyError: There is no such normaliser (a bug; a test walks every rule).
    """
    return NORMALISERS[name](raw)


def parse_date(raw: str) -> tuple[date, bool] | None:
    """Return the date in a printed date and whether letters had to be read as digits; None if it cannot be."""
    match = _DATE.search(
        re.sub(r"\bth[a-z]{1,2}ng\b|thang", "/", re.sub(r"\bn[gq][a-z]{1,2}(?![a-z])|ngay", "", fold(raw))).replace(
            "nam", "/"
        )
    )
    if match is None:
        return None
    digits = [group.translate(_SLIPS) for group in match.groups()]
    try:
        return date(int(digits[2]), int(digits[1]), int(digits[0])), tuple(digits) != match.groups()
    except ValueError:
        return None


def _text(raw: str) -> Normal | None:
    value = spaces_collapsed(raw).strip(_LEADERS)
    if value[:1] == "(" and value[-1:] == ")" and value.count("(") == 1:
        value = value[1:-1].strip(_LEADERS)
    return Normal(value) if value else None


def _body(raw: str) -> Normal | None:
    """Return the name of a body that papers are addressed to, without its dash or number."""
    value = re.sub(r"^\W*(?:\d\s?[.)/])?\W*", "", spaces_collapsed(raw)).strip(_LEADERS)
    named = value[:1].isupper() and ":" not in value and _BODY.match(fold(value))
    return Normal(value) if named else None


def _number(raw: str) -> Normal | None:
    """Return a paper's number in whose digits' places letters were read."""
    printed = "".join(raw.split())
    value = printed.translate(_SLIPS)
    return Normal(value, value != printed) if value.isdigit() and any(map(str.isdigit, printed)) else None


def _printed(raw: str) -> Normal | None:
    value = "".join(raw.split())
    return Normal(value) if value else None


def _person(raw: str) -> Normal | None:
    value = spaces_collapsed(raw).strip(_LEADERS)
    value = _SPECK.sub(lambda found: " " if found[0] != "." else "", value)
    value = " ".join(_name_words(_NAME_ENDS.sub("", _HONORIFIC.sub("", value)).strip(_LEADERS).split()))
    if len(value.split()) < _NAME_WORDS or fold(value + " ").startswith(_NOT_NAMES):
        return None
    if _NO_PERSON.match(fold(value)):
        return None
    return Normal(value) if all(char.isalpha() or char in " '.-" for char in value) else None


def _citizen(raw: str) -> Normal | None:
    """Return a person's name that begins with a family and has hardly a syllable that names do not have."""
    found = _person(raw)
    first, *rest = fold(found.value).split() if found else [""]
    known = sum(word in spellings(family=False) for word in rest)
    return found if found and first in families() and known >= max(1, len(rest) - 1) else None


def _called(raw: str) -> Normal | None:
    """Return a person's name behind "Ông", "Bà", "Đồng chí": the family Bá is no "Bà"."""
    return _citizen(raw) if _HONORIFIC.match(spaces_collapsed(raw).strip(_LEADERS)) else None


def _name_words(words: list[str]) -> list[str]:
    """Return the words at the start that make a name: each begins with a capital, all are in capitals or none is."""
    kept: list[str] = []
    for word in words[:_MOST_NAME_WORDS]:
        clean = word.strip(_LEADERS)
        same = not kept or len(clean) == 1 or clean.isupper() == kept[0].isupper() or len(kept[0]) == 1
        if not clean or not clean[0].isupper() or not same:
            break
        kept.append(clean)
        if word[-1] in ",;":
            break
    return kept


def _date(raw: str) -> Normal | None:
    parsed = parse_date(raw)
    return Normal(parsed[0].isoformat(), parsed[1]) if parsed else None


def _moment(raw: str) -> Normal | None:
    """A date with the hour if one is printed; local time has no summer time."""
    clock = _TIME.search(fold(raw))
    parsed = parse_date(_TIME.sub(" ", fold(raw)).rstrip(" ,") if clock else raw)
    if parsed is None or clock is None:
        return _date(raw)
    day, repaired = parsed
    try:
        moment = datetime(day.year, day.month, day.day, int(clock[1]), int(clock[2] or clock[3] or 0), tzinfo=LOCAL)
    except ValueError:
        return None
    return Normal(moment.isoformat(), repaired)


def _digits(raw: str) -> Normal | None:
    value = "".join(char for char in raw if char.isdigit())
    return Normal(value) if value else None


def _repaired_digits(raw: str) -> Normal | None:
    printed = re.sub(r"[\s.\-]", "", raw)
    value = printed.translate(_SLIPS)
    if not value.isdigit() or sum(char.isdigit() for char in printed) < _LEAST_SURE_DIGITS:
        return None
    return Normal(value, value != printed)


def _identity(raw: str) -> Normal | None:
    found = _repaired_digits(raw)
    return found if found and len(found.value) == _CARD_DIGITS else None


def _business(raw: str) -> Normal | None:
    """Return a tax code of ten digits, with a branch of three behind it, or a person's number that stands for one."""
    found = _repaired_digits(raw)
    return found if found and len(found.value) in _TAX_DIGITS else None


def _money(raw: str) -> Normal | None:
    found = _digits(raw)
    return Normal(str(int(found.value))) if found else None


def _decimal(raw: str) -> Normal | None:
    value = re.sub(r"m[2²]?$", "", "".join(raw.split()))
    value = value.replace(".", "").replace(",", ".") if "," in value else _thousands(value)
    return Normal(value) if re.fullmatch(r"\d+(?:\.\d+)?", value) else None


def _thousands(value: str) -> str:
    """A dot parts thousands; one that cannot is a comma that was misread."""
    return value.replace(".", "") if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", value) else value


def _serial(raw: str) -> Normal | None:
    if not raw[:2].isupper():
        return None
    return Normal(f"{raw[:2]} {raw[2:].strip(' .')}")


def _register(raw: str) -> Normal | None:
    match = re.fullmatch(r"([A-ZĐ]{1,3})\s*[.\-]?\s*(\d\S*)", raw.strip())
    return Normal(f"{match[1]} {match[2]}") if match else None


def _symbol(raw: str) -> Normal | None:
    value = _DASH.sub("-", spaces_collapsed(raw)).strip(" .-")
    return Normal(value) if value[:1].isupper() else None


def _number_symbol(raw: str) -> Normal | None:
    parts = re.fullmatch(r"(\d+[a-z]?)[/|]?((?:19|20)\d{2}/)?(.+)", "".join(raw.split()))
    found = _symbol(parts[3]) if parts else None
    return Normal(f"{parts[1]}/{parts[2] or ''}{found.value}") if parts and found else None


def _dossier_code(raw: str) -> Normal | None:
    """Return the code, what was read for its dots and dashes set right.

    Its parts are so well known (an H, two digits of a province, a day that must be one) that a few letters in the
    places of digits are those digits, and two strokes are the H.
    """
    *before, day, serial = ["", "", *_CODE_DASH.split(raw.strip())]
    agency = _CODE_DOT.sub(".", re.sub(r"(?<=^[HGKA])\s", "", "".join(before).strip(" .,:;")))
    code = parse_code(f"{agency}-{day}-{serial}")
    if code is not None:
        return Normal(code.normal)
    found = _CODE_AGENCY.fullmatch(agency)
    if found is None:
        return None
    letter = found["letter"] if found["letter"] in "HGKA" else "H"
    digits = [part.translate(_CODE_SLIPS) for part in (found["old"] or "", found["unit"], day, serial)]
    slips = sum(
        one != other
        for one, other in zip("".join(digits), (found["old"] or "") + found["unit"] + day + serial, strict=True)
    )
    code = parse_code(f"{digits[0]}{letter}{digits[1]}-{digits[2]}-{digits[3]}")
    return Normal(code.normal, repaired=True) if code and slips <= _MOST_CODE_SLIPS else None


NORMALISERS: dict[str, Callable[[str], Normal | None]] = {
    "text": _text,
    "body": _body,
    "number": _number,
    "printed": _printed,
    "person": _person,
    "citizen": _citizen,
    "called": _called,
    "date": _date,
    "moment": _moment,
    "digits": _digits,
    "identity": _identity,
    "business": _business,
    "money": _money,
    "decimal": _decimal,
    "serial": _serial,
    "register": _register,
    "symbol": _symbol,
    "number_symbol": _number_symbol,
    "dossier_code": _dossier_code,
}
