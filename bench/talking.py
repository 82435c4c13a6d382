"""Programs of the benchmark that are told on stdin when to begin, and say on stdout how it was."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bench.errors import BenchError
from bench.processes import Processes, tail

__all__ = ["line_of", "talking", "tell"]


@contextmanager
def talking(
    processes: Processes, environment: Mapping[str, str], log: str, *arguments: str
) -> Iterator[subprocess.Popen[str]]:
    """Run a Python program whose stdin and stdout are ours; it is ended at the end."""
    process = processes.start(
        [sys.executable, *arguments], env=environment, log=log, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        yield process
    finally:
        processes.stop(process)


def tell(process: subprocess.Popen[str], line: str) -> None:
    """Send a line to a program's stdin."""
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def line_of(process: subprocess.Popen[str]) -> str:
    """Wait for a line of a program's stdout.

    Raises:
        BenchError: it ended without one.
    """
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise BenchError(f"a program ended by itself\n{tail(process)}")
    return line.strip()
