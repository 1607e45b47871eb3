"""The one place that knows WeasyPrint: a page becomes PDF/A-2b, and nothing is fetched for it.

Loaded only when something is printed: it takes a second, and Pango and HarfBuzz of the system.
"""

from __future__ import annotations

import warnings
from hashlib import sha256

from PIL import ImageFile

_damaged_images = ImageFile.LOAD_TRUNCATED_IMAGES
import weasyprint  # noqa: E402 - it has Pillow take cut pictures for whole ones, for all of the process

ImageFile.LOAD_TRUNCATED_IMAGES = _damaged_images

_VARIANT = "pdf/a-2b"


class _Nothing(weasyprint.urls.URLFetcher):  # type: ignore[misc]  # a library without types
    """Fetches nothing."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> weasyprint.urls.URLFetcherResponse:
        """Refuse: a printed page is made of what it says itself."""
        del headers
        raise weasyprint.urls.FatalURLFetchingError(f"a printed page asks for {url[:20]}")


def rendered(html: str) -> bytes:
    """Return a page as PDF/A-2b, the same bytes for the same page.

    Raises:
        RuntimeError: The page asks for something outside itself (a bug).
    """
    with warnings.catch_warnings():
        # WeasyPrint leaves the file of its own colour profile to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        document = weasyprint.HTML(string=html, base_url=None, url_fetcher=_Nothing(), media_type="print")
        try:
            made: bytes = document.write_pdf(pdf_variant=_VARIANT, pdf_identifier=sha256(html.encode()).digest()[:16])
        except weasyprint.urls.FatalURLFetchingError as exc:  # which is no Exception
            raise RuntimeError(str(exc)) from exc
    return made
