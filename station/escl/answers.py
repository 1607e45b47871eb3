"""What scanners answer, as XML of whoever is on the network: bounded, without entities, whatever the name spaces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from dossier.errors import Code, Unavailable

LONGEST = 1 << 20
_SOURCES = {"PlatenInputCaps": "flatbed", "AdfSimplexInputCaps": "feeder", "AdfDuplexInputCaps": "duplex"}
_MOST = 200


class Element(Protocol):
    """What of an element is looked at."""

    @property
    def tag(self) -> object:
        """Its name, a text unless it is a comment."""

    @property
    def text(self) -> str | None:
        """What stands right in it."""

    def iter(self) -> Iterator[Element]:
        """Yield the element and all below it."""

    def __iter__(self) -> Iterator[Element]:
        """Yield what is right below it."""


@dataclass(frozen=True, slots=True)
class SourceCapabilities:
    """What one source of papers can do; `resolutions` in dots per inch, a range as its ends and the step.

    Widths and heights are in 1/300 inch.
    """

    colours: tuple[str, ...]
    formats: tuple[str, ...]
    resolutions: tuple[int, ...]
    steps: tuple[int, int, int] | None
    width: int
    height: int

    def resolution(self, wanted: int) -> int | None:
        """Return the wanted resolution, else the next higher one; None: there is none."""
        if self.steps is not None:
            least, most, step = self.steps
            if wanted <= most:
                return min(most, max(least, least + -(-(wanted - least) // step) * step))
        return min((each for each in self.resolutions if each >= wanted), default=None)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a scanner can do, by source: `flatbed`, `feeder`, `duplex`."""

    name: str
    version: str
    sources: dict[str, SourceCapabilities]


@dataclass(frozen=True, slots=True)
class Status:
    """How a scanner is (`Idle`, `Processing`, `Stopped`), and its feeder (`ScannerAdfLoaded`, `ScannerAdfJam`)."""

    state: str
    feeder: str


def capabilities(data: bytes) -> Capabilities:
    """Return what ScannerCapabilities says.

    Raises:
        Unavailable(SCANNER_FAULT): It cannot be understood.
    """
    root = _parsed(data, "ScannerCapabilities")
    sources = {_SOURCES[_name(each)]: _source(each) for each in root.iter() if _name(each) in _SOURCES}
    return Capabilities(_text(root, "MakeAndModel")[:100], _text(root, "Version")[:10] or "2.0", sources)


def status(data: bytes) -> Status:
    """Return what ScannerStatus says; errors as `capabilities`."""
    root = _parsed(data, "ScannerStatus")
    return Status(next((each.text or "" for each in root if _name(each) == "State"), ""), _text(root, "AdfState"))


def _source(own: Element) -> SourceCapabilities:
    return SourceCapabilities(
        colours=_texts(own, "ColorMode"),
        formats=tuple(dict.fromkeys((*_texts(own, "DocumentFormatExt"), *_texts(own, "DocumentFormat")))),
        resolutions=tuple(sorted(set(_numbers(own, "XResolution")))),
        steps=_steps(own),
        width=max(_numbers(own, "MaxWidth"), default=2550),
        height=max(_numbers(own, "MaxHeight"), default=3508),
    )


def _steps(own: Element) -> tuple[int, int, int] | None:
    for each in own.iter():
        if _name(each) == "XResolutionRange":
            least, most, step = (_numbers(each, name)[:1] for name in ("Min", "Max", "Step"))
            if least and most and least[0] <= most[0]:
                return least[0], most[0], max(1, step[0] if step else 1)
    return None


def _parsed(data: bytes, name: str) -> Element:
    try:
        if len(data) > LONGEST:
            raise _fault("too long")
        root: Element = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as exc:
        raise _fault(type(exc).__name__) from exc
    if _name(root) != name:
        raise _fault(f"no {name}")
    return root


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _texts(own: Element, name: str) -> tuple[str, ...]:
    found = ((each.text or "").strip()[:100] for each in own.iter() if _name(each) == name)
    return tuple(dict.fromkeys(text for text in found if text))[:_MOST]


def _text(own: Element, name: str) -> str:
    return next(iter(_texts(own, name)), "")


def _numbers(own: Element, name: str) -> list[int]:
    return [int(text) for text in _texts(own, name) if text.isascii() and text.isdigit() and len(text) < 6]  # noqa: PLR2004


def _fault(detail: str) -> Unavailable:
    return Unavailable(Code.SCANNER_FAULT, detail)
