"""SIGTERM and SIGINT, counted: the first asks for a graceful stop, the second for a quick one, the third kills."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Generator

__all__ = ["stop_signals"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def stop_signals(
    loop: asyncio.AbstractEventLoop, *, on_first: Callable[[], None], on_second: Callable[[], None]
) -> Generator[None]:
    """Call back for the first and the second signal; from the third on the former handlers are in force again.

    Outside of the main thread, and where asyncio has no signal handlers (Windows), nothing is installed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = {number: signal.getsignal(number) for number in _SIGNALS}
    count = 0

    def restore() -> None:
        for number, handler in former.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)

    def handle() -> None:
        nonlocal count
        count += 1
        if count == 1:
            on_first()
        elif count == 2:  # noqa: PLR2004
            on_second()
            restore()

    try:
        for number in _SIGNALS:
            loop.add_signal_handler(number, handle)
    except NotImplementedError:
        yield
        return
    try:
        yield
    finally:
        if count < 2:  # noqa: PLR2004
            restore()
