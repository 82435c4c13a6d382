"""Alerts that the system raises itself: opened once, counted, ended."""

from __future__ import annotations

from typing import Any, LiteralString

import psycopg
from psycopg.rows import dict_row

Tx = psycopg.Connection[Any]


def rows(tx: Tx, query: LiteralString, *values: Any) -> list[dict[str, Any]]:
    with tx.cursor(row_factory=dict_row) as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def raised(tx: Tx, tenant: Any, key: str) -> Any:
    return rows(
        tx, "select aias_private.raise_alert('fuse_blown', %s, %s, 'critical', 'It blew', '{}') as id", tenant, key
    )[0]["id"]


def test_an_alert_is_opened_once_counted_and_ended(tx: Tx) -> None:
    tenant = rows(tx, "select aias.create_tenant('acme', 'pro') as id")[0]["id"]
    first = raised(tx, tenant, "flow")
    assert [raised(tx, tenant, "flow"), raised(tx, tenant, "flow")] == [first, first]
    assert raised(tx, tenant, "other") != first
    assert raised(tx, None, "flow") != first
    assert rows(tx, "select occurrence_count, status from aias.alerts where id = %s", first) == [
        {"occurrence_count": 3, "status": "open"}
    ]
    ended = [
        rows(tx, "select aias_private.resolve_alert('fuse_blown', %s, 'flow') as it", tenant)[0]["it"] for _ in range(2)
    ]
    assert ended == [True, False]
    assert raised(tx, tenant, "flow") != first  # it came back: a new one


def test_an_alert_of_a_rule_that_is_switched_off_is_not_opened(tx: Tx) -> None:
    tx.execute("update aias_private.alert_rules set is_enabled = false where name = 'fuse_blown'")
    assert raised(tx, None, "flow") is None
    assert rows(tx, "select id from aias.alerts") == []
