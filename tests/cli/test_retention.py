"""``aias retention`` and ``aias workflow restore``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg

from tests.cli.conftest import Run

Ok = Callable[..., Any]


def test_policies_are_shown_and_set(ok: Ok, cli: Run) -> None:
    policies = {row["policy"]: row for row in ok("retention", "status")["policies"]}
    assert policies["executions"]["action"] == "drop"
    assert policies["steps"]["follows"] == "executions"
    ok("retention", "set", "logs_info", "--days", "7", "--cadence", "weekly")
    policies = {row["policy"]: row for row in ok("retention", "status")["policies"]}
    assert policies["logs_info"]["cadence"] == "weekly"
    assert "executions" in cli("retention", "status").out
    assert cli("retention", "set", "nothing", "--days", "7").code == 3
    assert cli("retention", "set", "steps", "--days", "7").code == 4
    assert cli("retention", "set", "logs_info").code == 2


def test_a_tenant_is_held_and_released(ok: Ok, cli: Run) -> None:
    ok("tenant", "create", "acme")
    ok("retention", "hold", "--tenant", "acme", "--reason", "lawsuit")
    (hold,) = ok("retention", "status")["holds"]
    assert (hold["tenant"], hold["policy"], hold["age"]) == ("acme", "*", None)
    assert "lawsuit" in cli("retention", "status").out
    ok("retention", "release", "--tenant", "acme")
    assert ok("retention", "status")["holds"] == []
    assert cli("retention", "release", "--tenant", "acme").code == 3


def test_a_run_is_dry_or_recorded_for_a_worker(ok: Ok, cli: Run, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute(
            "insert into aias_private.signals (tenant_id, execution_id, name, payload, created_at)"
            " values (gen_random_uuid(), gen_random_uuid(), 's', '{}', now() - interval '1 year')"
        )
        (removal,) = ok("retention", "run", "--dry-run")["removals"]
        assert (removal["policy"], removal["rows"], removal["action"]) == ("signals", 1, "delete")
        assert conn.execute("select from aias_private.retention_runs").rowcount == 0
        assert len(ok("retention", "run")["removals"]) == 1
        assert conn.execute("select from aias_private.retention_runs where status = 'running'").rowcount == 1
        assert conn.execute("select from aias.jobs where task = 'aias.carry_out_retention'").rowcount == 1


def test_a_deleted_workflow_is_restored(ok: Ok, cli: Run, database_url: str) -> None:
    ok("tenant", "create", "acme")
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute(
            "with w as (insert into aias_private.workflows (tenant_id, name, current_version, deleted_at, is_enabled)"
            " select t.id, 'orders', 1, now(), false from aias.tenants as t returning tenant_id, id)"
            " insert into aias_private.workflow_versions"
            " (tenant_id, workflow_id, version, definition, checksum, created_by)"
            " select w.tenant_id, w.id, 1, '{}', '', 'test' from w"
        )
    assert cli("workflow", "restore", "nothing", "--tenant", "acme").code == 3
    ok("workflow", "restore", "orders", "--tenant", "acme")
    with psycopg.connect(database_url, autocommit=True) as conn:
        rows = conn.execute("select name, is_enabled, deleted_at from aias.workflows").fetchall()
    assert rows == [("orders", False, None)]
    assert cli("workflow", "restore", "orders", "--tenant", "acme").code == 3
