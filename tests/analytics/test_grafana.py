"""``docs/grafana/aias.json``: each of its queries runs for an analyst, and gives what its panel draws."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest

DASHBOARD: dict[str, Any] = json.loads((Path(__file__).parents[2] / "docs" / "grafana" / "aias.json").read_text())


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    title: str
    kind: str
    sql: str


def queries() -> Iterator[Query]:
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", []):
            yield Query(title=panel["title"], kind=target["format"], sql=target["rawSql"])
    for variable in DASHBOARD["templating"]["list"]:
        if variable["type"] == "query":
            yield Query(title=f"${variable['name']}", kind="variable", sql=variable["query"])
    for annotation in DASHBOARD["annotations"]["list"]:
        yield Query(title=annotation["name"], kind="annotation", sql=annotation["rawQuery"])


def substituted(sql: str) -> str:
    """What Grafana sends: its macros and variables replaced as its PostgreSQL data source does."""
    sql = re.sub(r"\$__timeFilter\(([^()]+)\)", r"\1 BETWEEN '2020-01-01T00:00:00Z' AND '2100-01-01T00:00:00Z'", sql)
    return sql.replace("$tenant", "'acme','zoo'")


@pytest.fixture
def analyst(tx: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    for slug in ("acme", "zoo"):
        tx.execute("select aias.create_tenant(%s)", (slug,))
    tx.execute("set local role aias_analyst")
    return tx


@pytest.mark.parametrize("query", list(queries()), ids=lambda query: query.title)
def test_each_query_of_the_dashboard_runs_for_an_analyst(analyst: psycopg.Connection[Any], query: Query) -> None:
    sql = substituted(query.sql)
    assert "$" not in sql, "a macro that this test does not know"
    cursor = analyst.execute(cast("Any", sql))
    columns = [column.name for column in cursor.description or ()]
    assert len(columns) == len(set(columns))
    kinds = {column.name: column.type_code for column in cursor.description or ()}
    if query.kind in {"time_series", "annotation"}:
        assert columns[0] == "time"
        times = {analyst.adapters.types[name].oid for name in ("timestamp", "timestamptz")}
        assert kinds["time"] in times, "Grafana draws times, not dates"
    if query.kind == "variable":
        assert [row[0] for row in cursor.fetchall()] == ["acme", "zoo"]


def test_every_panel_says_which_view_it_shows_and_reads_public_views_only() -> None:
    for panel in DASHBOARD["panels"]:
        for target in panel.get("targets", []):
            read = re.findall(r"(?:from|join) ((?:\w+\.)?\w+)", target["rawSql"].replace("extract(epoch from ", ""))
            assert read, panel["title"]
            assert {name.split(".")[0] for name in read} == {"aias"}, panel["title"]
            assert read[0] in panel["description"], panel["title"]


def test_panels_do_not_lie_on_each_other_and_have_ids_of_their_own() -> None:
    taken: set[tuple[int, int]] = set()
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids)) > 20
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells
