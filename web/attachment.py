"""Files that a page gives to be kept, under a name without anything about people."""

from __future__ import annotations

from starlette.responses import Response

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
"""What kinds of files reports come as, by the ending of their names."""


def attachment(data: bytes, name: str, media_type: str) -> Response:
    """Return a file that the browser keeps under a name."""
    return Response(data, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})
