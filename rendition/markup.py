"""Writes XML: every element is closed, every value escaped."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from xml.sax.saxutils import escape, quoteattr

_NONE: Mapping[str, object] = MappingProxyType({})
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Markup:
    """An XML document in the making. Attributes that are None are left out."""

    def __init__(self, head: str = "") -> None:
        """Begin with the declaration and what else stands before the root."""
        self._out = io.StringIO()
        self._out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{head}')

    @contextmanager
    def element(self, name: str, attributes: Mapping[str, object] = _NONE) -> Iterator[None]:
        """Write an element around what is written meanwhile."""
        self._out.write(f"<{name}{_written(attributes)}>\n")
        yield
        self._out.write(f"</{name}>\n")

    def leaf(self, name: str, text: str = "", attributes: Mapping[str, object] = _NONE) -> None:
        """Write an element with nothing but text in it."""
        inner = f">{escape(_allowed(text))}</{name}>" if text else "/>"
        self._out.write(f"<{name}{_written(attributes)}{inner}\n")

    def finished(self) -> bytes:
        """Return the document."""
        return self._out.getvalue().encode()


def _written(attributes: Mapping[str, object]) -> str:
    given = ((name, _allowed(str(value))) for name, value in attributes.items() if value is not None)
    return "".join(f" {name}={quoteattr(value)}" for name, value in given)


def _allowed(text: str) -> str:
    """Return text with the characters that no XML document may hold replaced by U+FFFD."""
    return _NOT_IN_XML.sub("\ufffd", text)
