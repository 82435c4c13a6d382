"""``aias schedule``, ``event`` and ``webhook`` on a database."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

FLOW = {"name": "flow", "steps": [{"id": "one", "action": "transform", "input": {"value": 1}}]}


@pytest.fixture
def acme(ok: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """The command line with a tenant and a workflow."""
    ok("tenant", "create", "acme")
    (tmp_path / "flow.json").write_text(json.dumps(FLOW))
    ok("workflow", "apply", str(tmp_path / "flow.json"), "--tenant", "acme")
    return ok


SET = ("schedule", "set", "mornings", "--tenant", "acme", "--workflow", "flow", "--cron", "0 9 * * mon-fri")


def test_a_schedule_is_set_listed_paused_backfilled_and_removed(acme: Callable[..., Any]) -> None:
    made = acme(*SET, "--time-zone", "Europe/Berlin")
    assert made["schedule"]["cron"] == "0 9 * * MON-FRI"
    assert len(made["next"]) == 5
    whose = ("mornings", "--tenant", "acme")
    acme("schedule", "pause", *whose, "--reason", "holiday")
    (row,) = acme("schedule", "list", "--tenant", "acme")["schedules"]
    assert (row["status"], row["status_reason"]) == ("paused", "holiday")
    acme("schedule", "resume", *whose)
    assert acme("schedule", "backfill", *whose, "--from", "2026-01-01T00:00:00Z", "--to", "2026-01-08T00:00:00Z")[
        "backfill"
    ]
    assert acme("schedule", "runs", *whose) == {"runs": []}
    acme("schedule", "remove", *whose)
    assert acme("schedule", "list", "--tenant", "acme")["schedules"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        ((*SET[:-1], "0 25 * * *"), 2, "cron: hour: 25 is not between 0 and 23"),
        ((*SET, "--time-zone", "Mars/Base"), 2, "no time zone"),
        ((*SET, "--system"), 2, "either --tenant or --system"),
        (("schedule", "remove", "nothing", "--tenant", "acme"), 3, "no schedule 'nothing'"),
        (("schedule", "set", "nothing", "--system", "--cron", "@daily"), 3, "no schedule 'nothing'"),
        (("event", "emit", "two words", "--tenant", "acme"), 2, "visible ASCII"),
        (("webhook", "rotate", "nothing", "--tenant", "acme"), 3, "no webhook 'nothing'"),
    ],
)
def test_what_is_not_valid_is_told_in_one_line(
    arguments: tuple[str, ...], code: int, says: str, acme: Callable[..., Any], cli: Run
) -> None:
    result = cli(*arguments)
    assert result.code == code
    assert says in result.message


def test_an_event_is_emitted_once_and_starts_what_subscribes(acme: Callable[..., Any]) -> None:
    acme("event", "subscribe", "all", "--tenant", "acme", "--type", "order.*", "--workflow", "flow")
    emit = ("event", "emit", "order.paid", "--tenant", "acme", "--payload", '{"id": 7}', "--id", "e-1")
    assert acme(*emit) == acme(*emit)
    (event,) = acme("event", "list", "--type", "order.*")["events"]
    assert (event["payload"], event["source"]) == ({"id": 7}, "cli")
    assert len(acme("execution", "list")["executions"]) == 1
    assert [s["name"] for s in acme("event", "subscriptions")["subscriptions"]] == ["all"]
    acme("event", "unsubscribe", "all", "--tenant", "acme")


def test_a_webhook_is_made_rotated_and_removed(acme: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("shh\n")
    whose = ("shop", "--tenant", "acme")
    made = acme("webhook", "create", *whose, "--style", "shopify", "--secret", f"@{tmp_path / 'secret'}")
    assert (made["secret"], made["path"].startswith("/hooks/")) == ("shh", True)
    assert "secret" not in acme("webhook", "list")["webhooks"][0]
    rotated = acme("webhook", "rotate", *whose, "--new-token")
    assert rotated["path"] not in {None, made["path"]}
    assert acme("webhook", "deliveries") == {"deliveries": []}
    assert acme("webhook", "privacy") == {"privacy_requests": []}
    acme("webhook", "remove", *whose)
    assert acme("webhook", "list") == {"webhooks": []}


def test_a_webhook_is_changed_by_what_is_given_and_stays_as_it_is_otherwise(acme: Callable[..., Any]) -> None:
    acme("webhook", "create", "shop", "--tenant", "acme", "--style", "shopify", "--workflow", "flow")
    change = ("webhook", "set", "shop", "--tenant", "acme")
    told = acme(
        *change, "--condition", "{{ payload.vip }}", "--mapping", '{"id": "{{ payload.id }}"}', "--max-bytes", "99"
    )
    assert told == {"webhook": "shop", "changed": ["condition", "mapping", "max_bytes"]}
    acme(*change, "--disable", "--replay-window", "60")
    (row,) = acme("webhook", "list")["webhooks"]
    assert (row["workflow"], row["condition"], row["max_bytes"]) == ("flow", "{{ payload.vip }}", 99)
    assert (row["mapping"], row["is_enabled"]) == ({"id": "{{ payload.id }}"}, False)
    acme(*change, "--events", "--condition", "", "--mapping", "{}", "--enable")
    (row,) = acme("webhook", "list")["webhooks"]
    assert (row["workflow"], row["condition"], row["mapping"], row["is_enabled"]) == (None, None, None, True)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("shop",), 2, "give something to change"),
        (("shop", "--events", "--workflow", "flow"), 2, "give one of them"),
        (("shop", "--condition", "{{ payload."), 2, "condition"),
        (("shop", "--workflow", "nothing"), 3, "nothing"),
        (("nothing", "--disable"), 3, "nothing"),
    ],
)
def test_a_webhook_is_not_changed_to_what_is_not_valid(
    acme: Callable[..., Any], cli: Run, arguments: tuple[str, ...], code: int, told: str
) -> None:
    acme("webhook", "create", "shop", "--tenant", "acme", "--style", "shopify", "--workflow", "flow")
    result = cli("webhook", "set", *arguments, "--tenant", "acme")
    assert (result.code, told in result.message) == (code, True), result.message
    assert acme("webhook", "list")["webhooks"][0]["workflow"] == "flow"


def test_an_endpoint_is_set_and_removed(acme: Callable[..., Any]) -> None:
    whose = ("crm", "--tenant", "acme")
    made = acme("webhook", "endpoint", "set", *whose, "--url", "https://crm.example/told", "--type", "execution.failed")
    assert made["secret"].startswith("whsec_")
    (row,) = acme("webhook", "endpoint", "list")["endpoints"]
    assert (row["url"], row["types"]) == ("https://crm.example/told", ["execution.failed"])
    acme("webhook", "endpoint", "remove", *whose)
