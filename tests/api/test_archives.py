"""``/v1/archives``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest

from aias.archive import archive_partition
from aias.db import Pool
from tests.api.conftest import NewClient

Connection = psycopg.AsyncConnection[Any]


async def test_operators_see_what_is_archived_and_tenants_do_not(
    client: NewClient, conn: Connection, pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIAS_ARCHIVE_URL", (tmp_path / "archive").as_uri())
    names = await (
        await conn.execute(
            "select inhrelid::regclass::text from pg_inherits"
            " where inhparent = 'aias_private.audit_log'::regclass and inhrelid::regclass::text not like '%_default'"
            " order by 1 limit 2"
        )
    ).fetchall()
    archived = [await archive_partition(pool, "audit_log", name.removeprefix("aias_private.")) for (name,) in names]
    operator = await client()
    first = (await operator.get("/v1/archives", params={"table": "audit_log", "limit": 1})).json()
    assert [item["id"] for item in first["items"]] == [str(archived[1].id)]
    second = (await operator.get(first["next"])).json()
    assert [item["id"] for item in second["items"]] == [str(archived[0].id)]
    shown = (await operator.get(f"/v1/archives/{archived[0].id}")).json()
    assert (shown["state"], shown["sha256"]) == ("verified", archived[0].sha256)
    assert (await operator.get("/v1/archives/00000000-0000-0000-0000-000000000009")).status_code == 404
    acme = await client("acme")
    assert (await acme.get("/v1/archives")).status_code == 403
    assert (await acme.get(f"/v1/archives/{archived[0].id}")).status_code == 403
