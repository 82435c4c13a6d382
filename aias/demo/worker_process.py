"""Workers as processes of their own, started the way an operator starts them and ended for certain."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

__all__ = ["WorkerProcess"]

_GRACE = 15.0
_STDERR = 2


class WorkerProcess:
    """One ``procrastinate --app=aias.app.app worker``, in a process group of its own, its output in a file."""

    def __init__(self, process: asyncio.subprocess.Process, *, name: str, log: Path | None) -> None:
        self._process = process
        self.name = name
        self.log = log

    @classmethod
    async def start(
        cls, *, name: str, log: Path | None, environment: Mapping[str, str], options: Sequence[str] = ()
    ) -> Self:
        """Start one; ``environment`` is added to our own. It is at work a second or two later.

        What it says goes to ``log``, without one to our stderr. A Ctrl-C of the terminal reaches us only, so that we
        decide in which order things end.
        """
        command = ("-m", "procrastinate", "--app=aias.app.app", "worker", f"--name={name}", *options)
        with contextlib.ExitStack() as stack:
            output = stack.enter_context(log.open("ab")) if log is not None else _STDERR
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **environment},
                start_new_session=True,
            )
        return cls(process, name=name, log=log)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative: the signal that ended it."""
        return self._process.returncode

    async def wait(self) -> int:
        """Wait until it has ended; gives its exit code."""
        return await self._process.wait()

    async def kill(self) -> None:
        """End it as a power cut would (SIGKILL), and wait until it is gone."""
        self._signal(signal.SIGKILL)
        await self._process.wait()

    async def stop(self, *, grace: float = _GRACE) -> None:
        """Let it finish what it has in hand, for at most ``grace`` seconds; then end it."""
        self._signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(self._process.wait(), grace)
        except TimeoutError:
            await self.kill()
        except asyncio.CancelledError:  # a second Ctrl-C: now, but still for certain
            self._signal(signal.SIGKILL)
            raise

    def _signal(self, number: signal.Signals) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
