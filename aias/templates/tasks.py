"""What each worker does for the gallery: it brings its release's templates along when it starts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import structlog

from aias.errors import Conflict
from aias.jobs import app, connector_of
from aias.templates.library import load_templates

if TYPE_CHECKING:
    from aias.jobs import AiasWorker

__all__ = ["Gallery"]

_log = structlog.stdlib.get_logger(__name__)


class Gallery:
    """The side task (``aias.jobs.SideTask``) of one worker."""

    name = "gallery"
    channels: Sequence[str] = ()

    def __init__(self, worker: AiasWorker) -> None:
        self._worker = worker

    def hear(self, channel: str, payload: str) -> None:
        """Nothing is listened to."""

    async def run(self) -> None:
        """Bring the gallery up to this release once, and rest."""
        async with connector_of(self._worker.app.connector).pool.connection() as conn:
            try:
                await load_templates(conn)
            except Conflict as error:  # the files were edited: nothing that trying again would change
                _log.error("the gallery was not brought up to date", reason=error.message)
        await asyncio.Event().wait()


app.side_tasks.append(Gallery)
