"""Functions that a confined child is asked to run."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from dossier.errors import Code, Rejected

_MEMORY: list[object] = []


def process_id() -> int:
    """Return who runs it."""
    return os.getpid()


def reject(subject: str) -> None:
    """Raise as a decoder would."""
    raise Rejected(Code.IMAGE_DAMAGED, "made for the test", subject=subject)


def sleep(seconds: float) -> None:
    """Wait without computing."""
    time.sleep(seconds)


def spin() -> None:
    """Compute for ever."""
    while True:
        pass


def fill(size: int) -> int:
    """Take memory and say how much."""
    return len(bytearray(size))


def die(number: int) -> str:
    """End by a signal, unless it is 0."""
    if number:
        os.kill(os.getpid(), number)
    return "alive"


def remember(value: object) -> None:
    """Set up."""
    _MEMORY.append(value)


def remembered() -> object:
    """Return what setup was given."""
    return _MEMORY[0]


def hang_up() -> None:
    """Close every descriptor and live on."""
    os.closerange(3, 1 << 16)  # the parent may have many open, and ours has the number that it had there
    time.sleep(60)


def stumble(*names: str) -> None:
    """Fail with a message that holds a name."""
    raise ValueError(" ".join(names))


def start_a_program(place: str) -> None:
    """Start a program that outlives the call, name its process and wait."""
    program = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    Path(place).write_text(str(program.pid), encoding="utf-8")
    program.wait()


def stand_still_once(place: str) -> str:
    """Stop as a sleeping machine does, the first time; answer after that."""
    if not Path(place).exists():
        Path(place).touch()
        os.kill(os.getpid(), signal.SIGSTOP)
    return "awake"
