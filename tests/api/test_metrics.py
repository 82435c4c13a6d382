"""``/v1/metrics`` and ``/metrics``: the same as in SQL, of the key's own tenant or of all."""

from __future__ import annotations

import json
from typing import Any

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.api.conftest import NewClient

Connection = psycopg.AsyncConnection[Any]

# twice 0.1 s and once 5 s, which failed: aias.observations.bucket_of
OBSERVED = {"count": 3, "failures": 1, "total": 5.2, "buckets": [-115, 81], "counts": [2, 1]}


@pytest.fixture
async def observed(conn: Connection, tenants: dict[str, str]) -> str:
    """An endpoint that nobody else asks, observed for acme; its name is hard to write down."""
    endpoint = f'GET /v1/"{tenants["acme"]}"\\x'
    cursor = await conn.execute("select id from aias.tenants where slug = %s", (tenants["acme"],))
    ((tenant,),) = await cursor.fetchall()
    told = [{"metric": "requests", "tenant": str(tenant), "key": endpoint, **OBSERVED}]
    await conn.execute("select aias_private.add_observations(%s::jsonb)", (json.dumps(told),))
    return endpoint


async def test_percentiles_and_rates_are_the_keys_own(client: NewClient, observed: str) -> None:
    own, other, operator = await client("acme"), await client("other"), await client()
    asked = {"metric": "requests", "by": "endpoint"}
    for asking, is_told in ((own, True), (operator, True), (other, False)):
        answer = await asking.get("/v1/metrics/percentiles", params=asked)
        assert answer.status_code == 200, answer.text
        found = {row["key"]: row for row in answer.json()["items"]}
        assert (observed in found) is is_told
    assert found.keys() <= {""}, "the other tenant has asked nothing yet"
    (row,) = [
        row for row in (await own.get("/v1/metrics/rates", params=asked)).json()["items"] if row["key"] == observed
    ]
    assert (row["count"], row["failure_count"], row["error_rate"]) == (3, 1, 0.333333)
    kept = (await own.get("/v1/metrics/slo")).json()["items"]
    assert {row["objective"] for row in kept} == {"api_error_rate", "api_p95", "api_p99"}


async def test_a_bad_question_is_told_so(client: NewClient) -> None:
    own = await client("acme")
    for asked in (
        {"metric": "nothing"},
        {"metric": "requests", "by": "workflow"},
        {"metric": "requests", "since": "2026-03-01T00:00:00Z", "until": "2026-02-01T00:00:00Z"},
    ):
        answer = await own.get("/v1/metrics/percentiles", params=asked)
        assert answer.status_code == 422, answer.text


async def test_what_is_about_all_tenants_is_for_operators(client: NewClient) -> None:
    for path in ("/metrics", "/v1/metrics/slow-queries"):
        assert (await (await client("acme")).get(path)).status_code == 403
        assert (await (await client(token=None)).get(path)).status_code == 401
        assert (await (await client(None, "metrics:read")).get(path)).status_code == 200
        assert (await (await client(None, "jobs:read")).get(path)).status_code == 403


async def test_prometheus_reads_the_metrics(client: NewClient, conn: Connection, observed: str) -> None:
    await conn.execute("select aias_private.roll_up_observations()")
    operator = await client()
    # another test may have asked a moment ago
    assert (await operator.post("/v1/cache/invalidate", json={"namespace": "metrics"})).status_code == 204
    answer = await operator.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    assert {"aias_jobs_waiting", "aias_requests", "aias_requests_seconds", "aias_statements"} <= families.keys()
    counted = {
        sample.labels["outcome"]: sample.value
        for sample in families["aias_requests"].samples
        if sample.labels["endpoint"] == observed
    }
    assert counted == {"ok": 2, "refused": 0, "failed": 1}
    histogram = [
        sample for sample in families["aias_requests_seconds"].samples if sample.labels["endpoint"] == observed
    ]
    buckets = {sample.labels["le"]: sample.value for sample in histogram if sample.name.endswith("_bucket")}
    assert (buckets["0.05"], buckets["0.25"], buckets["2.5"], buckets["+Inf"]) == (0, 2, 2, 3)
    assert list(buckets.values()) == sorted(buckets.values())
    sums = {sample.name: sample.value for sample in histogram if not sample.name.endswith("_bucket")}
    assert sums == {"aias_requests_seconds_sum": 5.2, "aias_requests_seconds_count": 3}
