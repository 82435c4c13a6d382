"""What a confined role sees and may do: its own tenant, and nothing else."""

from __future__ import annotations

from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import errors, sql

from tests.workflows.sql.conftest import SIMPLE, Ledger

# what is of no tenant here is everybody's: the rules that the system comes with
SHARED = {"alert_rules", "fuse_rules"}


@pytest.fixture
def other(ledger: Ledger) -> Ledger:
    """A second tenant with everything that views show."""
    made = Ledger(connection=ledger.connection, tenant="other")
    made.apply(SIMPLE)
    made.value("select aias.create_user('other', 'zoe@example.test', 'Zoe', 'owner')")
    execution = made.run(key="k")
    made.claim(execution)
    made.record(execution, 1, {"id": "one", "to": "failed", "error": {"type": "T", "message": "m"}})
    made.finish(execution, 1, "failed")
    return made


def become(ledger: Ledger, role: str, tenant: Any) -> None:
    ledger.connection.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
    ledger.connection.execute("select set_config('aias.tenant_id', %s, true)", (str(tenant or ""),))


def views(ledger: Ledger) -> list[str]:
    rows = ledger.rows(
        "select c.relname from pg_class as c join pg_namespace as n on n.oid = c.relnamespace"
        " where n.nspname = 'aias' and c.relkind in ('v', 'm')"
        " and exists (select from pg_attribute as a where a.attrelid = c.oid and a.attname in ('tenant_id', 'slug'))"
    )
    return sorted(row["relname"] for row in rows)


def test_a_view_shows_an_application_its_own_tenant_only(ledger: Ledger, other: Ledger) -> None:
    names = views(ledger)
    assert {"executions", "execution_steps", "dead_letters", "audit_log", "tenants", "users"} <= set(names)
    become(ledger, "aias_app", ledger.tenant_id)
    for name in names:
        column = "id" if name == "tenants" else "tenant_id"
        query = sql.SQL("select distinct {} from aias.{}").format(sql.Identifier(column), sql.Identifier(name))
        seen = {row[0] for row in ledger.connection.execute(query)}
        assert seen <= {ledger.tenant_id} | ({None} if name in SHARED else set()), name


def test_without_a_tenant_an_application_sees_nothing(ledger: Ledger, other: Ledger) -> None:
    names = views(ledger)
    become(ledger, "aias_app", None)
    for name in names:
        query = sql.SQL("select count(*) from aias.{}").format(sql.Identifier(name))
        if name in SHARED:
            query += sql.SQL(" where tenant_id is not null")
        assert ledger.connection.execute(query).fetchone() == (0,), name


def test_an_application_acts_for_its_own_tenant_only(ledger: Ledger, other: Ledger) -> None:
    execution = other.value("select id from aias.executions where tenant = 'other'")
    letter = other.value("select id from aias.dead_letters where execution_id = %s", execution)
    become(ledger, "aias_app", ledger.tenant_id)
    mine = ledger.run()
    assert ledger.execution(mine)["tenant"] == "acme"
    assert ledger.value("select reason from aias.explain_execution(%s)", mine)
    refused: list[tuple[LiteralString, Any]] = [
        ("aias.run_workflow('other', 'simple', %s::jsonb)", "{}"),
        ("aias.apply_workflow('other', %s::jsonb)", '{"name": "x", "steps": [{"id": "a", "action": "noop"}]}'),
        ("aias.cancel_execution(%s)", execution),
        ("aias.retry_execution(%s)", execution),
        ("aias.replay_execution(%s)", execution),
        ("aias.explain_execution(%s)", execution),
        ("aias.send_signal(%s, 'x')", execution),
        ("aias.approve_step(%s, 'one', true, 'me')", execution),
        ("aias.requeue_dead_letter(%s)", letter),
        ("aias.discard_dead_letter(%s, 'x')", letter),
    ]
    for call, argument in refused:
        with pytest.raises(psycopg.Error) as caught, ledger.connection.transaction():
            ledger.connection.execute(f"select {call}", (argument,))
        assert caught.value.sqlstate == "JR404", call


def test_an_application_is_no_administrator(ledger: Ledger) -> None:
    become(ledger, "aias_app", ledger.tenant_id)
    for statement in (
        "select aias.create_tenant('x', 'free')",
        "select aias.set_plan('acme', 'enterprise')",
        "select * from aias_private.executions",
        "update aias_private.executions set status = 'failed'",
        "select aias_private.claim_execution(null, null, null, null)",
    ):
        with pytest.raises(errors.InsufficientPrivilege), ledger.connection.transaction():
            ledger.connection.execute(statement)


def test_a_role_of_its_own_tenant_cannot_leave_it(ledger: Ledger, other: Ledger) -> None:
    ledger.connection.execute("create role acme_sql in role aias_app")
    ledger.connection.execute(
        "insert into aias_private.tenant_roles (role_name, tenant_id) values ('acme_sql', %s)", (ledger.tenant_id,)
    )
    become(ledger, "acme_sql", other.tenant_id)
    assert ledger.rows("select distinct slug from aias.tenants") == [{"slug": "acme"}]
    with pytest.raises(psycopg.Error) as caught:
        ledger.value("select aias.run_workflow('other', 'simple')")
    assert caught.value.sqlstate == "JR404"


def test_an_analyst_reads_every_view_and_nothing_else(ledger: Ledger, other: Ledger) -> None:
    names = views(ledger)
    become(ledger, "aias_analyst", None)
    for name in names:
        ledger.connection.execute(sql.SQL("select * from aias.{} limit 1").format(sql.Identifier(name)))
    assert ledger.value("select count(distinct tenant_id) from aias.executions") >= 1
    for statement in (
        "select * from aias_private.executions",
        "select aias.run_workflow('acme', 'simple')",
        "delete from aias.users",
    ):
        with pytest.raises(errors.InsufficientPrivilege), ledger.connection.transaction():
            ledger.connection.execute(statement)


def test_a_worker_role_can_do_the_engines_work(ledger: Ledger) -> None:
    execution = ledger.run()
    become(ledger, "aias_worker", None)
    claim = ledger.claim(execution)
    assert claim is not None
    ledger.record(execution, 1, {"id": "one", "to": "failed", "transient": True, "error": {}, "retry_after": 5})
    assert ledger.suspend(execution, 1) == "suspended"
    claim = ledger.claim(execution)
    assert claim is not None
    assert ledger.finish(execution, claim["attempt"], "failed")


def test_the_audit_log_is_append_only_for_everyone(ledger: Ledger) -> None:
    ledger.run()
    for statement in (
        "update aias_private.audit_log set actor = 'x'",
        "delete from aias_private.audit_log",
        "truncate aias_private.audit_log",
        "truncate aias_private.audit_log_default",
    ):
        with pytest.raises(psycopg.Error, match="append-only"), ledger.connection.transaction():
            ledger.connection.execute(statement)
