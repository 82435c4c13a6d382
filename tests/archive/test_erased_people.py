"""Who was erased does not come back with an archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from aias.archive import archive_partition, restore_archive
from aias.db import Pool
from aias.privacy import erase_user, finish_erasure
from aias.tenants import create_tenant, create_user
from tests.archive.conftest import value

Connection = psycopg.AsyncConnection[Any]


async def test_whoever_was_erased_since_is_not_in_what_is_brought_back(
    conn: Connection, pool: Pool, directory: Path
) -> None:
    tenant = await create_tenant(conn, slug="shop", plan="pro")
    ann = await create_user(conn, tenant="shop", email="ann@shop.example", name="Ann")
    bob = await create_user(conn, tenant="shop", email="bob@shop.example", name="Bob")
    await conn.execute(
        "insert into aias_private.telemetry_events"
        " (tenant_id, id, event_id, name, user_id, occurred_at, received_at, properties)"
        " select %s, aias_private.uuid7(), u, 'page.viewed', u, now(), now(), '{}' from unnest(%s::text[]) as u",
        (tenant, [str(ann), str(bob)]),
    )
    partition = await value(
        conn,
        "select c.relname from aias_private.telemetry_events as e join pg_class as c on c.oid = e.tableoid limit 1",
    )
    archived = await archive_partition(pool, "telemetry_events", partition)
    assert archived.row_count == 2
    await finish_erasure(conn, await erase_user(conn, ann, "asked"))

    restored = await restore_archive(conn, archived.id)
    assert (restored.erased_count, restored.row_count) == (1, 1)
    query = sql.SQL("select string_agg(t::text, '') from aias_archive.{} as t")
    left = await value(conn, query.format(sql.Identifier(partition)))
    assert str(bob) in left
    assert str(ann) not in left
