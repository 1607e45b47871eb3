"""The two image types of this package."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Gray: TypeAlias = NDArray[np.uint8]
"""Height x width, 0 ink to 255 paper."""

Image: TypeAlias = NDArray[np.uint8]
"""`Gray`, or height x width x 3 in OpenCV's channel order blue, green, red."""

Mask: TypeAlias = NDArray[np.uint8]
"""Height x width, 0 or 255."""


def is_colour(image: Image) -> bool:
    """Return whether the image has three channels."""
    return image.ndim == 3  # noqa: PLR2004 - height, width, channels
