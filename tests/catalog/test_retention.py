from __future__ import annotations

from typing import Any

import psycopg
import pytest

Connection = psycopg.Connection[Any]


@pytest.fixture
def growing(tx: Connection) -> set[str]:
    """Every table partitioned by time, and every other with times that a function inserts a tenant's rows into."""
    rows = tx.execute(
        """
        select c.relname
        from pg_class as c
        where c.relnamespace = 'aias_private'::regnamespace
            and c.relpersistence = 'p'
            and (
                exists (
                    select from pg_partitioned_table as p where p.partrelid = c.oid and p.partstrat = 'r'
                )
                or (
                    c.relkind = 'r'
                    and not c.relispartition
                    and (
                        select count(*) filter (where a.attname = 'tenant_id') > 0
                            and count(*) filter (where a.atttypid in ('timestamptz'::regtype, 'date'::regtype)) > 0
                        from pg_attribute as a
                        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                    )
                    and exists (
                        select
                        from pg_proc as f
                        where f.pronamespace in ('aias'::regnamespace, 'aias_private'::regnamespace)
                            and f.prosrc ~ ('insert into aias_private\\.' || c.relname || '\\M')
                    )
                )
            )
        """
    ).fetchall()
    return {name for (name,) in rows}


def test_every_table_that_grows_has_a_retention_policy(tx: Connection, growing: set[str]) -> None:
    policies = {name for (name,) in tx.execute("select table_name from aias_private.retention_policies").fetchall()}
    assert growing - policies == set(), "insert a row into aias_private.retention_policies, in the table's migration"


def test_a_table_without_a_policy_would_be_found(tx: Connection, growing: set[str]) -> None:
    assert {"executions", "logs_info", "idempotency_keys", "notices"} <= growing


def test_every_policy_is_of_a_table_and_its_columns(tx: Connection) -> None:
    unknown = tx.execute(
        """
        select p.table_name, n.name
        from aias_private.retention_policies as p
        cross join lateral unnest(array[p.time_column] || p.anonymized_columns) as n(name)
        where n.name is not null and not exists (
            select from pg_attribute as a
            where a.attrelid = to_regclass('aias_private.' || p.table_name) and a.attname = n.name
        )
        """
    ).fetchall()
    assert unknown == []
    missing = tx.execute(
        "select table_name from aias_private.retention_policies"
        " where to_regclass('aias_private.' || table_name) is null"
    ).fetchall()
    assert missing == []


def test_what_is_dropped_by_month_is_partitioned_by_month(tx: Connection) -> None:
    wrong = tx.execute(
        "select table_name from aias_private.retention_policies"
        " where action in ('drop', 'archive', 'aggregate') and aias_private.partition_key(table_name) is null"
    ).fetchall()
    assert wrong == []
