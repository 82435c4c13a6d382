"""The one clock, set by tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql


def set_clock(conn: psycopg.Connection[Any] | psycopg.AsyncConnection[Any], at: datetime | None) -> Any:
    """Stop ``aias_private.now()`` of this database at a time; None lets it run again.

    With an asynchronous connection the result is to be awaited. In a test with ``tx`` it ends with the transaction;
    with a database of the test's own every connection sees it once committed.
    """
    time = sql.SQL("pg_catalog.now()") if at is None else sql.SQL("{}::timestamptz").format(sql.Literal(at.isoformat()))
    return conn.execute(
        sql.SQL(
            "create or replace function aias_private.now() returns timestamptz language sql stable parallel safe"
            " set search_path = pg_catalog, pg_temp as {}"
        ).format(sql.Literal(sql.SQL("select {}").format(time).as_string(None)))
    )
