"""The few PDF objects that a scanner or an office program writes: no clock, no library, the same bytes each time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

HEADER = b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n"


@dataclass(slots=True)
class Objects:
    """Numbered objects of one file, written in order; object 1 is the catalogue, object 2 the page tree."""

    bodies: list[bytes] = field(default_factory=lambda: [b"", b""])
    pages: list[int] = field(default_factory=list)

    def add(self, body: bytes) -> int:
        """Add an object; return its number."""
        self.bodies.append(body)
        return len(self.bodies)

    def stream(self, entries: str, data: bytes) -> int:
        """Add a stream object with its dictionary entries; return its number."""
        head = f"<< {entries} /Length {len(data)} >>\nstream\n".encode()
        return self.add(head + data + b"\nendstream")

    def page(self, size: tuple[float, float], resources: str, content: bytes) -> None:
        """Add a page of `size` points that shows `content`."""
        shown = self.stream("", content)
        body = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]:.2f} {size[1]:.2f}] "
            f"/Resources << {resources} >> /Contents {shown} 0 R >>"
        )
        self.pages.append(self.add(body.encode()))

    def written(self, producer: str) -> bytes:
        """Return the file: header, objects, cross-reference table, trailer."""
        self.bodies[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
        kids = " ".join(f"{number} 0 R" for number in self.pages)
        self.bodies[1] = f"<< /Type /Pages /Count {len(self.pages)} /Kids [{kids}] >>".encode()
        info = self.add(f"<< /Producer ({producer}) >>".encode())
        out = bytearray(HEADER)
        offsets = []
        for number, body in enumerate(self.bodies, start=1):
            offsets.append(len(out))
            out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
        return bytes(out + self._tail(len(out), offsets, info, hashlib.sha256(out).hexdigest()[:32]))

    def _tail(self, start: int, offsets: list[int], info: int, digest: str) -> bytes:
        rows = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
        size = len(offsets) + 1
        trailer = f"trailer\n<< /Size {size} /Root 1 0 R /Info {info} 0 R /ID [<{digest}> <{digest}>] >>\n"
        return f"xref\n0 {size}\n0000000000 65535 f \n{rows}{trailer}startxref\n{start}\n%%EOF\n".encode()
