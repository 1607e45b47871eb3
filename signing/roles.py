"""In whose name a signature of ours stands: told by the name of its field, which the signature covers."""

from __future__ import annotations

import re

from dossier.states import SignerRole

FIELD_NAMES = {SignerRole.OFFICER: "hososo-officer-{number}", SignerRole.AGENCY: "hososo-{number}"}

_PATTERNS = {role: re.compile(re.escape(name).replace(r"\{number\}", "[0-9]+")) for role, name in FIELD_NAMES.items()}


def role_of(field: str) -> SignerRole | None:
    """Return the role that a field's name states; None for a field that is not ours.

    It is what the file says: whoever writes a file names its fields. That a key may sign in a role is checked when it
    signs, and what an archived file must state is kept outside it.
    """
    return next((role for role, pattern in _PATTERNS.items() if pattern.fullmatch(field)), None)
