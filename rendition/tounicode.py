"""Maps of character codes to Unicode (ISO 32000-1, 9.10.3)."""

from __future__ import annotations

from collections.abc import Mapping

_AT_ONCE = 100  # entries that one block may hold
_HEAD = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
_TAIL = b"""endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def cmap(codes: Mapping[int, str]) -> bytes:
    """Return the map of two-byte codes to the text each stands for."""
    entries = [
        b"<%04X> <%s>\n" % (code, text.encode("utf-16-be").hex().upper().encode())
        for code, text in sorted(codes.items())
    ]
    blocks = (entries[start : start + _AT_ONCE] for start in range(0, len(entries), _AT_ONCE))
    body = b"".join(b"%d beginbfchar\n" % len(block) + b"".join(block) + b"endbfchar\n" for block in blocks)
    return _HEAD + body + _TAIL
