"""What a worker does for plugins: it says which ones it found, and which it had to leave out."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Final

from aias.plugins.entry_points import installed_plugins
from aias.plugins.queries import report_plugins
from aias.plugins.rules import Pool

__all__ = ["Reporting"]

_EVERY: Final = 600.0


class Reporting:
    """The side task (``aias.jobs.SideTask``) of one worker."""

    name = "plugins"
    channels: Sequence[str] = ()

    def __init__(self, pool: Callable[[], Pool]) -> None:
        self._pool = pool

    def hear(self, channel: str, payload: str) -> None:
        """Listen to nothing."""

    async def run(self) -> None:
        """Say it now and every ten minutes; what is AIAS's own is no plugin."""
        found = [asdict(plugin) for plugin in await asyncio.to_thread(installed_plugins) if plugin.name != "aias"]
        while True:
            async with self._pool().connection() as conn:
                await report_plugins(conn, platform.node() or "unknown", found)
            await asyncio.sleep(_EVERY)
