"""The child's side of a token: loads the driver, answers requests, ends with its parent.

A driver is a vendor's library in this process: it may print, hang and crash. So the answers have a channel of their
own, and a second thread watches for the parent's end, which a hanging driver must not survive.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from typing import IO, Any

from signing.token_driver import Failed, Token

Message = dict[str, Any]


def serve() -> int:
    """Answer requests from standard input until it is closed."""
    answers = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)  # what the driver prints goes nowhere
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    busy = threading.Event()
    threading.Thread(target=_watch, args=(sys.stdin.buffer, requests, busy), daemon=True).start()
    token = Token()
    while line := requests.get():
        busy.set()
        answers.write(json.dumps(_answer(token, json.loads(line))).encode() + b"\n")
        answers.flush()
        busy.clear()
    token.close()
    return 0


def _watch(stream: IO[bytes], requests: queue.SimpleQueue[bytes], busy: threading.Event) -> None:
    """Pass requests on; when the parent is gone, end at once if the driver is at work, in order if it is not."""
    while line := stream.readline():
        requests.put(line)
    if busy.is_set():
        os._exit(1)
    requests.put(b"")


def _answer(token: Token, request: Message) -> Message:
    try:
        return {"ok": _do(token, request)}
    except Failed as exc:
        return {"failed": exc.code.value, "detail": exc.detail}


def _do(token: Token, request: Message) -> Message:
    match request["do"]:
        case "list":
            return {"tokens": token.listed(request["driver"])}
        case "find":
            return token.find(request["driver"], request["label"], request["serial"])
        case "shown":
            return token.shown(request["key_label"], request["key_id"])
        case "login":
            return token.login(request["pin"], request["key_label"], request["key_id"])
        case "sign":
            value = token.sign(bytes.fromhex(request["data"]), request["scheme"], request["digest"])
            return {"value": value.hex()}
        case other:
            raise ValueError(other)
