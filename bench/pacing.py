"""A program that enqueues one job whenever it is told to, and says when it did."""

from __future__ import annotations

import select
import subprocess
from typing import Self

from bench.contenders import Contender, Site
from bench.errors import BenchError
from bench.processes import tail

__all__ = ["Enqueuer"]


class Enqueuer:
    """The contender's enqueueing program, kept open; as a context manager it ends it."""

    def __init__(self, contender: Contender, site: Site, environment: dict[str, str] | None = None) -> None:
        self._processes = contender.tools.processes
        self._process = self._processes.start(
            contender.command("paced"),
            env=contender.environment(site) | (environment or {}),
            log=f"{contender.name}-paced",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._processes.stop(self._process)

    def enqueue(self, number: int, timeout: float = 60) -> float:
        """Enqueue a job and give the time (monotonic) right before the call.

        Raises:
            BenchError: the program failed.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(f"{number}\n")
            self._process.stdin.flush()
            readable, _, _ = select.select([self._process.stdout], [], [], timeout)
            line = self._process.stdout.readline() if readable else ""
        except BrokenPipeError:
            line = ""
        if not line:
            raise BenchError(f"the enqueueing program gave no answer\n{tail(self._process)}")
        return float(line.split()[0])
