"""What a worker does for it: begins to record when it starts. The end comes when the app's connections are closed."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from aias.diagnostics.recorder import start_recording, stop_recording
from aias.jobs import connector_of
from aias.logs import scrub_handlers

if TYPE_CHECKING:
    from aias.jobs import AiasWorker

__all__ = ["Recording"]

_recorded: set[str] = set()


class Recording:
    """The side task (``aias.jobs.SideTask``) of one worker."""

    name = "recording"
    channels: Sequence[str] = ()

    def __init__(self, worker: AiasWorker) -> None:
        self._worker = worker

    def hear(self, channel: str, payload: str) -> None:
        """Listen to nothing."""

    async def run(self) -> None:
        """Begin, and rest: what a worker says at its very end is recorded too."""
        scrub_handlers()
        connector = connector_of(self._worker.app.connector)
        url = await asyncio.to_thread(connector.conninfo)
        if url not in _recorded:
            start_recording(url, role="worker")
            _recorded.add(url)
            connector.on_close.append(functools.partial(_end, url))
        await asyncio.Event().wait()


async def _end(url: str) -> None:
    """Write what is left, within five seconds."""
    if url in _recorded:
        _recorded.discard(url)
        await stop_recording(url)
