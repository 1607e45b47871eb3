"""Bodies that are read as they come, piece by piece, and written away before they are whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from dossier.digest import CHUNK


async def take_body(stream: AsyncIterator[bytes], write: Callable[[bytes], object], silent_seconds: float) -> bool:
    """Write what comes; return whether it was cut off: what had come until then is written.

    Args:
        stream: The body.
        write: Called in a thread, with a megabyte or so at a time.
        silent_seconds: How long nothing may come.
    """
    waiting = b""
    try:
        async for chunk in _in_time(stream, silent_seconds):
            waiting += chunk
            if len(waiting) >= CHUNK:
                await run_in_threadpool(write, waiting)
                waiting = b""
    except (ClientDisconnect, TimeoutError):
        await run_in_threadpool(write, waiting)
        return True
    await run_in_threadpool(write, waiting)
    return False


async def _in_time(stream: AsyncIterator[bytes], silent_seconds: float) -> AsyncIterator[bytes]:
    """Yield what comes, as long as something does in time."""
    with suppress(StopAsyncIteration):
        while True:
            yield await asyncio.wait_for(anext(stream), silent_seconds)
