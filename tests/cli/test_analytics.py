"""``aias usage`` and ``aias business``: what they print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg

from tests.cli.conftest import Run

Ok = Callable[..., Any]

FLOW = '{"name": "flow", "steps": [{"id": "one", "action": "transform", "input": {"value": 1}}]}'


def test_usage_and_business_figures_are_shown_for_one_tenant_and_for_all(ok: Ok, cli: Run, database_url: str) -> None:
    ok("tenant", "create", "acme")
    ok("tenant", "create", "zoo", "--plan", "enterprise")
    with psycopg.connect(database_url) as conn:
        conn.execute("select aias.apply_workflow('acme', %s)", (FLOW,))
        conn.execute("select aias.run_workflow('acme', 'flow')")
        conn.commit()
        conn.execute("select aias_private.roll_up_activity()")
        conn.execute("select aias_private.refresh_view('funnel_stages')")
    rows = ok("usage", "--tenant", "acme")["usage"]
    assert {row["measure"]: row["used_count"] for row in rows} == {
        "executions": 1,
        "steps": 0,
        "telemetry_events": 0,
        "upstream_calls": 0,
    }
    assert (rows[0]["quota"], rows[0]["used_ratio"], rows[0]["state"]) == (500, 0.002, "within")
    assert {row["tenant"] for row in ok("usage")["usage"]} == {"acme", "zoo"}
    shown = cli("usage").out.splitlines()
    assert [word for word in shown[1].split(" ") if word][3:] == ["executions", "1", "500", "0.2", "within", "refused"]
    assert ok("usage", "--month", "2020-01")["usage"] == []
    assert cli("usage", "--tenant", "nobody").code == 3

    figures = ok("business", "--days", "3")
    assert [day["started_count"] for day in figures["days"]] == [0, 0, 1]
    assert [(one["stage"], one["tenant_count"]) for one in figures["funnel"]][:3] == [
        ("signed_up", 2),
        ("connected", 0),
        ("first_workflow", 0),
    ]
    assert ok("business", "--tenant", "zoo", "--days", "1")["funnel"] == []
    assert "signed_up" in cli("business").out
    assert "activity: as of 2" in cli("business").out
    assert cli("business", "--tenant", "nobody").code == 3
