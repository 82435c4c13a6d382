"""Our engine with a fault at one point of a worker's path, for ``procrastinate --app=tests.jobs.fault_points.app``.

``AIAS_FAULT`` names the point: ``kill:<before|after>:<claim|finish>`` ends the process with SIGKILL around the first
such statement that has jobs in it, ``kill:buffer`` once jobs are claimed and not started, ``kill:running`` once one has
begun.
``stop:buffer`` stops it there (SIGSTOP).
"""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from typing import Any

from procrastinate import JobContext
from procrastinate.jobs import Job

from aias.jobs import AiasApp
from aias.jobs.buffer import Buffer
from aias.jobs.intake import Intake
from aias.jobs.store import AiasJob, AiasJobManager
from tests.jobs import guarded
from tests.jobs.task_set import note

FAULT = os.environ.get("AIAS_FAULT", "")


_struck: list[str] = []


def _strike(point: str) -> None:
    if _struck:
        return
    if FAULT.endswith(f":{point}"):
        _struck.append(point)
    if f"kill:{point}" == FAULT:
        os.kill(os.getpid(), signal.SIGKILL)
    elif f"stop:{point}" == FAULT:
        os.kill(os.getpid(), signal.SIGSTOP)


class FaultyJobManager(AiasJobManager):
    """Dies where it is told to."""

    async def claim(self, **arguments: Any) -> list[AiasJob]:
        if await self._has_ready_jobs():
            _strike("before:claim")
        claimed = await super().claim(**arguments)
        if claimed:
            _strike("after:claim")
        return claimed

    async def record_successes(self, worker_id: int, ended: Sequence[Job]) -> set[int]:
        _strike("before:finish")
        done = await super().record_successes(worker_id, ended)
        _strike("after:finish")
        return done

    async def _has_ready_jobs(self) -> bool:
        row = await self._one("select exists (select from procrastinate_jobs where status = 'todo') as found")
        return row["found"]


def make_app(url: str) -> AiasApp:
    """Give our app with the fault in it, and with a buffer of twenty jobs whatever the pace."""
    app = guarded.make_app(url)
    app.store = FaultyJobManager(app.connector)
    app.job_manager = app.store
    setattr(Buffer, "_target", lambda _buffer: 20)  # noqa: B010 (a patch of what is not ours to assign)
    start = Intake.start

    def start_and_strike(intake: Intake) -> None:
        start(intake)
        if not intake.is_empty():
            _strike("buffer")

    setattr(Intake, "start", start_and_strike)  # noqa: B010 (as above)

    @app.task(name="once", pass_context=True)
    async def once(context: JobContext) -> None:
        await note(url, context, "ran")
        _strike("running")

    return app


def __getattr__(name: str) -> AiasApp:
    if name == "app":
        return make_app(os.environ["DATABASE_URL"])
    raise AttributeError(name)
