"""How often the local Wave may be called: so many calls per minute, and so many at once.

Wave's own limits are not documented, and what third parties say is contradictory; both are therefore settings, and
without them nothing is limited. How many calls were under way at once is counted either way. ``is_enforced`` False
serves every call all the same and only notes the excess in the journal, which is how a caller's good manners are seen.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Scope

__all__ = ["CallLimits", "Excess"]

_WINDOW = 60.0
_PLACE = "aias.wave.place"
_BACK_SOON = 1
"""Seconds after which a call that came while others were under way may try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excess:
    """A call that was one too many; ``retry_after`` in whole seconds, as in the header."""

    reason: str
    retry_after: int


@dataclass(slots=True, kw_only=True)
class CallLimits:
    """The limits of one business. They may be changed while the server runs."""

    clock: Callable[[], float]
    per_minute: int | None = None
    at_once: int | None = None
    is_enforced: bool = True
    most_at_once: int = 0
    too_often: int = 0
    too_many_at_once: int = 0
    _under_way: int = 0
    _served: deque[float] = field(default_factory=deque[float])

    @contextmanager
    def entered(self, scope: Scope) -> Generator[None]:
        """Count a call as under way, from its arrival to the end of its answer."""
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        scope[_PLACE] = self._under_way
        try:
            yield
        finally:
            self._under_way -= 1

    def excess(self, scope: Scope) -> Excess | None:
        """What is too much about this call, if anything; one that is served counts for the minute."""
        place = int(scope.get(_PLACE, 1))
        if self.at_once is not None and place > self.at_once:
            self.too_many_at_once += 1
            return Excess(reason=f"{place} calls at once, {self.at_once} allowed", retry_after=_BACK_SOON)
        now = self.clock()
        while self._served and self._served[0] <= now - _WINDOW:
            self._served.popleft()
        if self.per_minute is not None and len(self._served) >= self.per_minute:
            self.too_often += 1
            wait = max(1, math.ceil(self._served[0] + _WINDOW - now))
            return Excess(reason=f"more than {self.per_minute} calls per minute", retry_after=wait)
        if self.per_minute is not None:
            self._served.append(now)
        return None

    def reset(self) -> None:
        """Forget what was counted; the limits stay."""
        self.most_at_once = self.too_often = self.too_many_at_once = 0
        self._served.clear()

    def state(self) -> dict[str, Any]:
        """The limits, and how they were kept."""
        return {
            "per_minute": self.per_minute,
            "at_once": self.at_once,
            "most_at_once": self.most_at_once,
            "too_often": self.too_often,
            "too_many_at_once": self.too_many_at_once,
        }
