"""No role of the system changes the audit log: it may not, and if it might, the triggers refuse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from tests.audit.chain import Chain
from tests.clock import set_clock

CHANGES = (
    "update {} set {} = {}",
    "delete from {}",
    "truncate {}",
)
TABLES = {
    "aias_private.audit_log": "actor",
    "aias_private.audit_log_default": "actor",
    "aias_private.audit_log_2199_01": "actor",
    "aias_private.audit_seals": "hash",
}


@pytest.fixture
def guarded(chain: Chain) -> Chain:
    """A log with sealed rows, and a partition that was made later."""
    chain.fill(5)
    chain.seal()
    set_clock(chain.conn, datetime(2198, 12, 5, tzinfo=UTC))
    chain.rows("select aias_private.ensure_partitions(1)")
    chain.fill(5, begin="2199-01-05")
    return chain


def changes() -> Iterator[str]:
    for table, column in TABLES.items():
        for change in CHANGES:
            yield change.format(table, column, column)


def refused(conn: psycopg.Connection[Any], statement: str) -> str | None:
    with pytest.raises(psycopg.Error) as error, conn.transaction():
        conn.execute(statement)  # pyright: ignore[reportCallIssue, reportArgumentType]
    return error.value.sqlstate


@pytest.mark.parametrize("role", ["aias_app", "aias_worker", "aias_analyst", "aias_admin"])
def test_no_role_has_the_right(role: str, guarded: Chain) -> None:
    guarded.rows("select set_config('role', %s, true)", role)
    assert {refused(guarded.conn, statement) for statement in changes()} == {"42501"}
    assert (
        refused(guarded.conn, "insert into aias_private.audit_seals select * from aias_private.audit_seals") == "42501"
    )


def test_the_owner_without_superuser_is_refused_by_the_triggers_even_when_it_takes_the_right_back(
    guarded: Chain,
) -> None:
    guarded.rows("create role log_owner nosuperuser")
    guarded.rows("grant usage, create on schema aias_private to log_owner")
    for table in TABLES:
        guarded.rows(f"alter table {table} owner to log_owner")  # pyright: ignore[reportArgumentType]
    guarded.rows("set local role log_owner")
    assert {refused(guarded.conn, statement) for statement in changes()} == {"42501"}
    for table in TABLES:
        guarded.rows(f"grant update, delete, truncate on {table} to log_owner")  # pyright: ignore[reportArgumentType]
    guarded.rows("alter table aias_private.audit_log no force row level security")
    guarded.rows("alter table aias_private.audit_log disable row level security")
    assert {refused(guarded.conn, statement) for statement in changes()} == {"JR403"}
    assert refused(guarded.conn, "set local session_replication_role = replica") == "42501"
    # what an owner can do is switch the guards off: that is found, with or without a change
    guarded.rows("alter table aias_private.audit_log disable trigger audit_log_is_append_only")
    guarded.rows("reset role")
    assert guarded.verify()["finding"] == "guard_off"


def test_a_superuser_is_refused_too(guarded: Chain) -> None:
    assert {refused(guarded.conn, statement) for statement in changes()} == {"JR403"}
