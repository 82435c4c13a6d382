"""An audit log with many rows, its chain, and hands that reach behind its guards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

BEGIN = "2026-03-10 08:00:00+00"


@dataclass(kw_only=True)
class Chain:
    """What tests do with an audit log: as a superuser, in a transaction or committing."""

    conn: psycopg.Connection[Any]

    def rows(self, query: LiteralString, *values: Any) -> list[dict[str, Any]]:
        """Run a statement and give what it returns."""
        with self.conn.cursor(row_factory=dict_row) as cursor:
            cursor.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def value(self, query: LiteralString, *values: Any) -> Any:
        """Give the one value of a query."""
        ((found,),) = [tuple(row.values()) for row in self.rows(query, *values)]
        return found

    def fill(self, count: int, *, begin: str = BEGIN) -> list[UUID]:
        """Add rows, one per millisecond from a time on, and give their ids in order."""
        self.rows(
            "insert into aias_private.audit_log"
            " (id, at, actor, actor_kind, action, object_kind, object_id, detail, request_id)"
            " select aias_private.uuid7_floor(t.at), t.at, 'user:' || n %% 50, 'user', 'workflow.applied', 'workflow',"
            " n::text, jsonb_build_object('version', n, 'before', jsonb_build_object('name', 'Müller & Söhne')),"
            " 'r-' || n"
            " from generate_series(0, %s - 1) as n"
            " cross join lateral (select %s::timestamptz + n * interval '1 ms' as at) as t",
            count,
            begin,
        )
        return [row["id"] for row in self.rows("select id from aias_private.audit_log order by id")]

    def seal(self, limit: int = 10_000) -> int:
        """Seal all there is, and give in how many seals."""
        seals = 0
        while self.value("select aias.seal_audit(%s)", limit):
            seals += 1
        return seals

    def verify(self, first: int | None = None, last: int | None = None) -> dict[str, Any]:
        """Give the answer of ``aias.verify_audit``."""
        (found,) = self.rows("select * from aias.verify_audit(%s, %s)", first, last)
        return found

    def tamper(self, statement: LiteralString, *values: Any) -> None:
        """Change something as a superuser: guards off, the change, guards on."""
        assert self.value("select rolsuper from pg_roles where rolname = current_user")
        self.rows("set session_replication_role = replica")
        self.rows(statement, *values)
        self.rows("set session_replication_role = origin")
