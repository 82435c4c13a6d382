"""Filters of lists, kept in the address: what is looked at can be sent to somebody else, and gone back to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlencode
from uuid import UUID

from aias.api.lists.executions import ExecutionFilter
from aias.errors import InvalidArgument

__all__ = ["ExecutionFilters", "link", "time_of", "uuid_of"]

STATUSES = ("queued", "running", "waiting", "succeeded", "failed", "cancelled")
_TRACE = re.compile(r"[0-9a-f]{32}", re.ASCII)
_LONGEST = 300


def link(path: str, values: Mapping[str, Any]) -> str:
    """Give a path with those values as its query that are not empty."""
    query = urlencode([(name, str(value)) for name, value in values.items() if value not in {None, ""}])
    return f"{path}?{query}" if query else path


def uuid_of(text: str, name: str) -> UUID | None:
    """Read an id; None for nothing.

    Raises:
        InvalidArgument: it is none.
    """
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise InvalidArgument(f"{name}: that is no id", argument=name) from None


def time_of(text: str, name: str) -> datetime | None:
    """Read a time as the browser's field writes it, in UTC where it says no zone; None for nothing.

    Raises:
        InvalidArgument: it is none.
    """
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise InvalidArgument(f"{name}: that is no time, as 2026-11-24T16:00", argument=name) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionFilters:
    """Which executions, as texts of the address; empty ones don't narrow."""

    tenant: str = ""
    workflow: str = ""
    status: str = ""
    since: str = ""
    until: str = ""
    key: str = ""
    trace: str = ""
    parent: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Self:
        """Read them from an address or a form; what is none of them is left out."""
        return cls(**{one.name: values.get(one.name, "").strip()[:_LONGEST] for one in fields(cls)})

    @property
    def given(self) -> dict[str, str]:
        """Those that narrow."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name))}

    def link(self, path: str = "/executions", **more: Any) -> str:
        """Give an address with these filters, and with what else it needs."""
        return link(path, {**self.given, **more})

    def which(self, tenant_id: UUID | None) -> ExecutionFilter:
        """Give what the list's query takes.

        Raises:
            InvalidArgument: one of them can't be read.
        """
        if self.status and self.status not in STATUSES:
            raise InvalidArgument(f"status: one of {', '.join(STATUSES)}", argument="status")
        if self.trace and not _TRACE.fullmatch(self.trace):
            raise InvalidArgument("trace: 32 digits or letters from a to f", argument="trace")
        return ExecutionFilter(
            tenant_id=tenant_id,
            workflow=self.workflow or None,
            status=self.status or None,
            since=time_of(self.since, "since"),
            until=time_of(self.until, "until"),
            idempotency_key=self.key or None,
            trace_id=self.trace or None,
            parent=uuid_of(self.parent, "parent"),
        )
