"""The recorder of a process: writes its log records and its errors to the database, from a thread of its own.

A thread, so that nothing waits for it: neither a job nor the event loop, nor it for a loop that is blocked. It has one
connection of its own, and writes what has gathered: errors five times a second, log records every second or by the
thousand. While the database is away errors are counted on in memory and log records wait, until there are too many.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import threading
import time
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from typing import Any, Final
from uuid import uuid4

import psycopg

from aias.db import connection_options
from aias.diagnostics.gathering import Gatherer
from aias.diagnostics.sink import OWN_LOGGER, Sink
from aias.reporting import listening
from aias.settings import Settings, get_settings

__all__ = ["Recorder", "recording", "start_recording", "stop_recording"]

_log = logging.getLogger(OWN_LOGGER)

_TICK: Final = 0.2
_LOGS_EVERY: Final = 1.0
_BATCH: Final = 1000
_LAST_WRITE: Final = 5.0
"""Seconds that the end may take: what is not written by then is lost, and told on stderr."""
_STATEMENT_TIMEOUT: Final = "10s"
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 10.0
_TELL_EVERY: Final = 60.0
_DIVERT_AT_A_TIME: Final = 10_000


class Recorder:
    """Records what this process logs and what fails in it, until it is closed."""

    def __init__(self, url: str, *, role: str, log_store: str = "info") -> None:
        process = f"{role}@{socket.gethostname()}:{os.getpid()}"[:200]
        self._url = url
        self._id = uuid4()
        self._batch = 0
        self._unconfirmed: str | None = None
        """A batch of errors that may have been taken: it is sent again under its number before anything else."""
        self._records: list[str] = []
        self._gatherer = Gatherer(process)
        self._sink = Sink(process, log_store)
        self._stack = ExitStack()
        self._stop = threading.Event()
        self._deadline = float("inf")
        self._conn: psycopg.Connection[Any] | None = None
        self._told_at = float("-inf")
        self._wrote_records_at = float("-inf")
        self._refused_count = 0
        self._looks = 0
        self._looked = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def open(self) -> None:
        """Begin; the database may come later."""
        root = logging.getLogger()
        root.addHandler(self._sink)
        self._stack.callback(root.removeHandler, self._sink)
        self._stack.enter_context(listening(self._gatherer.add))
        self._thread.start()

    def close(self) -> None:
        """Write what is left, within five seconds; blocks for as long."""
        self._stack.close()
        self._deadline = time.monotonic() + _LAST_WRITE
        self._stop.set()
        self._thread.join(_LAST_WRITE + 1)
        left = self._sink.waiting_count() + len(self._records)
        if left or self._gatherer.has_some() or self._unconfirmed:
            _log.error("the last log records and errors could not be written", extra={"records": left})

    def has_written(self) -> bool:
        """Whether nothing waits to be written."""
        return not (self._gatherer.has_some() or self._unconfirmed or self._records or self._sink.waiting_count())

    def flush(self, timeout: float = 30.0) -> bool:
        """Block until what was told before is written; whether it was in time."""
        with self._looked:
            seen = self._looks
            # the first look to end may have begun before
            return self._looked.wait_for(lambda: self._looks >= seen + 2 and self.has_written(), timeout)

    # --- the thread -------------------------------------------------------------------------------

    def _run(self) -> None:
        pause = _FIRST_PAUSE
        try:
            while True:
                is_last = self._stop.wait(_TICK)
                try:
                    self._write(is_last=is_last)
                    pause = _FIRST_PAUSE
                except Exception as error:  # noqa: BLE001 (whatever it is, the thread goes on, and it is told)
                    self._trouble(error)
                    self._stop.wait(min(pause, max(self._deadline - time.monotonic(), 0)))
                    pause = min(pause * 2, _LONGEST_PAUSE)
                with self._looked:
                    self._looks += 1
                    self._looked.notify_all()
                if is_last and (self.has_written() or time.monotonic() >= self._deadline):
                    return
        finally:
            self._disconnect()

    def _write(self, *, is_last: bool) -> None:
        """Write what has gathered.

        Raises:
            psycopg.Error: it could not be written; nothing of it is lost.
        """
        self._write_errors()
        while self._records or self._is_time_for_records(is_last=is_last):
            self._write_records()
            if self._gatherer.has_some():
                self._write_errors()

    def _write_errors(self) -> None:
        if self._unconfirmed is None:
            if not self._gatherer.has_some():
                return
            self._batch += 1
            self._unconfirmed = json.dumps(self._gatherer.take())
        conn = self._connected()
        cursor = conn.execute(
            "select aias_private.record_errors(%s, %s, %s::jsonb)", (self._id, self._batch, self._unconfirmed)
        )
        row = cursor.fetchone()
        self._unconfirmed = None
        if row is not None and row[0]:
            while self._divert(conn) >= _DIVERT_AT_A_TIME:
                pass

    def _divert(self, conn: psycopg.Connection[Any]) -> int:
        """Send what a fuse that blew now keeps from starting to the dead letters; the upkeep does what is left."""
        row = conn.execute("select aias_private.divert(true, %s)", (_DIVERT_AT_A_TIME,)).fetchone()
        return int(row[0]) if row is not None else 0

    def _is_time_for_records(self, *, is_last: bool) -> bool:
        waiting = self._sink.waiting_count()
        if waiting == 0 and self._sink.dropped_count() == 0:
            return False
        now = time.monotonic()
        if is_last or waiting >= _BATCH or now - self._wrote_records_at >= _LOGS_EVERY:
            self._wrote_records_at = now
            return True
        return False

    def _write_records(self) -> None:
        if not self._records:
            self._records = self._sink.take(_BATCH)
        self._connected().execute("select aias_private.add_logs(%s::jsonb)", (f"[{','.join(self._records)}]",))
        self._records = []

    def _connected(self) -> psycopg.Connection[Any]:
        if self._conn is None or self._conn.closed:
            options = connection_options("aias recorder")
            self._conn = psycopg.connect(self._url, **options, options=f"-c statement_timeout={_STATEMENT_TIMEOUT}")
        return self._conn

    def _disconnect(self) -> None:
        if self._conn is not None:
            self._conn.close()
            self._conn = None

    def _trouble(self, error: Exception) -> None:
        """Tell, once a minute at most, that nothing can be written just now.

        What the database refuses for what it holds would be refused again: such records are given up, and told.
        """
        if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | OSError):
            self._records, self._unconfirmed = [], None
            self._refused_count += 1
        if time.monotonic() - self._told_at >= _TELL_EVERY:
            self._told_at = time.monotonic()
            refused = {"refused_batches": self._refused_count}
            _log.warning("log records and errors can't be written: %s", str(error).strip(), extra=refused)
        self._disconnect()


_shared: dict[str, tuple[Recorder, int]] = {}
_guard = threading.Lock()


def start_recording(url: str, *, role: str, settings: Settings | None = None) -> None:
    """Record what this process does in the database at ``url``; who asks for the same once more shares it."""
    with _guard:
        recorder, users = _shared.get(url, (None, 0))
        if recorder is None:
            recorder = Recorder(url, role=role, log_store=(settings or get_settings()).log_store)
            recorder.open()
        _shared[url] = (recorder, users + 1)


async def stop_recording(url: str) -> None:
    """Take back one ``start_recording``; the last one writes what is left, within five seconds."""
    with _guard:
        recorder, users = _shared.pop(url, (None, 0))
        if recorder is not None and users > 1:
            _shared[url] = (recorder, users - 1)
            return
    if recorder is not None:
        await asyncio.to_thread(recorder.close)


@asynccontextmanager
async def recording(url: str, *, role: str, settings: Settings | None = None) -> AsyncGenerator[None]:
    """Record what this process does while the block runs."""
    start_recording(url, role=role, settings=settings)
    try:
        yield
    finally:
        await stop_recording(url)
