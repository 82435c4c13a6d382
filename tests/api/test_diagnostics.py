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


async def test_an_operator_sets_when_fuses_blow_and_finds_what_one_diverted(
    client: NewClient, conn: Connection, tenants: dict[str, str]
) -> None:
    own, operator = await client("acme"), await client()
    path = "/v1/fuses/rules/task/acme.import"
    rule = {"failures": 3, "within_seconds": 60}
    assert (await own.put(path, json=rule)).status_code == 403
    assert (await operator.put(path, json=rule)).status_code == 204
    rules = {(one["scope"], one["name"]): one for one in (await own.get("/v1/fuses/rules")).json()["items"]}
    assert rules["task", "acme.import"] == {
        "scope": "task", "name": "acme.import", "failure_count": 3, "within": 60.0, "is_enabled": True
    }  # fmt: skip
    assert {("task", "*"), ("workflow", "*")} <= rules.keys()
    assert (await operator.put(path, json={**rule, "within_seconds": 1})).status_code == 422
    assert (await operator.delete(path)).status_code == 204
    assert (await operator.delete(path)).status_code == 404
    assert (await operator.delete("/v1/fuses/rules/task/*")).status_code == 409

    cursor = await conn.execute(
        "with f as (insert into aias_private.fuses"
        " (tenant_id, scope, name, fingerprint, key, reason, failure_count, within)"
        " select t.id, 'task', 'x', 'f', %s, 'no', 3, '1 min' from aias.tenants as t where t.slug = %s"
        " returning tenant_id, id),"
        " d as (insert into aias_private.dead_letters (tenant_id, kind, job_id, reason, error, snapshot, fuse_id)"
        " select f.tenant_id, 'job', 7, 'held', '{}', '{}', g.fuse from f, lateral (values (f.id), (null)) as g (fuse)"
        " returning id, fuse_id) select d.id::text, d.fuse_id::text from d where d.fuse_id is not null",
        (uuid4().hex, tenants["acme"]),
    )
    ((letter, fuse),) = await cursor.fetchall()
    found = (await own.get("/v1/dead-letters", params={"fuse": fuse})).json()["items"]
    assert [(one["id"], one["fuse_id"]) for one in found] == [(letter, fuse)]
    assert (await own.get(f"/v1/dead-letters/{letter}")).json()["fuse_id"] == fuse
    assert len((await own.get("/v1/dead-letters")).json()["items"]) == 2
