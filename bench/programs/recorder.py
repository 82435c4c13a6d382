"""What a worker notes: for each job when it first started and how often it ran.

The file has a number of jobs with impossible numbers (a double), then a double per job (seconds of the machine's
monotonic clock, 0 for never), then a byte per job (how often it ran, up to 255). It is mapped memory, so that it tells
the truth even when the process is killed. ``recorder.mjs`` writes the same.
"""

from __future__ import annotations

import mmap
import os
import threading
import time
from pathlib import Path

__all__ = ["Recorder"]

_TICK = 0.02


class Recorder:
    """Notes in the file of ``BENCH_RECORD``, tells the number of jobs so far on the file descriptor ``BENCH_PIPE``."""

    def __init__(self) -> None:
        self.size = int(os.environ["BENCH_SIZE"])
        path = Path(os.environ["BENCH_RECORD"])
        path.write_bytes(bytes(8 + 9 * self.size))
        with path.open("r+b") as file:
            memory = memoryview(mmap.mmap(file.fileno(), 0))
        self._strange = memory[:8].cast("d")
        self._starts = memory[8 : 8 + 8 * self.size].cast("d")
        self._counts = memory[8 + 8 * self.size :]
        self._done = 0
        self._pipe = int(os.environ["BENCH_PIPE"])
        self._is_echoing = os.environ.get("BENCH_ECHO") == "1"
        self._gate = int(os.environ.get("BENCH_GATE", "-1"))
        threading.Thread(target=self._report, daemon=True, name="bench report").start()

    def ran(self, number: int) -> None:
        """Note that the job starts now; of several workers each waits with its first until all have one."""
        if self._gate >= 0:
            os.write(self._pipe, b"gate 0\n")
            os.read(self._gate, 1)
            self._gate = -1
        now = time.monotonic()
        if 0 <= number < self.size:
            count = self._counts[number]
            if count == 0:
                self._starts[number] = now
            self._counts[number] = min(count + 1, 255)
        else:
            self._strange[0] += 1
        self._done += 1
        if self._is_echoing:
            os.write(self._pipe, b"ran %d\n" % number)

    def _report(self) -> None:
        """Tell what was done, and end this process when nobody listens any more: the benchmark was killed."""
        told, quiet = -1, 0.0
        while True:
            done = self._done
            if done != told or quiet > 1:
                try:
                    os.write(self._pipe, b"done %d\n" % done)
                except BrokenPipeError:
                    os._exit(3)
                told, quiet = done, 0.0
            time.sleep(_TICK)
            quiet += _TICK
