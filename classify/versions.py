"""Which rules, which model of words and which weights of confidence made a value."""

from __future__ import annotations

import re
from collections.abc import Mapping

from classify.confidence import load_confidence
from classify.roles import load_roles
from classify.rules import Rules
from classify.text_model import load_text_model

_AGAIN = "*"
_SAID = re.compile(r"@.*([+~!])([a-z_]+)$")


def versions(rules: Rules) -> Mapping[str, str]:
    """Return the version of each part by its name in events: `rules`, `words`, `sureness`, `roles`."""
    return {
        "rules": f"{rules.version}-{rules.digest}",
        "words": load_text_model(rules.folder).version,
        "sureness": load_confidence(rules.folder).version,
        "roles": load_roles(rules.folder).version,
    }


def stamped(source: str, rules: Rules, agreed: str = "", held: str = "", again: str = "") -> str:
    """Return a value's origin as it is stored: rule, versions of what made it, and what another source said of it.

    `+` and the name of a source that has the same, `~` of one whose spelling it has, `!` of one that speaks against it.
    Before it stands `*` with what a second reading said (`ExtractedField.again`).
    """
    made = "@".join((source, "/".join(versions(rules).values())))
    return made + (f"{_AGAIN}{again}" if again else "") + (f"+{agreed}" if agreed else held)


def was_read_again(origin: str) -> bool:
    """Return whether a stored value's origin tells of a second reading."""
    return _AGAIN in origin


def said_of(origin: str) -> tuple[str, str] | None:
    """Return what another source said of a value (`+`, `~` or `!`) and which, from its stored origin; None for none."""
    found = _SAID.search(origin)
    return (found[1], found[2]) if found else None
