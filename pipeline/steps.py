"""The table of contents of the product: which function runs which step."""

from __future__ import annotations

from collections.abc import Callable

from dossier.states import Step
from pipeline.archive import archive
from pipeline.assemble import assemble
from pipeline.closing import close
from pipeline.identify import identify
from pipeline.read import read
from pipeline.receive import receive
from pipeline.render import render
from pipeline.services import Services
from pipeline.sign import sign

STEPS: dict[Step, Callable[[str, Services], None]] = {
    Step.RECEIVE: receive,
    Step.READ: read,
    Step.ASSEMBLE: assemble,
    Step.CLASSIFY: identify,
    Step.RENDER: render,
    Step.SIGN: sign,
    Step.ARCHIVE: archive,
    Step.CLOSE: close,
}
