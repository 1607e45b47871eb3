"""Pages of the site under people: `python -m bench.web [--pages 100] [--users 50] [--seconds 60]`.

One document of many pages (readings stored, all else real) and the small sample set are archived in a home with the
embedded defaults, and `hososo serve` answers on loopback. First one person turns the pages of the long document with
words marked, each page not looked at before; then many people search, look, and watch the rates, with time to think.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from bench.installation import Installation
from bench.thousand import make_source
from samples.make import make

PAGE_MS: Final = 300.0
PERSON_SECONDS: Final = 1.0
_PASSWORD: Final = "một mật khẩu để đo"  # noqa: S105 - of a bench
_FIRST_PASSWORD: Final = "một mật khẩu lúc đầu"  # noqa: S105 - of a bench
_LOGIN: Final = "do.toc.do"
_WORDS: Final = ("khai sinh", "nguyen", "uy ban nhan dan", '"giấy khai sinh"', "ket hon", "dat")
_START_SECONDS: Final = 60.0
_PLAIN: Final = {"content-type": "application/x-www-form-urlencoded"}


@dataclass
class Measured:
    """Seconds of every answer by what was asked for, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield a line for each kind of page: how many answers, and in how many milliseconds."""
        for name, found in sorted(self.seconds.items()):
            yield f"  {name:18} {len(found):5}  " + "  ".join(
                f"{label} {1000 * quantile(found, share):6.0f} ms"
                for label, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))
            )


def quantile(found: list[float], share: float) -> float:
    """Return the smallest of some numbers that a share of them does not exceed."""
    ordered = sorted(found)
    return ordered[max(0, -(-int(share * 1000) * len(ordered) // 1000) - 1)]


@dataclass
class Person:
    """Somebody who is signed in, with a connection of their own."""

    port: int
    measured: Measured
    cookie: str = ""

    def __post_init__(self) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def sign_in(self, password: str = _PASSWORD) -> None:
        """Sign in.

        Raises:
            RuntimeError: The site does not know the password.
        """
        self._send("/login", {"login": _LOGIN, "password": password})
        if not self.cookie:
            raise RuntimeError("nobody is signed in")

    def choose_password(self) -> None:
        """Replace the first password, which somebody else has set, by one's own."""
        self.sign_in(_FIRST_PASSWORD)
        token = re.search(rb'name="csrf" value="([0-9a-f]+)"', self.ask("password", "/password"))
        form = {"csrf": token[1].decode() if token else "", "old": _FIRST_PASSWORD}
        self._send("/password", form | {"new": _PASSWORD, "again": _PASSWORD})

    def _send(self, address: str, form: dict[str, str]) -> None:
        self._line.request("POST", address, urlencode(form), _PLAIN | {"cookie": self.cookie})
        answer = self._line.getresponse()
        answer.read()
        self.cookie = (answer.getheader("set-cookie") or self.cookie).partition(";")[0]

    def ask(self, name: str, address: str) -> bytes:
        """Ask for an address and keep how long the answer took."""
        started = time.monotonic()
        try:
            answer, body = self._get(address)
        except (OSError, http.client.HTTPException) as exc:
            self._line.close()
            self.measured.errors.append(f"{name}: {type(exc).__name__}")
            return b""
        self.measured.seconds[name].append(time.monotonic() - started)
        if answer.status != http.client.OK:
            self.measured.errors.append(f"{name}: {answer.status}")
        return body

    def _get(self, address: str) -> tuple[http.client.HTTPResponse, bytes]:
        """Ask, and as a browser does ask again where the server has hung up while nobody spoke."""
        try:
            self._line.request("GET", address, headers={"cookie": self.cookie})
            answer = self._line.getresponse()
        except http.client.RemoteDisconnected:
            self._line.close()
            self._line.request("GET", address, headers={"cookie": self.cookie})
            answer = self._line.getresponse()
        return answer, answer.read()

    def close(self) -> None:
        """Hang up."""
        self._line.close()


