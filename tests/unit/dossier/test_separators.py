"""What the codes of separator sheets say, and which are believed."""

from __future__ import annotations

import pytest

from dossier.separators import ReadSeparator, Separator, SheetKind, is_of_our_kind, parse_separator, payload

_KEY, _OTHER = b"k" * 32, b"o" * 32
_CODE = "H15.50.05.13-261008-0975"
_OWN = Separator(SheetKind.DOSSIER, _CODE, "GIAY_KHAI")


@pytest.mark.parametrize(
    "own",
    [
        Separator(SheetKind.DOSSIER, _CODE),
        _OWN,
        Separator(SheetKind.DOSSIER, "000.00.15.H40-180601-0001", "to-khai"),
        Separator(SheetKind.BOX, "Kho 1/Giá 2/Hộp 15"),
    ],
)
def test_what_is_printed_is_what_is_read(own: Separator) -> None:
    """Of both kinds, with and without a component, and it is believed."""
    read = parse_separator(payload(own, _KEY))
    assert read is not None
    assert read.separator == own
    assert read.confirmed_by(_KEY)


def test_a_sheet_of_another_installation_is_not_confirmed() -> None:
    """Its form is ours, its check is not."""
    read = parse_separator(payload(_OWN, _OTHER))
    assert read is not None
    assert not read.confirmed_by(_KEY)


def test_every_sign_counts() -> None:
    """Whatever is changed of a code, it is no code of ours or not confirmed."""
    text = payload(_OWN, _KEY)
    for at, sign in enumerate(text):
        other = "A" if sign != "A" else "B"
        read = parse_separator(text[:at] + other + text[at + 1 :])
        assert read is None or not read.confirmed_by(_KEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://vi-du.vn/tra-cuu",
        "H15.50.05.13-261008-0975",
        "HOSOSO:2:D:H15.50.05.13-261008-0975::AAAA",
        "HOSOSO:1:D:H15.50.05.13-269908-0975::AAAA",
        "HOSOSO:1:D:h15.50.05.13-261008-0975::AAAA",
        "HOSOSO:1:D:H15.50.05.13-261008-0975:../x:AAAA",
        "HOSOSO:1:B: :x:AAAA",
        "HOSOSO:1:B:hộp\n2::AAAA",
        "HOSOSO:1:X:hộp::AAAA",
        "099175004461|123456789|Nguyễn Văn A|01011990|Nam|Hà Nội|01012021",
        "HOSOSO:" * 100,
    ],
)
def test_others_codes_are_none_of_ours(text: str) -> None:
    """Nothing of another form, version or day is taken for a sheet."""
    assert parse_separator(text) is None


def test_a_check_of_odd_signs_is_no_error() -> None:
    """What a hostile code puts where the check stands is compared, not decoded."""
    assert not ReadSeparator(_OWN, "đ" * 16).confirmed_by(_KEY)


def test_a_newer_version_is_told_as_ours() -> None:
    """So that a person looks at it, instead of it being passed over as somebody else's code."""
    assert is_of_our_kind("HOSOSO:2:anything")
    assert not is_of_our_kind("https://vi-du.vn")


def test_no_sheet_without_a_subject() -> None:
    """What is printed can be read again: nothing else is printed."""
    for kind, subject, component in (
        (SheetKind.DOSSIER, "x", ""),
        (SheetKind.BOX, "a:b", ""),
        (SheetKind.BOX, "a", "b"),
    ):
        with pytest.raises(ValueError, match="no subject"):
            Separator(kind, subject, component)
