"""What a scanner may answer: odd spellings are understood, anything else is a fault and nothing worse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.errors import Code, Rejected, Unavailable
from station.escl.answers import Capabilities, SourceCapabilities, capabilities, status
from station.escl.scanning import settings_xml
from station.settings import ScanSettings

_CAPS = """<a:ScannerCapabilities xmlns:a="x" xmlns:b="y"><b:MakeAndModel> Máy </b:MakeAndModel><a:Platen>
<a:PlatenInputCaps><a:MaxWidth>2480</a:MaxWidth><a:MaxHeight>-1</a:MaxHeight><a:ColorMode>RGB24</a:ColorMode>
<a:SupportedResolutions>{resolutions}</a:SupportedResolutions></a:PlatenInputCaps></a:Platen></a:ScannerCapabilities>"""
_RANGE = """<a:ResolutionRange><a:XResolutionRange><a:Min>75</a:Min><a:Max>600</a:Max><a:Normal>300</a:Normal>
<a:Step>50</a:Step></a:XResolutionRange></a:ResolutionRange>"""


def _able(*resolutions: int, steps: tuple[int, int, int] | None = None) -> Capabilities:
    source = SourceCapabilities(("RGB24",), ("image/jpeg",), resolutions, steps, 2550, 3508)
    return Capabilities("x", "2.0", {"feeder": source})


def test_name_spaces_do_not_matter() -> None:
    """Makers choose their own; numbers that are none are left out."""
    found = capabilities(_CAPS.format(resolutions=_RANGE).encode())
    glass = found.sources["flatbed"]
    assert (found.name, found.version, glass.width, glass.height) == ("Máy", "2.0", 2480, 3508)
    assert [glass.resolution(wanted) for wanted in (60, 75, 76, 300, 600, 601)] == [75, 75, 125, 325, 600, None]


@pytest.mark.parametrize(("wanted", "given_dpi"), [(300, 300), (250, 300), (301, 600)])
def test_the_next_higher_resolution(wanted: int, given_dpi: int) -> None:
    """Never a lower one."""
    text = settings_xml(_able(200, 300, 600), ScanSettings(resolution=wanted)).decode()
    assert f"<scan:XResolution>{given_dpi}<" in text
    with pytest.raises(Rejected) as refused:
        settings_xml(_able(200), ScanSettings(resolution=300))
    assert (refused.value.code, refused.value.subject) == (Code.SCANNER_UNFIT, "300")


@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300).map(lambda text: f"<ScannerStatus>{text}</ScannerStatus>".encode()),
    )
)
def test_anything_else_is_a_fault(data: bytes) -> None:
    """No error that is not ours."""
    assert all(_fault_of(read, data) in (None, Code.SCANNER_FAULT) for read in (capabilities, status))


def _fault_of(read: Callable[[bytes], object], data: bytes) -> Code | None:
    try:
        read(data)
    except Unavailable as exc:
        return exc.code
    return None


def test_entities_and_depth() -> None:
    """A bomb of entities is refused, deep nesting is survived."""
    bomb = b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><ScannerStatus>&b;</ScannerStatus>'
    with pytest.raises(Unavailable):
        status(bomb)
    with pytest.raises(Unavailable):
        status(b"<a>" * 100_000)
    deep = b"<ScannerStatus>" + b"<a>" * 50_000 + b"</a>" * 50_000 + b"</ScannerStatus>"
    assert status(deep).state == ""
