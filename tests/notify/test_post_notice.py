"""Notices: put into the outbox once per key, for each channel that takes them."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

Tx = psycopg.Connection[Any]


def rows(tx: Tx, query: Any, *values: Any) -> list[dict[str, Any]]:
    with tx.cursor(row_factory=dict_row) as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def post(tx: Tx, tenant: Any, key: str, severity: str = "warning") -> Any:
    return rows(
        tx,
        "select aias_private.post_notice(%s, 'news', %s, 'A title', 'A body', %s, %s) as id",
        tenant,
        severity,
        Jsonb({"a": 1}),
        key,
    )[0]["id"]


def test_a_notice_is_put_once_per_key_for_the_operators_and_for_each_tenant(tx: Tx) -> None:
    tenant = rows(tx, "select aias.create_tenant('acme', 'pro') as id")[0]["id"]
    first, again = post(tx, tenant, "k"), post(tx, tenant, "k")
    assert first is not None
    assert again is None
    assert post(tx, None, "k") is not None
    assert rows(tx, "select tenant, channel, status, title, details from aias.notifications order by id") == [
        {"tenant": slug, "channel": "dashboard", "status": "delivered", "title": "A title", "details": {"a": 1}}
        for slug in ("acme", None)
    ]


def test_a_notice_of_an_unknown_severity_is_refused(tx: Tx) -> None:
    with pytest.raises(psycopg.Error, match="a severity is info, warning or critical, not 'loud'"):
        post(tx, None, "k", "loud")
