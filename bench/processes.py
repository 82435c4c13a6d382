"""Processes of the benchmark: each with a time limit, all of them ended when the benchmark ends, however it ends."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from bench.errors import BenchError
from bench.records import Record, read_record

__all__ = ["Processes", "Worker", "tail"]

_GRACE = 20.0
"""Seconds that a process gets to end after SIGTERM."""


class Processes:
    """Starts processes in sessions of their own and, as a context manager, leaves none behind."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self._running: list[subprocess.Popen[str]] = []
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in list(self._running):
            self.stop(process, grace=3.0)

    def start(
        self, command: Sequence[str], *, env: Mapping[str, str], log: str = "process", **options: Any
    ) -> subprocess.Popen[str]:
        """Start a program; its stderr goes to a log in the folder."""
        self._count += 1
        path = self.folder / f"{self._count:04}-{log}.log"
        with path.open("w") as stderr:
            process = subprocess.Popen(
                command, env=dict(env), stderr=stderr, text=True, start_new_session=True, **options
            )
        process.args = (command[0], str(path))
        self._running.append(process)
        return process

    def run(self, command: Sequence[str], *, env: Mapping[str, str], timeout: float, log: str = "run") -> str:
        """Run a program to its end and give its stdout.

        Raises:
            BenchError: it failed or took longer than ``timeout``; the message has the end of its stderr.
        """
        process = self.start(command, env=env, log=log, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        try:
            output, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            raise BenchError(f"{log}: not done after {timeout:.0f} s") from None
        finally:
            self.stop(process)
        if process.returncode != 0:
            raise BenchError(f"{log}: exit code {process.returncode}\n{tail(process)}")
        return output

    def stop(self, process: subprocess.Popen[str], grace: float = _GRACE) -> None:
        """End a process and what it started: politely, then not."""
        if process not in self._running:
            return
        if process.poll() is None:
            _signal(process, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(grace)
        _signal(process, signal.SIGKILL)
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._running.remove(process)


def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def tail(process: subprocess.Popen[str], lines: int = 15) -> str:
    """Give the end of what a process said on stderr."""
    path = Path(str(process.args[1]))  # type: ignore[index] (set in start)
    with contextlib.suppress(OSError):
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    return ""


class Worker:
    """One worker process of a contender; knows how many jobs it has started, and in the end which."""

    def __init__(
        self,
        processes: Processes,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        size: int,
        name: str,
        is_echoing: bool = False,
        is_gated: bool = False,
    ) -> None:
        self.done = 0
        self.is_ready = False
        """Whether it has told anything yet."""
        self.is_at_gate = False
        """Whether it holds its first job and waits to be let through."""
        self.changed_at = time.monotonic()
        self.ran: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._processes = processes
        self._size = size
        self._path = processes.folder / f"record-{os.getpid()}-{id(self):x}"
        read_end, write_end = os.pipe()
        settings = {"BENCH_RECORD": str(self._path), "BENCH_SIZE": str(size), "BENCH_PIPE": str(write_end)}
        inherited = [write_end]
        self._gate: int | None = None
        if is_echoing:
            settings["BENCH_ECHO"] = "1"
        if is_gated:
            wait_end, self._gate = os.pipe()
            settings["BENCH_GATE"] = str(wait_end)
            inherited.append(wait_end)
        try:
            self._process = processes.start(
                command,
                env={**env, **settings},
                log=f"{name}-worker",
                pass_fds=inherited,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        except BaseException:
            os.close(read_end)
            raise
        finally:
            for end in inherited:
                os.close(end)
        self._reader = threading.Thread(target=self._read, args=(read_end,), daemon=True)
        self._reader.start()

    def _read(self, read_end: int) -> None:
        with os.fdopen(read_end) as pipe:
            for line in pipe:
                word, number = line.split()
                if word == "ran":
                    self.ran.put(int(number))
                elif word == "gate":
                    self.is_at_gate = True
                    self.changed_at = time.monotonic()
                elif int(number) != self.done or not self.is_ready:
                    self.done = int(number)
                    self.changed_at = time.monotonic()
                    self.is_ready = True

    def check(self) -> None:
        """See that it is alive.

        Raises:
            BenchError: it ended by itself.
        """
        if self._process.poll() is not None:
            raise BenchError(f"a worker ended by itself: exit code {self._process.returncode}\n{tail(self._process)}")

    def let_through(self) -> None:
        """Let it start its first job."""
        if self._gate is not None:
            os.close(self._gate)  # it reads the end of the pipe, now or when it gets there
            self._gate = None

    def end(self) -> None:
        """End it, whatever it noted."""
        self.let_through()
        self._processes.stop(self._process)
        self._reader.join(5)

    def notes(self) -> Record:
        """Give what it noted, once it has ended."""
        try:
            return read_record(self._path, self._size)
        finally:
            self._path.unlink(missing_ok=True)
