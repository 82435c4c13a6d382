"""What the models share."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema

__all__ = ["Age", "Date", "Given", "Shown", "Time"]

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_RFC_3339_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _written_out(value: Any) -> Any:
    """Refuse numbers and shortened forms, which pydantic would take for times."""
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("should be a time with its zone, as 2026-03-01T09:00:00Z (RFC 3339)")
    return value


Time = Annotated[AwareDatetime, BeforeValidator(_written_out)]
"""A time as RFC 3339 writes it."""


def _a_date(value: Any) -> Any:
    """Refuse numbers, which pydantic would take for dates."""
    if not isinstance(value, str) or not _RFC_3339_DATE.fullmatch(value):
        raise ValueError("should be a date, as 2026-03-01 (RFC 3339)")
    return value


Date = Annotated[date, BeforeValidator(_a_date)]
"""A date as RFC 3339 writes it."""


def _in_days(value: timedelta) -> str:
    seconds = value.total_seconds() - 86400 * value.days
    return f"P{value.days}D" if seconds == 0 else f"P{value.days}DT{seconds:g}S"


Age = Annotated[
    timedelta,
    PlainSerializer(_in_days, return_type=str),
    WithJsonSchema({"type": "string", "format": "duration", "examples": ["P400D"]}, mode="serialization"),
]
"""A duration in days: pydantic would write 400 of them as a year and 35 days, which RFC 3339 does not allow."""


class Shown(BaseModel):
    """Part of an answer."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Given(BaseModel):
    """A body: what it does not name is refused, so that nobody believes to have set it."""

    model_config = ConfigDict(extra="forbid")
