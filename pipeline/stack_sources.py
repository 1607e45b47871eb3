"""From a delivery back to the stack that its pages were cut from."""

from __future__ import annotations

from pathlib import Path

from catalog import hand_overs, stacks
from pipeline.services import Services

STACK_KEY = "stack."
"""How the keys of hand-overs begin that are parts of stacks; stack, position and attempt follow."""


def sources_of(intake_id: str, services: Services) -> list[tuple[Path, str]]:
    """Return the files that the pages of a delivery were cut from, each with its digest: where they lay, if at all.

    A delivery that did not come out of a stack has none.
    """
    with services.catalogue.read() as tx:
        own = hand_overs.of_intake(tx, intake_id)
        if own is None or not own.key.startswith(STACK_KEY):
            return []
        stack_id, position, *_ = own.key.removeprefix(STACK_KEY).split(".")
        stack = stacks.find(tx, stack_id)
        parts = [each for each in stacks.parts(tx, stack_id) if str(each.position) == position]
    if stack is None:
        return []
    files = {stack.files[page.file] for each in parts for page in each.part.pages}
    return [(Path(stack.folder) / file.name, file.sha256) for file in files]
