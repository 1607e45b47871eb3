"""Whether the parts that work depends on can be reached: each asked by itself, with a time limit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

import structlog

from dossier.errors import Code, HososoError
from web.bounded import Bounded

SECONDS = 5.0
_FRESH_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Part:
    """One part that is looked at.

    Attributes:
        name: What `/readyz` calls it.
        check: Raises a HososoError when the part is not in order; called in a thread.
        late: The code of a part that does not answer in time.
    """

    name: str
    check: Callable[[], None]
    late: Code


@dataclass(frozen=True, slots=True)
class Answer:
    """What each part said: None, or the code of what is wrong with it.

    Codes only: the detail of an error may name a host, an account or a path, and anybody may ask.
    """

    parts: Mapping[str, Code | None]

    @property
    def ready(self) -> bool:
        """Whether every part is in order."""
        return not any(self.parts.values())

    def as_json(self) -> dict[str, Any]:
        """Return the answer as `/readyz` gives it."""
        told = {
            name: {"state": "failed", "code": code.value} if code else {"state": "ok"}
            for name, code in self.parts.items()
        }
        return {"ready": self.ready, "parts": told}


class Readiness:
    """Asks all parts at once; an answer serves everybody who asks within the next two seconds.

    Args:
        parts: What to ask.
        seconds: The time limit of each.
    """

    def __init__(self, parts: list[Part], seconds: float = SECONDS) -> None:
        self._parts = [(part, Bounded(part.check, seconds)) for part in parts]
        self._last = Answer({})
        self._until = 0.0
        self._turn = asyncio.Lock()

    async def look(self) -> Answer:
        """Return how the parts are now, or were at most two seconds ago."""
        async with self._turn:
            if monotonic() > self._until:
                codes = await asyncio.gather(*(_ask(part, bounded) for part, bounded in self._parts))
                self._last = Answer({part.name: code for (part, _), code in zip(self._parts, codes, strict=True)})
                self._until = monotonic() + _FRESH_SECONDS
            return self._last


async def _ask(part: Part, bounded: Bounded[None]) -> Code | None:
    try:
        await bounded.ask()
    except TimeoutError:
        return part.late
    except HososoError as exc:
        return exc.code
    except Exception:  # noqa: BLE001 - a request ends here: a part with a bug is not in order, the others are still told
        structlog.get_logger().exception("not_ready", part=part.name)
        return Code.BUG
    return None
