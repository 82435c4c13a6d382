"""``aias metrics``, on a database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg

OK = Callable[..., Any]


def test_metrics_are_told_as_in_sql(ok: OK, cli: Callable[..., Any], database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute(
            """
            select aias_private.add_observations(
                '[
                    {"metric": "requests", "key": "GET /v1/jobs", "count": 4, "failures": 1, "total": 2.0,
                     "buckets": [-34], "counts": [4]},
                    {"metric": "statements", "key": "aias.find_jobs", "count": 1, "total": 0.5,
                     "buckets": [-34], "counts": [1]}
                ]'
            )
            """
        )
    (row,) = ok("metrics", "percentiles", "requests", "--by", "endpoint")["percentiles"]
    assert (row["key"], row["count"]) == ("GET /v1/jobs", 4)
    assert 0.49 < row["p50"] < 0.52
    assert "ms" in cli("metrics", "percentiles", "requests").out
    (row,) = ok("metrics", "rates", "requests", "--since", "-1h")["rates"]
    assert (row["failure_count"], row["error_rate"]) == (1, "0.250000")
    assert "25.00%" in cli("metrics", "rates", "requests", "--by", "plan").out
    assert {row["objective"]: row["is_met"] for row in ok("metrics", "slo")["slo"]}["api_error_rate"] is False
    assert ok("metrics", "slow")["slow_queries"][0]["statement"] == "aias.find_jobs"
    assert "aias.find_jobs" in cli("metrics", "slow").out
    assert "# TYPE aias_requests_total counter" in cli("metrics", "prometheus").out
    assert cli("metrics", "percentiles", "nothing").code == 2
    assert cli("metrics", "percentiles", "requests", "--by", "workflow").code == 2
