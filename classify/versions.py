"""Which rules, which model of words and which weights of confidence made a value."""

from __future__ import annotations

from collections.abc import Mapping

from classify.confidence import load_confidence
from classify.rules import Rules
from classify.text_model import load_text_model


def versions(rules: Rules) -> Mapping[str, str]:
    """Return the version of each part by its name in events: `rules`, `words`, `sureness`."""
    return {
        "rules": f"{rules.version}-{rules.digest}",
        "words": load_text_model(rules.folder).version,
        "sureness": load_confidence(rules.folder).version,
    }


def stamped(source: str, rules: Rules, agreed: str = "") -> str:
    """Return a value's origin as it is stored: rule, versions of what made it, and which other source has it too."""
    return "@".join((source, "/".join(versions(rules).values()))) + (f"+{agreed}" if agreed else "")
