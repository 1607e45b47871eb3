"""What the file says of itself, and the values it is written with."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree as ET

import pytest
from PIL import Image, ImageChops, ImageCms

from rendition import syntax
from rendition.colour import NAME, srgb_profile
from rendition.metadata import xmp
from tests.unit.rendition.scans import meta_for

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def test_the_packet_is_xml_whatever_the_title() -> None:
    """Markup in a title is text, characters that XML cannot hold are left out."""
    packet = xmp(replace(meta_for(1), title="<a> & \x00\ud800b"))
    tree = ET.fromstring(packet)  # noqa: S314 - our own packet
    assert "<a> & b" in [item.text for item in tree.iter(f"{_RDF}li")]


def test_the_packet_starts_as_xmp_asks() -> None:
    """The header has the magic string and neither encoding nor length, which PDF/A forbids."""
    first, *_, last = xmp(meta_for(1)).splitlines()
    assert first == '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    assert last == '<?xpacket end="r"?>'


@pytest.mark.parametrize("change", [{"pages": 0}, {"created_at": datetime(2026, 1, 1)}])  # noqa: DTZ001 - the point
def test_unusable_metadata_is_a_bug(change: dict[str, object]) -> None:
    """No pages, or a time that nobody can place, are refused at once."""
    with pytest.raises(ValueError, match=r"page|time zone"):
        replace(meta_for(1), **change)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.0, b"0"), (-0.00001, b"0"), (100.0, b"100"), (-1.5, b"-1.5"), (1e-9, b"0"), (1e7, b"10000000")],
)
def test_numbers_have_no_exponent(value: float, written: bytes) -> None:
    """PDF reals are plain decimals."""
    assert syntax.number(value) == written


def test_dates_carry_their_offset() -> None:
    """Local time and offset, as ISO 32000-1 7.9.4 writes them."""
    moment = datetime(2026, 11, 22, 8, 40, 15, tzinfo=timezone(timedelta(hours=7)))
    assert syntax.date(moment) == b"(D:20261122084015+07'00')"
    assert syntax.date(moment.astimezone(UTC)) == b"(D:20261122014015+00'00')"


def test_the_profile_is_srgb() -> None:
    """Another implementation reads the profile, and turning its colours to sRGB changes nothing but a rounding."""
    profile = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
    assert ImageCms.getProfileDescription(profile).strip() == NAME
    colours = Image.merge("RGB", [Image.linear_gradient("L").rotate(angle) for angle in (0, 90, 180)])
    turned = ImageCms.profileToProfile(colours, profile, ImageCms.createProfile("sRGB"))
    assert turned is not None
    assert all(sum(band.histogram()[2:]) == 0 for band in ImageChops.difference(turned, colours).split())
