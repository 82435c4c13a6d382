"""``/v1/logs``, ``/v1/errors`` and ``/v1/fuses``."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
from psycopg.types.json import Jsonb

from aias.ids import uuid7
from tests.api.conftest import NewClient

Connection = psycopg.AsyncConnection[Any]


async def test_a_tenants_key_reads_its_own_logs_and_errors_and_releases_its_own_fuse(
    client: NewClient, conn: Connection, tenants: dict[str, str]
) -> None:
    cursor = await conn.execute("select id::text from aias.tenants where slug = %s", (tenants["acme"],))
    ((acme,),) = await cursor.fetchall()
    mark = f"mark{uuid4().hex}"
    row = {"at": "now", "level": "error", "logger": "t", "message": mark, "tenant_id": acme, "process": "p"}
    rows = [{"id": str(uuid7()), **row} for _ in range(3)]
    await conn.execute("select aias_private.add_logs(%s)", (Jsonb(rows),))
    failure = {
        "fingerprint": mark, "type": "ValueError", "message": mark, "frames": ["a:b"], "tenant_id": acme,
        "failure_count": 60, "first_at": "now", "last_at": "now", "sample": {}, "executions": [], "occurrences": [],
        "fuses": [{"scope": "task", "name": mark, "failure_count": 60}],
    }  # fmt: skip
    await conn.execute("select aias_private.record_errors(%s, 1, %s)", (uuid4(), Jsonb([failure])))
    own, other, operator = await client("acme"), await client("other"), await client()

    first = (await own.get("/v1/logs", params={"text": mark, "level": "error", "limit": 2})).json()
    second = (await own.get(first["next"])).json()
    seen = [item["id"] for item in first["items"] + second["items"]]
    assert seen == [row["id"] for row in rows[::-1]]
    assert (await other.get("/v1/logs", params={"text": mark})).json()["items"] == []

    (error,) = [one for one in (await own.get("/v1/errors")).json()["items"] if one["message"] == mark]
    assert error["failure_count"] == 60
    path = f"/v1/errors/{error['id']}"
    assert (await other.get(path)).status_code == 404
    assert (await own.post(f"{path}/resolve", json={})).status_code == 403
    assert (await operator.post(f"{path}/resolve", json={"reason": "fixed"})).json()["status"] == "resolved"
    assert (await operator.post(f"{path}/resolve", json={})).status_code == 409

    (fuse,) = (await own.get("/v1/fuses", params={"blown": True})).json()["items"]
    path = f"/v1/fuses/{fuse['id']}"
    assert (fuse["name"], fuse["within"]) == (mark, 300.0)
    assert (await other.post(f"{path}/release", json={})).status_code == 404
    released = (await own.post(f"{path}/release", json={"requeue": True})).json()
    assert (released["status"], released["requeued_at_once"]) == ("released", 0)
    assert (await own.post(f"{path}/release", json={})).status_code == 409
