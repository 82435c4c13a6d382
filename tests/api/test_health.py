"""``/health`` with what the workers found, and what operators see of it."""

from __future__ import annotations

from typing import Any

import psycopg

from tests.api.conftest import NewClient

Connection = psycopg.AsyncConnection[Any]


async def test_health_is_503_while_a_vital_check_fails_and_names_nothing_to_strangers(
    client: NewClient, conn: Connection
) -> None:
    nobody, operator = await client(token=None), await client()
    await conn.execute("create sequence aias_private.numbers as smallint")
    await conn.execute("select setval('aias_private.numbers', 32000)")
    looked = await operator.post("/v1/health/sequences/look")
    assert looked.status_code == 200
    (check,) = looked.json()["items"]
    assert (check["status"], check["problems"]) == (
        "failing",
        [{"object": "aias_private.numbers", "problem": "98 % of its numbers are used"}],
    )
    answer = await nobody.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "failing")
    kept = next(one for one in answer.json()["checks"] if one["name"] == "sequences")
    assert (kept["matters"], kept["status"], kept["latency_ms"] > 0) == (True, "failing", True)
    assert kept["checked_at"] is not None
    assert "numbers" not in answer.text
    assert (await nobody.get("/readyz")).status_code == 200  # it serves all the same

    await conn.execute("drop sequence aias_private.numbers")
    assert (await operator.post("/v1/health/sequences/look")).json()["items"][0]["status"] == "ok"
    assert (await nobody.get("/health")).status_code == 200
    listed = (await operator.get("/v1/health")).json()["items"]
    assert {one["name"]: one["status"] for one in listed}["sequences"] == "ok"
    assert (await operator.post("/v1/health/nonsense/look")).status_code == 404
    assert (await operator.post("/v1/health/api/look")).status_code == 422


async def test_orphans_are_for_operators(client: NewClient, conn: Connection) -> None:
    acme, operator = await client("acme"), await client()
    await conn.execute("set session_replication_role = replica")
    await conn.execute(
        "insert into aias_private.usage_months (tenant_id, month, measure, used_count)"
        " values (gen_random_uuid(), '2026-01-01', 'steps', 1)"
    )
    await conn.execute("reset session_replication_role")
    found = (await operator.get("/v1/orphans")).json()["items"]
    assert [(one["kind"], one["row_count"]) for one in found if one["row_count"]] == [("usage_without_tenant", 1)]
    repaired = (await operator.post("/v1/orphans/repair")).json()["items"]
    assert [one["repaired_count"] for one in repaired if one["row_count"]] == [1]
    assert all(one["row_count"] == 0 for one in (await operator.get("/v1/orphans")).json()["items"])
    for method, path in (
        ("GET", "/v1/health"),
        ("POST", "/v1/health/sequences/look"),
        ("GET", "/v1/orphans"),
        ("POST", "/v1/orphans/repair"),
    ):
        assert (await acme.request(method, path)).status_code == 403, path
