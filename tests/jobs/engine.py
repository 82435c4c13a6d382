"""An engine under test: its database, its workers (in this process or as processes), what its tasks noted."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import procrastinate
import psycopg
from psycopg.rows import dict_row

ROOT = Path(__file__).parents[2]

SETTINGS = {"AIAS_STALLED_AFTER": "3", "AIAS_HEARTBEAT_EVERY": "0.5", "AIAS_SWEEP_EVERY": "0.5"}
"""Leases of three seconds: long against a heartbeat, short against a test."""


class Engine:
    """One database with an engine on it."""

    def __init__(self, url: str, module: str, make_app: Callable[..., procrastinate.App]) -> None:
        self.url = url
        self.module = module
        self.make_app = make_app
        self.conn: psycopg.Connection[dict[str, Any]] = psycopg.Connection[dict[str, Any]].connect(
            url, autocommit=True, row_factory=dict_row
        )
        self.swallows_errors = module.endswith("plain")
        """The plain engine leaves errors in tasks that nobody awaits; that is shown by what becomes of the jobs."""
        self._processes: list[subprocess.Popen[str]] = []

    def close(self) -> None:
        for process in self._processes:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            process.wait()
        self.conn.close()

    # --- jobs ---------------------------------------------------------------------------------

    def rows(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        return self.conn.execute(statement.encode(), values).fetchall()

    def value(self, statement: str, *values: Any) -> Any:
        row = self.rows(statement, *values)
        return next(iter(row[0].values())) if row else None

    def insert(self, task: str, args: str = "{}", **columns: Any) -> int:
        """Put a job into the engine's table by plain SQL, as any client may."""
        values = {"queue_name": "default", "task_name": task, "args": args, **columns}
        names = ", ".join(values)
        marks = ", ".join("%s::jsonb" if name == "args" else "%s" for name in values)
        statement = f"insert into procrastinate_jobs ({names}) values ({marks}) returning id"
        return self.value(statement, *values.values())

    def status(self, job: int) -> str | None:
        """The engine's status of a job; None when its row is gone (ours deletes what succeeded)."""
        return self.value("select status::text from procrastinate_jobs where id = %s", job)

    def events(self, job: int | None = None) -> list[str]:
        """What the tasks noted, in order."""
        return [
            row["event"]
            for row in self.rows(
                "select event from journal where %s::bigint is null or job_id = %s order by id", job, job
            )
        ]

    def count(self, event: str, job: int | None = None) -> int:
        return self.events(job).count(event)

    # --- workers --------------------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def worker(self, app: procrastinate.App | None = None, **options: Any) -> AsyncIterator[asyncio.Task[None]]:
        """Run a worker in this process; it is cancelled at the end, and what it raised stays in its task."""
        app = app or self.make_app(self.url)
        options.setdefault("shutdown_graceful_timeout", 0.0)
        loop = asyncio.get_running_loop()
        handler = loop.get_exception_handler()
        if self.swallows_errors:
            loop.set_exception_handler(lambda _loop, _context: None)
        async with app.open_async():
            task = asyncio.create_task(app.run_worker_async(install_signal_handlers=False, **options))
            try:
                yield task
            finally:
                task.cancel()
                with contextlib.suppress(BaseException):
                    await asyncio.wait_for(task, 60)
                gc.collect()
                loop.set_exception_handler(handler)

    def process(self, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Start a worker through procrastinate's command line."""
        process = subprocess.Popen(
            [sys.executable, "-m", "procrastinate", f"--app={self.module}.app", "worker", *arguments],
            cwd=ROOT,
            env={**os.environ, **SETTINGS, "DATABASE_URL": self.url, **(env or {})},
            text=True,
            stdout=subprocess.DEVNULL,
            stderr=None if os.environ.get("AIAS_TEST_SHOW") else subprocess.DEVNULL,
        )
        self._processes.append(process)
        return process

    async def until(self, condition: Callable[[], Any], timeout: float = 60, *, what: str = "") -> Any:
        """Wait until the condition holds, and give what it gave."""
        deadline = time.monotonic() + timeout
        while not (held := condition()):
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {timeout} s: {what or condition}")
            await asyncio.sleep(0.05)
        return held

    async def until_async(self, condition: Callable[[], Awaitable[Any]], timeout: float = 60) -> None:
        """Wait until an asynchronous condition holds."""
        deadline = time.monotonic() + timeout
        while not await condition():
            assert time.monotonic() < deadline, f"not within {timeout} s"
            await asyncio.sleep(0.05)

    async def never(self, condition: Callable[[], Any], seconds: float) -> bool:
        """Watch for some seconds that something does not happen."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if condition():
                return False
            await asyncio.sleep(0.05)
        return True


@contextlib.contextmanager
def opened(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.close()
