"""``aias telemetry`` on a database."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.cli.conftest import Run


def test_events_are_tracked_listed_and_counted(ok: Callable[..., Any], cli: Run) -> None:
    ok("tenant", "create", "acme")
    event = {"name": "opened", "event_id": "e-1", "user_id": "u", "properties": {"page": 1}}
    whose = ("--tenant", "acme")
    done = ok("telemetry", "track", json.dumps(event), *whose)
    assert done == {"accepted": 1, "duplicates": 0, "rejected": 0, "problems": []}
    many = [event, {"name": "closed"}, {"name": 7}]
    done = ok("telemetry", "track", json.dumps(many), *whose)
    assert (done["accepted"], done["duplicates"], done["rejected"]) == (1, 1, 1)
    assert done["problems"] == [{"index": 2, "reason": "name is a text of 1 to 200 characters"}]
    (row,) = ok("telemetry", "list", *whose, "--name", "opened")["events"]
    assert (row["event_id"], row["user_id"], row["properties"]) == ("e-1", "u", {"page": 1})
    assert ok("telemetry", "list", *whose, "--before", row["id"])["events"] == []
    counted = ok("telemetry", "daily", *whose)["days"]
    assert {(one["name"], one["event_count"]) for one in counted} == {("opened", 1), ("closed", 1)}
    assert cli("telemetry", "list", "--tenant", "nobody").code == 3
    assert cli("telemetry", "track", "7", *whose).code == 2
