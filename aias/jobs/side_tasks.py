"""What other domains add to a worker: side tasks that run as long as it does, and tasks by the clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from procrastinate import JobContext

__all__ = ["ScheduledTask", "SideTask"]


class SideTask(Protocol):
    """Something that a worker does beside running jobs; made with the worker, cancelled when it stops."""

    @property
    def name(self) -> str:
        """What logs call it."""
        ...

    @property
    def channels(self) -> Sequence[str]:
        """PostgreSQL's channels that it wants to hear; without LISTEN (an option of the worker) it hears none."""
        ...

    async def run(self) -> None:
        """Work until cancelled; what it raises is logged, and it is run again a second later."""
        ...

    def hear(self, channel: str, payload: str) -> None:
        """Take a notification; also called, with an empty payload, when some may have been missed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduledTask:
    """A task of the system that runs by the clock; one view shows them all (``aias.schedules``)."""

    name: str
    task: str
    cron: str
    function: Callable[[JobContext], Awaitable[None]]
    max_attempts: int
    retry_delay: float
    timeout: float

    def to_json(self) -> dict[str, Any]:
        """Give it as the database stores it."""
        return {
            "name": self.name,
            "task": self.task,
            "cron": self.cron,
            "max_attempts": self.max_attempts,
            "retry_delay": self.retry_delay,
        }
