"""Commands that stay: they end what they started, whichever signal ends them."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from typing import TypeVar

__all__ = ["foreground"]

Result = TypeVar("Result")


def foreground(main: Callable[[asyncio.Event], Awaitable[Result]], *, interrupt: bool) -> Result:
    """Run ``main``; it is given an event that SIGINT, SIGTERM and SIGHUP set.

    With ``interrupt`` they cancel it instead, and the command is interrupted: its ``finally`` blocks run, and it ends
    as after Ctrl-C.

    Raises:
        KeyboardInterrupt: it was cancelled by a signal.
    """
    logging.getLogger("uvicorn").setLevel(logging.WARNING)  # that a local server starts and ends is no news

    async def supervised() -> Result:
        stop = asyncio.Event()
        task = asyncio.ensure_future(main(stop))
        loop = asyncio.get_running_loop()

        def on_signal() -> None:
            if interrupt or stop.is_set():
                task.cancel()
            stop.set()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, on_signal)
        try:
            return await task
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None

    return asyncio.run(supervised())
