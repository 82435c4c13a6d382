"""A tenant with connections, whose guards ask and tell the database directly."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID, uuid4

import psycopg
from psycopg.rows import dict_row

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


@dataclass
class Gatehouse:
    """One connection, ``http:<tenant>/main``, in one transaction whose time the test sets."""

    tx: psycopg.Connection[Any]
    set_clock: Callable[..., Any]
    kind: str = "http"
    url: str = "http://127.0.0.1:1"
    tenant: str = field(default_factory=lambda: f"house-{uuid4().hex[:8]}")
    now: datetime = START

    def __post_init__(self) -> None:
        self.at(0)
        self.tenant_id: UUID = self.value("select aias.create_tenant(%s, 'pro')", self.tenant)
        self.integration = self.connect(self.kind, "main")
        self.gate = f"{self.kind}:{self.tenant}/main"

    def connect(self, kind: str, name: str) -> UUID:
        return self.value(
            "select aias.connect_integration(%s, %s, %s, %s, %s, %s, %s)",
            self.tenant,
            kind,
            name,
            json.dumps({"url": self.url}),
            b"\x01" + b"s" * 40,
            "0" * 16,
            uuid4(),
        )

    def at(self, seconds: float) -> None:
        """Set the time to so many seconds after the start."""
        self.now = START + timedelta(seconds=seconds)
        self.set_clock(self.tx, self.now)

    def rows(self, query: LiteralString, *arguments: Any) -> list[dict[str, Any]]:
        return self.tx.cursor(row_factory=dict_row).execute(query, arguments).fetchall()

    def row(self, query: LiteralString, *arguments: Any) -> dict[str, Any]:
        (found,) = self.rows(query, *arguments)
        return found

    def value(self, query: LiteralString, *arguments: Any) -> Any:
        return next(iter(self.row(query, *arguments).values()))

    def call(self, **given: Any) -> dict[str, Any]:
        return {
            "tenant": str(self.tenant_id),
            "integration": str(self.integration),
            "kind": self.kind,
            "connection": "main",
            "holder": str(uuid4()),
            "cost": 1,
            "timeout": 30.0,
            "mode": "new",
            "patience": 0.0,
            "ahead_count": 0,
            "ahead_points": 0,
            **given,
        }

    def enter_all(self, *calls: dict[str, Any]) -> list[dict[str, Any]]:
        return self.rows("select * from aias_private.enter_upstream(%s) order by place", json.dumps(calls))

    def enter(self, **given: Any) -> dict[str, Any]:
        """Ask for one call."""
        return self.enter_all(self.call(**given))[0]

    def note(self, *events: dict[str, Any], ok: int = 0, failed: int = 0) -> None:
        """Tell of calls and events."""
        what = {"tenant": str(self.tenant_id), "integration": str(self.integration)}
        counts = [
            {**what, "operation": "GET", "status_class": status, "count": count, "failures": failures}
            | {"total_ms": 10.0 * count, "max_ms": 12.5}
            for status, count, failures in (("2xx", ok, 0), ("5xx", failed, failed))
            if count
        ]
        self.rows(
            "select aias_private.note_upstream_calls(%s, %s)",
            json.dumps(counts),
            json.dumps([{**what, **event} for event in events]),
        )

    def state(self, gate: str | None = None) -> dict[str, Any]:
        return self.row("select * from aias.gates where gate = %s", gate or self.gate)

    def breaker(self) -> dict[str, Any]:
        return self.row("select * from aias.breakers where integration_id = %s", self.integration)

    def close(self, gate: str | None = None, *, seconds: float | None = 60.0, reason: str = "maintenance") -> None:
        until = None if seconds is None else self.now + timedelta(seconds=seconds)
        self.rows("select aias.close_gate(%s, %s, %s)", gate or self.gate, until, reason)

    def act_as(self, role: LiteralString, tenant_id: UUID) -> None:
        self.tx.execute("select set_config('aias.tenant_id', %s, true)", (str(tenant_id),))
        self.tx.execute(f"set local role {role}".encode())
