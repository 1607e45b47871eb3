"""QR codes as one-stop software prints them on its slips and the state on identity cards."""

from __future__ import annotations

import cv2
from PIL import Image

from samples.sheet import Sheet

_QUIET = 3


def draw_qr(sheet: Sheet, corner: tuple[float, float], text: str, size: float = 20.0) -> None:
    """Draw `text` as a QR code of about `size` millimetres."""
    modules = cv2.QRCodeEncoder.create().encode(text)
    pixel = max(2, sheet.px(size) // (modules.shape[0] + _QUIET))
    image = Image.fromarray(modules).resize(
        (modules.shape[1] * pixel, modules.shape[0] * pixel), Image.Resampling.NEAREST
    )
    sheet.image.paste(image.convert("RGB"), (sheet.px(corner[0]), sheet.px(corner[1])))
