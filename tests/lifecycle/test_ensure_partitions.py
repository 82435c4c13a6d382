from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql

from aias.app import app
from aias.errors import InvalidArgument
from aias.lifecycle import ensure_partitions
from aias.tenants import create_tenant

Connection = psycopg.AsyncConnection[Any]
TABLES = {"audit_log", "effects", "executions", "steps", "execution_events"}


async def test_the_months_ahead_are_there_after_a_migration(conn: Connection) -> None:
    assert await ensure_partitions(conn) == []


async def test_a_new_month_is_made_for_every_growing_table(conn: Connection, set_clock: Callable[..., Any]) -> None:
    await set_clock(conn, datetime(2031, 12, 31, 23, 59, tzinfo=UTC))
    made = await ensure_partitions(conn, months_ahead=1)
    assert {m.problem for m in made} == {None}
    assert {m.partition_name for m in made} >= {
        f"{table}_{month}" for table in TABLES for month in ("2031_12", "2032_01")
    }


async def test_a_row_lands_in_the_partition_of_its_month(conn: Connection) -> None:
    await create_tenant(conn, slug="acme")
    cursor = await conn.execute("select tableoid::regclass::text from aias_private.audit_log")
    (row,) = await cursor.fetchall()
    assert row[0] == f"aias_private.audit_log_{datetime.now(UTC):%Y_%m}"


async def test_a_partition_of_the_audit_log_is_as_closed_as_the_table(
    conn: Connection, set_clock: Callable[..., Any]
) -> None:
    await create_tenant(conn, slug="acme")
    this, new = f"audit_log_{datetime.now(UTC):%Y_%m}", "audit_log_2031_12"
    await set_clock(conn, datetime(2031, 12, 1, tzinfo=UTC))
    await ensure_partitions(conn, months_ahead=0)
    statements: list[tuple[LiteralString, str]] = [
        ("delete from aias_private.{}", this),
        ("truncate aias_private.{}", this),
        ("truncate aias_private.{}", new),
    ]
    for statement, table in statements:
        with pytest.raises(psycopg.Error, match="append-only"):
            await conn.execute(sql.SQL(statement).format(sql.Identifier(table)))


async def test_rows_of_an_uncovered_month_are_kept_and_told(conn: Connection, set_clock: Callable[..., Any]) -> None:
    await conn.execute(
        "insert into aias_private.audit_log (id, actor, actor_kind, action, object_kind, object_id)"
        " values (aias_private.uuid7_floor('2031-12-05 00:00+00'), 'test', 'system', 'a.b', 'c', 'd')"
    )
    await set_clock(conn, datetime(2031, 12, 1, tzinfo=UTC))
    problems = {m.partition_name: m.problem for m in await ensure_partitions(conn, months_ahead=0)}
    assert problems["audit_log_2031_12"]
    assert problems["steps_2031_12"] is None


async def test_months_ahead_are_bounded(conn: Connection) -> None:
    with pytest.raises(InvalidArgument) as caught:
        await ensure_partitions(conn, months_ahead=121)
    assert caught.value.argument == "p_months_ahead"


def test_it_is_done_daily() -> None:
    app.perform_import_paths()
    assert app.scheduled["partitions"].cron == "17 3 * * *"
