"""The heartbeat: a thread with a connection of its own.

It beats whatever the event loop does: a task that blocks the loop with synchronous work is slow, not dead, and nobody
takes its jobs over. Only when the loop has been blocked for so long that nobody believes in it any more
(``max_loop_block``) does the process end itself, and its jobs go to others.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

import psycopg

from aias.jobs.connector import CONNECTION_OPTIONS
from aias.jobs.lease import Lease

__all__ = ["EXIT_BLOCKED", "Heartbeat"]

logger = logging.getLogger(__name__)

EXIT_BLOCKED = 70
"""Exit status of a process whose event loop was blocked for too long."""

_STATEMENT_TIMEOUT = 10000
_RETRY_AFTER = 1.0


class Heartbeat(threading.Thread):
    """Renews a lease every ``every`` seconds until it is stopped; all methods may be called from any thread."""

    def __init__(
        self,
        *,
        conninfo: str,
        every: float,
        lease: Lease,
        loop: asyncio.AbstractEventLoop,
        on_lost: Callable[[], None],
        running_count: Callable[[], int],
        max_loop_block: float,
    ) -> None:
        super().__init__(name="aias heartbeat", daemon=True)
        self._conninfo = conninfo
        self._every = every
        self.lease = lease
        """The lease to renew; the worker puts a new one here when it has lost the old."""
        self._loop = loop
        self._on_lost = on_lost
        self._running_count = running_count
        self._max_loop_block = max_loop_block
        self._status = "running"
        self._kick = threading.Event()
        self._is_stopped = False
        self._connection: psycopg.Connection[Any] | None = None
        self._is_loop_alive = True
        self._blocked_for = 0.0
        self._is_failing = False
        self._recovered_at: float | None = None

    def drain(self) -> None:
        """Say from now on that the worker takes no more jobs."""
        self._status = "draining"
        self._kick.set()

    def stop(self) -> None:
        """Stop beating; the thread ends soon."""
        self._is_stopped = True
        self._kick.set()

    def is_steady(self) -> bool:
        """Whether heartbeats arrive, and have for a while since the last outage: others may be as late as we were."""
        recovered_at = self._recovered_at
        since = None if recovered_at is None else time.monotonic() - recovered_at
        return not self._is_failing and (since is None or since > 2 * self._every)

    def run(self) -> None:
        """Beat until stopped."""
        pause = 0.0
        last = time.monotonic()
        while not self._is_stopped:
            self._kick.wait(pause)
            self._kick.clear()
            if self._is_stopped:
                break
            self._watch_loop(time.monotonic() - last)
            last = time.monotonic()
            pause = self._every if self._beat() else min(_RETRY_AFTER, self._every)
        if self._connection is not None:
            self._connection.close()

    def _beat(self) -> bool:
        """Send one heartbeat; True when the database answered."""
        lease = self.lease
        if lease.is_lost:
            return True
        sent_at = time.monotonic()
        try:
            is_known = self._send(lease.worker_id)
        except psycopg.Error as error:
            self._is_failing = True
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            logger.warning("The heartbeat of worker %s failed: %s", lease.worker_id, str(error).strip())
            return False
        if self._is_failing:
            self._is_failing = False
            self._recovered_at = time.monotonic()
        if is_known:
            lease.confirm(sent_at)
        elif not self._is_stopped:
            logger.warning("Worker %s was given up by the others: its jobs are theirs now", lease.worker_id)
            lease.lose()
            self._call(self._on_lost)
        return True

    def _send(self, worker_id: int) -> bool:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self._conninfo, application_name="aias heartbeat", **CONNECTION_OPTIONS)
            self._connection.execute("select set_config('statement_timeout', %s, false)", (str(_STATEMENT_TIMEOUT),))
        row = self._connection.execute(
            "select aias_private.record_heartbeat(%s, %s, %s)", (worker_id, self._status, self._running_count())
        ).fetchone()
        return row is not None and bool(row[0])

    def _watch_loop(self, elapsed: float) -> None:
        """Count how long the loop has not answered, and end the process when that is too long."""
        if self._is_loop_alive:
            self._blocked_for = 0.0
            self._is_loop_alive = False
            self._call(self._mark_alive)
            return
        # time for which the process itself was stopped (SIGSTOP, a paused VM) is nobody's fault
        self._blocked_for += min(elapsed, 2 * self._every)
        if self._blocked_for > self._max_loop_block:
            logger.critical(
                "The event loop has been blocked for %.0f s: the process ends, its jobs go to other workers\n%s",
                self._blocked_for,
                _stack_of_main_thread(),
            )
            logging.shutdown()
            os._exit(EXIT_BLOCKED)

    def _mark_alive(self) -> None:
        self._is_loop_alive = True

    def _call(self, callback: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(callback)
        except RuntimeError:  # the loop is closed: the worker has ended
            self._is_stopped = True


def _stack_of_main_thread() -> str:
    frames = sys._current_frames()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] (documented, despite its name)
    frame = frames.get(threading.main_thread().ident or 0)
    return "" if frame is None else "".join(traceback.format_stack(frame))
