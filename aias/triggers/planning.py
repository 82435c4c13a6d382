"""What a schedule that is due is to start, and when it is due next: computed, nothing is written here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from aias.errors import InvalidArgument
from aias.triggers.cron import Cron

__all__ = ["DueSchedule", "Plan", "plan"]

_ON_TIME: Final = timedelta(minutes=1)
"""A due time that is later than this was missed; what becomes of it is the schedule's ``catch_up``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSchedule:
    """A claimed schedule, and the database's now."""

    tenant_id: UUID
    id: UUID
    name: str
    cron: str
    time_zone: str
    catch_up: Literal["none", "last", "all"]
    catch_up_limit: int
    starts_at: datetime | None
    ends_at: datetime | None
    horizon_at: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The due times to start now, the next one, and from when on some were left out."""

    due: list[datetime]
    horizon: datetime
    next_at: datetime | None
    missed_from: datetime | None = None
    problem: str | None = None


def plan(schedule: DueSchedule) -> Plan:
    """Plan a schedule at its ``now``: what lies between its horizon and now, and what comes then."""
    try:
        cron = Cron(schedule.cron, schedule.time_zone)
    except InvalidArgument as error:
        return Plan(due=[], horizon=schedule.horizon_at, next_at=None, problem=error.message)
    begin = schedule.horizon_at
    if schedule.starts_at is not None:
        begin = max(begin, schedule.starts_at - timedelta(microseconds=1))
    until = schedule.now if schedule.ends_at is None else min(schedule.now, schedule.ends_at)
    due: list[datetime] = []
    has_missed = False
    if begin < until:
        limit = schedule.catch_up_limit if schedule.catch_up == "all" else 1
        due, has_missed = cron.latest(begin, until, limit)
        if schedule.catch_up == "none" and due and schedule.now - due[-1] > _ON_TIME:
            due, has_missed = [], True
    horizon = max(begin, until)
    upcoming = next(cron.after(horizon), None)
    if upcoming is not None and schedule.ends_at is not None and upcoming > schedule.ends_at:
        upcoming = None
    return Plan(
        due=due,
        horizon=max(schedule.horizon_at, until),
        next_at=upcoming,
        missed_from=schedule.horizon_at if has_missed else None,
    )
