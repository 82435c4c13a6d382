"""When a schedule is due: a cron expression in a time zone.

cronsim reads the expression and steps through wall-clock times; what those times are as instants is decided here:

- An expression that names hours (``30 2 * * *``, ``*/15 2 * * *``, ``0 */6 * * *``) means the clock on the wall. A time
  that does not exist, because clocks are put forward, runs once right after the gap; a time that comes twice runs the
  first time only.
- An expression of every hour (``*/10 * * * *``, ``30 * * * *``) means a rhythm: it goes through both hours when clocks
  are put back, and leaves out the hour that does not exist.

Times are whole seconds. Results are in UTC, strictly ascending.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from aias.errors import InvalidArgument

__all__ = ["Cron"]

_MACROS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_ALLOWED = re.compile(r"[0-9A-Za-z*/,#@ \t-]{1,200}")
_FIELDS = 5
_HOURS = set(range(24))
_EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 (a wall-clock time, to read an expression by)
_FAR = 9000


class Cron:
    """An expression in a zone; the database has read it before, so a malformed one is an exception here."""

    def __init__(self, expression: str, time_zone: str = "UTC") -> None:
        """Read both.

        Raises:
            InvalidArgument: the expression is malformed, no date fits it, or this machine does not know the zone.
        """
        self.expression = _MACROS.get(expression.strip(" \t").lower(), expression)
        try:
            self.zone = ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise InvalidArgument(f"there is no time zone {time_zone!r} here", argument="p_time_zone") from None
        if not _ALLOWED.fullmatch(expression) or len(self.expression.split()) != _FIELDS:
            raise InvalidArgument(f"cron: {expression!r} has not five fields", argument="p_cron")
        try:
            hours = CronSim(self.expression, _EPOCH).hours
        except CronSimError as error:
            raise InvalidArgument(f"cron: {error}", argument="p_cron") from None
        self.is_rhythm = hours == _HOURS

    def after(self, instant: datetime) -> Iterator[datetime]:
        """Give the due times strictly after an instant, without end unless there is none in 50 years."""
        walk = self._rhythm(instant) if self.is_rhythm else self._wall_clock(instant)
        last = instant
        for due in walk:
            if due > last:
                last = due
                yield due

    def latest(self, after: datetime, until: datetime, limit: int) -> tuple[list[datetime], bool]:
        """Give the newest due times in ``(after, until]``, at most ``limit``, ascending; and whether older exist.

        A long span costs what its newest part costs: the search begins at its end and widens.
        """
        span = timedelta(hours=1)
        while True:
            begin = max(after, until - span)
            found = self._between(begin, until)
            if begin == after or len(found) > limit:
                return found[-limit:], len(found) > limit
            span *= 4

    def _between(self, after: datetime, until: datetime) -> list[datetime]:
        found: list[datetime] = []
        for due in self.after(after):
            if due > until:
                break
            found.append(due)
        return found

    def _wall_clock(self, instant: datetime) -> Iterator[datetime]:
        for naive in self._naive(instant.astimezone(self.zone).replace(tzinfo=None)):
            there = naive.replace(tzinfo=self.zone)
            due = there.astimezone(UTC)
            if due.astimezone(self.zone).replace(tzinfo=None) != naive:
                due = self._change(due - timedelta(days=2), due, naive)  # it does not exist: right after the gap
            yield due

    def _rhythm(self, instant: datetime) -> Iterator[datetime]:
        """Walk through spans of one offset each; inside of one, the clock on the wall is even."""
        at = instant.astimezone(UTC)
        while True:
            offset = self._offset(at)
            for naive in self._naive(at.replace(tzinfo=None) + offset):
                due = (naive - offset).replace(tzinfo=UTC)
                if self._offset(due) != offset or self._changes_within(at, due):
                    break
                at = due
                yield due
            else:
                return
            # clocks change between `at` and `due`: go on from the moment when they do, which counts itself
            at = self._next_change(at, due)
            wall = at.replace(tzinfo=None) + self._offset(at)
            if next(self._naive(wall - timedelta(seconds=1)), None) == wall:
                yield at

    def _naive(self, after: datetime) -> Iterator[datetime]:
        return iter(CronSim(self.expression, after)) if after.year < _FAR else iter(())

    def _offset(self, instant: datetime) -> timedelta:
        return instant.astimezone(self.zone).utcoffset() or timedelta()

    def _changes_within(self, begin: datetime, end: datetime) -> bool:
        """Whether the offset changes and comes back between two instants that are not a rhythm's step apart."""
        step = timedelta(days=7)
        while end - begin > step:
            begin += step
            if self._offset(begin) != self._offset(end):
                return True
        return False

    def _next_change(self, begin: datetime, end: datetime) -> datetime:
        """Find the first instant after ``begin`` with another offset; there is one by ``end``."""
        step = timedelta(days=7)
        offset = self._offset(begin)
        while self._offset(min(begin + step, end)) == offset:
            begin += step
        return _first(begin, min(begin + step, end), lambda at: self._offset(at) != offset)

    def _change(self, begin: datetime, end: datetime, naive: datetime) -> datetime:
        """Find the instant at which the clock on the wall jumps over a time."""
        return _first(begin, end, lambda at: at.astimezone(self.zone).replace(tzinfo=None) > naive)


def _first(begin: datetime, end: datetime, holds: Callable[[datetime], bool]) -> datetime:
    """Find the first whole second in ``(begin, end]`` for which something holds; it does at ``end``."""
    low, high = int(begin.timestamp()), int(end.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(datetime.fromtimestamp(middle, UTC)) else (middle, high)
    return datetime.fromtimestamp(high, UTC)