def prepared(folder: Path, pages: int, *, others: bool = True) -> Installation:
    """Return a home with the long document, an account, and the sample set beside it unless there are no others."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    installation = Installation(home, {"listen": f"127.0.0.1:{free_port()}", "profile": "demo"})
    installation.run("init")
    call = [sys.executable, "-m", "bench.thousand", make_source(folder / "long", pages), home]
    subprocess.run(call, env=installation.environment, stdout=subprocess.DEVNULL, check=True)
    if others:
        installation.run("digitise", make(folder / "scans", small=True).target)
    password = folder / "password"
    password.write_text(_FIRST_PASSWORD + "\n", encoding="utf-8")
    words = ("--name", "Đo", "--role", "archivist", "--role", "leader", "--password-file", password)
    installation.run("account", "add", _LOGIN, *words)
    return installation


@contextmanager
def served(installation: Installation) -> Iterator[int]:
    """Serve the site while the block runs; give its port."""
    port = int(installation.settings["listen"].rpartition(":")[2])
    call = [sys.executable, "-c", "from hososo.main import main; main()", "serve"]
    process = subprocess.Popen(
        call,
        env=installation.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(process, port)
        yield port
    finally:
        process.terminate()
        process.wait(60)


def turned(port: int, pages: int) -> Measured:
    """Turn the pages of the long document, words marked, no page twice; then some of them again."""
    person = Person(port, Measured())
    person.choose_password()
    person.sign_in()
    document = _documents(person, "trang")[0]
    person.measured = Measured()
    order = list(range(1, pages + 1))
    random.Random(7).shuffle(order)  # noqa: S311 - of a bench
    for number in order:
        person.ask("page, words marked", f"/documents/{document}?page={number}&q=nguyen")
        person.ask("picture, new", f"/documents/{document}/pages/{number}/screen.jpg")
    for number in order[-20:]:
        person.ask("picture, again", f"/documents/{document}/pages/{number}/screen.jpg")
    person.close()
    return person.measured


def crowded(port: int, users: int, seconds: float, think: float) -> Measured:
    """Have many people at work at once for so long."""
    first = Person(port, Measured())
    first.sign_in()
    documents = _documents(first, "nguyen")
    first.close()
    measured, end = Measured(), time.monotonic() + seconds
    people = [
        threading.Thread(target=_work, args=(Person(port, measured, first.cookie), documents, think, end, number))
        for number in range(users)
    ]
    for one in people:
        one.start()
    for one in people:
        one.join()
    return measured


def _work(person: Person, documents: list[str], think: float, end: float, seed: int) -> None:
    """Search, look at what was found with its picture, look at the rates: again and again."""
    dice = random.Random(seed)  # noqa: S311 - of a bench
    time.sleep(dice.uniform(0, think))
    while time.monotonic() < end:
        word = dice.choice(_WORDS)
        person.ask("search", f"/search?{urlencode({'q': word})}")
        _pause(dice, think, end)
        document = dice.choice(documents)
        person.ask("document", f"/documents/{document}?{urlencode({'q': word})}")
        person.ask("picture", f"/documents/{document}/pages/1/screen.jpg")
        _pause(dice, think, end)
        if dice.random() < 0.2:  # noqa: PLR2004 - one in five looks at the rates
            person.ask("dashboard", "/dashboard")
            _pause(dice, think, end)
    person.close()


def _pause(dice: random.Random, think: float, end: float) -> None:
    time.sleep(max(0.0, min(dice.uniform(0.5, 1.5) * think, end - time.monotonic())))


def _documents(person: Person, words: str) -> list[str]:
    found = re.findall(rb"/documents/([0-9a-z-]+)\?", person.ask("search", f"/search?{urlencode({'q': words})}"))
    return sorted({each.decode() for each in found})


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"hososo serve ended with {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("hososo serve does not answer")


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def report(pages: int, users: int, turning: Measured, crowd: Measured) -> Iterator[str]:
    """Yield the lines of the report, with what is asked for."""
    yield f"A document of {pages} pages, one after the other ({os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}):"
    yield from turning.lines()
    slow = 1000 * max(turning.seconds["page, words marked"])
    yield f"  slowest page {slow:.0f} ms   target < {PAGE_MS:.0f} ms: {'met' if slow < PAGE_MS else 'MISSED'}"
    everything = [second for found in crowd.seconds.values() for second in found]
    yield f"{users} people at once, {len(everything)} answers:"
    yield from crowd.lines()
    late = quantile(everything, 0.95)
    good = late < PERSON_SECONDS and not crowd.errors
    yield f"  p95 {1000 * late:.0f} ms, {len(crowd.errors)} errors   target < 1 s, none: {'met' if good else 'MISSED'}"
    yield from (f"  {error}" for error in [*turning.errors, *crowd.errors][:10])


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--pages", type=int, default=100, help="pages of the long document")
    options.add_argument("--users", type=int, default=50, help="people at once")
    options.add_argument("--seconds", type=float, default=60.0, help="how long they work")
    options.add_argument("--think", type=float, default=5.0, help="seconds between two pages of one person")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="hososo-web-") as name:
        installation = prepared(Path(name), chosen.pages)
        with served(installation) as port:
            turning = turned(port, chosen.pages)
            crowd = crowded(port, chosen.users, chosen.seconds, chosen.think)
    for line in report(chosen.pages, chosen.users, turning, crowd):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
