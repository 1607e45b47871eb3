"""Names of things while they are worked on: made of ids, never random, never with personal data."""

from __future__ import annotations

from dossier.states import SignerRole


def source_name(file_id: str) -> str:
    """Name of a source file in the holding area."""
    return f"file-{file_id}"


def page_name(page_id: str) -> str:
    """Name of a page's image in the holding area."""
    return f"page-{page_id}"


def signed_name(sha256: str) -> str:
    """Name of a signed file in the holding area, by its own digest: two workers' signatures never mix."""
    return f"signed-{sha256}"


def signing_note_name(source_sha256: str, role: SignerRole = SignerRole.AGENCY) -> str:
    """Name of the note in the holding area that tells what was signed in a role, by what it was made of."""
    return f"{'comparing' if role is SignerRole.OFFICER else 'signing'}-{source_sha256}"


def reading_name(page_id: str) -> str:
    """Name of a page's reading in the holding area."""
    return f"reading-{page_id}"
