"""``aias health`` and ``aias orphans``: what they print, and how they end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg

from tests.cli.conftest import Run

Ok = Callable[..., Any]


def test_health_ends_with_one_when_a_vital_check_fails(ok: Ok, cli: Run, database_url: str) -> None:
    shown = ok("health")
    assert (shown["is_failing"], {one["status"] for one in shown["checks"]}) == (False, {"unknown"})
    assert ok("health", "--check", "sequences")["checks"][0]["status"] == "ok"
    assert ok("health", "--check", "api", "--check", "indexes")["is_failing"] is False
    assert cli("health", "--check", "nonsense").code == 3
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("create sequence aias_private.numbers as smallint")
        conn.execute("select setval('aias_private.numbers', 32000)")
    failing = cli("health", "--check", "sequences")
    assert failing.code == 1
    assert "sequences: aias_private.numbers: 98 % of its numbers are used" in failing.out
    assert cli("health", "--json").code == 1
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("drop sequence aias_private.numbers")
    assert ok("health", "--check", "sequences")["is_failing"] is False
    assert ok("health")["is_failing"] is False


def test_orphans_are_shown_and_repaired(ok: Ok, cli: Run, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("set session_replication_role = replica")
        conn.execute(
            "insert into aias_private.usage_months (tenant_id, month, measure, used_count)"
            " values (gen_random_uuid(), '2026-01-01', 'steps', 1)"
        )
    kinds = {one["kind"]: one for one in ok("orphans")["orphans"]}
    assert (kinds["usage_without_tenant"]["row_count"], kinds["usage_without_tenant"]["repaired_count"]) == (1, 0)
    assert "usage_without_tenant" in cli("orphans").out
    kinds = {one["kind"]: one for one in ok("orphans", "--repair")["orphans"]}
    assert kinds["usage_without_tenant"]["repaired_count"] == 1
    assert {one["row_count"] for one in ok("orphans")["orphans"]} == {0}
