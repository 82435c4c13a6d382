"""The load of the HTTP API, at a size that tells nothing of its speed: that it runs, counts, and leaves nothing out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.cli import measure
from bench.measures.api_site import Ran
from bench.model import UNITS, Sizes
from bench.servers import Postgres


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_small_load_of_the_api_has_every_result(server_url: str, tmp_path: Path) -> None:
    report = measure(
        ["api"], [], tmp_path, Sizes(jobs=40, seconds=1), rounds=1, processes=[1], postgres=Postgres(url=server_url)
    )
    document = json.loads(json.dumps(report.to_json()))

    assert document["faults"] == []
    found = {(row["measure"], row["contender"], row["case"]): row for row in document["results"]}
    assert set(found) == {
        *(
            (f"api-{value}", contender, case)
            for value in ("rate", "p50", "p95", "p99")
            for contender, cases in (("aias", ("list", "list, filtered", "get")), ("psycopg", ("list", "get")))
            for case in cases
        ),
        *(
            (f"webhooks{value}", contender, "")
            for value in ("", "-p50", "-p95", "-p99")
            for contender in ("aias", "bare-endpoint")
        ),
        ("cache-hits", "aias", ""),
        ("dashboard-p95", "aias", ""),
    }
    for (measure_name, _, _), row in found.items():
        assert row["median"] > 0
        assert row["unit"] == UNITS[measure_name]
        assert row["settings"]["executions"] == 1_000
    # aims are told of every value that has one; whether they are met is for a quiet machine to say
    aimed = {name for name, row in found.items() if "is_met" in row}
    assert {("api-p95", "aias", "list"), ("api-p99", "aias", "get"), ("cache-hits", "aias", "")} <= aimed
    ratios = {(row["of"]["contender"], row["to"]["contender"]): row for row in document["ratios"]}
    assert ratios["aias", "bare-endpoint"]["aim"] == ">= 0.6"


def test_percentiles_are_of_the_answers_times() -> None:
    ran = Ran(answers=4, rate=2.0, milliseconds=[4.0, 1.0, 3.0, 2.0])
    assert (ran.at(0.5), ran.at(0.99)) == (2.0, 4.0)
