"""``aias run``, ``execution``, ``dead``, ``job`` and ``worker``: from the start to the end, through failures."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

Ok = Callable[..., Any]

DEFINITION: dict[str, Any] = {
    "name": "order",
    "input": {
        "type": "object",
        "properties": {"total": {"type": "number"}},
        "required": ["total"],
    },
    "steps": [
        {"id": "check", "action": "transform", "input": {"total": "{{ input.total }}"}},
        {
            "id": "refuse",
            "action": "fail",
            "needs": ["check"],
            "when": "{{ input.total < 0 }}",
            "input": {"message": "a negative total"},
        },
        {"id": "paid", "action": "wait_for_event", "needs": ["check"], "input": {"name": "paid"}},
        {"id": "ask", "action": "approval", "needs": ["paid"], "input": {"message": "Ship it?"}},
    ],
    "output": {"by": "{{ steps.ask.output.by }}", "paid": "{{ steps.paid.output }}"},
}


@pytest.fixture
def acme(ok: Ok, home: Path) -> str:
    """A tenant with a workflow ``order``."""
    ok("tenant", "create", "acme", "--plan", "pro")
    path = home / "order.json"
    path.write_text(json.dumps(DEFINITION))
    ok("workflow", "apply", str(path), "--tenant", "acme")
    return "acme"


@pytest.fixture
def work(ok: Ok) -> Callable[[], None]:
    """Let a worker do all there is to do now."""

    def call() -> None:
        assert ok("worker", "--one-shot") == {"worker": "stopped"}

    return call


def start(ok: Ok, total: float = 10, *options: str) -> dict[str, Any]:
    return ok("run", "order", "--tenant", "acme", "--input", json.dumps({"total": total}), *options)


def test_an_execution_goes_from_its_start_over_a_signal_and_an_approval_to_its_end(
    ok: Ok, acme: str, work: Callable[[], None], cli: Run
) -> None:
    started = start(ok)
    assert (started["status"], started["workflow"], started["input"]) == ("queued", "order", {"total": 10})
    execution = started["id"]
    assert ok("execution", "explain", execution)["reasons"][0]["reason"] == "no_worker"
    work()
    assert ok("execution", "explain", execution)["reasons"][0]["reason"] == "event"
    assert "waits for the signal paid" in cli("execution", "explain", execution).out
    signalled = ok("execution", "signal", execution, "paid", "--payload", '{"amount": 10}')
    assert signalled["was_waiting"] is True
    work()
    assert cli("execution", "approve", execution, "paid").code == 4
    ok("execution", "approve", execution, "ask", "--by", "Buyer 017", "--comment", "gladly")
    work()
    shown = ok("execution", "show", execution)
    assert shown["execution"]["status"] == "succeeded"
    assert shown["execution"]["output"] == {"by": "Buyer 017", "paid": {"amount": 10}}
    assert shown["steps"][0]["step"] == "check"
    assert {event["type"] for event in shown["events"]} >= {"signalled", "approved"}
    text = cli("execution", "show", execution).out
    assert "order version 1 of acme: succeeded" in text
    assert '"by": "Buyer 017"' in text
    assert ok("execution", "explain", execution)["reasons"][0]["reason"] == "succeeded"


def test_a_failure_is_a_dead_letter_until_it_is_retried_or_discarded(
    ok: Ok, acme: str, work: Callable[[], None], cli: Run
) -> None:
    executions = [start(ok, -1)["id"], start(ok, -2)["id"]]
    work()
    assert [row["status"] for row in ok("execution", "list", "--status", "failed")["executions"]] == ["failed"] * 2
    letters = ok("dead", "list", "--tenant", acme)["dead_letters"]
    assert {letter["execution_id"] for letter in letters} == set(executions)
    assert all("negative total" in letter["reason"] for letter in letters)
    letter_of = {letter["execution_id"]: letter["id"] for letter in letters}
    first, second = letter_of[executions[1]], letter_of[executions[0]]

    whole = ok("dead", "show", first)
    assert whole["snapshot"]["execution"]["input"] == {"total": -2}
    assert "negative total" in cli("dead", "show", first).out

    assert ok("dead", "list", "--fuse", first)["dead_letters"] == []
    assert ok("dead", "retry", first)["resolution"] == "requeued"
    assert cli("dead", "retry", first).code == 4
    assert ok("dead", "discard", second, "--reason", "a test")["resolution"] == "discarded"
    assert cli("dead", "discard", second, "--reason", "again").code == 4
    assert ok("dead", "list")["dead_letters"] == []
    assert len(ok("dead", "list", "--all", "--limit", "5")["dead_letters"]) == 2
    work()
    assert len(ok("dead", "list")["dead_letters"]) == 1


def test_an_execution_is_cancelled_retried_and_replayed(ok: Ok, acme: str, cli: Run, work: Callable[[], None]) -> None:
    execution = start(ok)["id"]
    cancelled = ok("execution", "cancel", execution, "--reason", "a test")
    assert (cancelled["status"], cancelled["cancel_reason"]) == ("cancelled", "a test")
    assert "cancelled before" in cli("execution", "cancel", execution).out
    again = ok("execution", "replay", execution, "--patch", '{"total": 20}', "--version", "1")
    assert (again["input"], again["replayed_from_id"]) == ({"total": 20}, execution)
    assert cli("execution", "replay", execution, "--version", "9").code == 3
    assert cli("execution", "replay", execution, "--from", "nothing").code == 2
    assert ok("execution", "retry", execution)["status"] == "queued"
    assert cli("execution", "retry", execution).code == 4
    work()
    later = ok("execution", "cancel", again["id"])
    replayed = ok("execution", "replay", later["id"], "--from", "paid")
    steps = ok("execution", "show", replayed["id"])["steps"]
    assert [(step["step"], step["status"]) for step in steps] == [("check", "succeeded"), ("refuse", "skipped")]


def test_waiting_for_the_end_tells_it_by_the_exit_code(ok: Ok, acme: str, cli: Run, work: Callable[[], None]) -> None:
    start(ok, -1, "--key", "order 1")
    work()
    result = cli("run", "order", "--tenant", acme, "--input", '{"total": -1}', "--key", "order 1", "--wait")
    assert result.code == 1
    assert "a negative total" in result.err
    result = cli("run", "order", "--tenant", acme, "--input", '{"total": 1}', "--wait", "--timeout", "0.1", "--json")
    assert result.code == 1
    assert "is queued after 0.1 s" in result.json["error"]["message"]


def test_a_start_can_be_repeated_with_its_key_and_put_off(ok: Ok, acme: str, cli: Run) -> None:
    first = start(ok, 10, "--key", "order 1")
    assert start(ok, 10, "--key", "order 1")["id"] == first["id"]
    assert cli("run", "order", "--tenant", acme, "--input", '{"total": 11}', "--key", "order 1").code == 4
    assert cli("run", "order", "--tenant", acme, "--input", '{"total": "much"}').code == 2
    later = start(ok, 10, "--at", "2030-03-01T09:00:00+01:00")
    assert later["run_at"] == "2030-03-01T08:00:00Z"
    soon = datetime.fromisoformat(start(ok, 10, "--at", "+1h")["run_at"]) - datetime.now(UTC)
    assert 3500 < soon.total_seconds() <= 3600


def test_an_input_comes_from_a_file(ok: Ok, acme: str, home: Path) -> None:
    file = home / "input.json"
    file.write_text('﻿{"total": 1.5}', encoding="utf-8")
    assert ok("run", "order", "--tenant", acme, "--input", f"@{file}")["input"] == {"total": 1.5}


def test_executions_are_listed_by_page_and_filter(ok: Ok, acme: str, cli: Run) -> None:
    ids = [start(ok)["id"] for _ in range(3)]
    ok("execution", "cancel", ids[0])
    page = ok("execution", "list", "--tenant", acme, "--limit", "2")["executions"]
    assert [row["id"] for row in page] == ids[:0:-1]
    rest = ok("execution", "list", "--before", page[-1]["id"], "--workflow", "order")["executions"]
    assert [row["id"] for row in rest] == ids[:1]
    assert ok("execution", "list", "--status", "succeeded")["executions"] == []
    head, first, *_ = cli("execution", "list").out.splitlines()
    assert head.split()[:2] == ["EXECUTION", "TENANT"]
    assert first.split()[:3] == [ids[2], "acme", "order"]


def test_a_job_is_enqueued_explained_cancelled_and_retried(ok: Ok, acme: str, cli: Run) -> None:
    job = ok("job", "enqueue", "acme.task", "--args", '{"n": 1}', "--tenant", acme, "--key", "k", "--at", "+1h")["job"]
    assert ok("job", "enqueue", "acme.other", "--lane", "bulk")["job"] != job
    (row,) = ok("job", "list", "--tenant", acme)["jobs"]
    assert (row["id"], row["task"], row["lane"], row["status"], row["args"]) == (
        job,
        "acme.task",
        "pro",
        "scheduled",
        {"n": 1},
    )
    assert [row["task"] for row in ok("job", "list", "--lane", "bulk", "--status", "waiting")["jobs"]] == ["acme.other"]
    assert ok("job", "explain", str(job))["reasons"][0]["reason"] == "scheduled"
    assert "scheduled: " in cli("job", "explain", str(job)).out
    assert ok("job", "retry", str(job))["job"] == job
    assert ok("job", "cancel", str(job))["outcome"] == "cancelled"
    assert cli("job", "cancel", str(job)).code == 4
    assert ok("job", "retry", str(job))["job"] != job


def test_a_worker_shows_the_options_of_procrastinate(cli: Run) -> None:
    result = cli("worker", "--help")
    assert result.code == 0
    assert "--shutdown-graceful-timeout" in result.out


def test_actions_are_listed_with_their_effects(ok: Ok, cli: Run) -> None:
    document = ok("plugin", "list")
    actions = {row["name"]: row for row in document["actions"]}
    assert document["failures"] == []
    assert actions["slack.post"]["effect"] == "at_most_once"
    assert actions["shopify.order_get"]["integration"] == "shopify"
    assert actions["wave.invoice_create"]["input"]["type"] == "object"
    assert "slack.post" in cli("plugin", "list").out


def test_connections_are_made_listed_and_forgotten_without_their_secrets(
    ok: Ok, acme: str, cli: Run, home: Path
) -> None:
    token = home / "token"
    token.write_text("hunter2\n")
    secret = ("--no-check", "--token", f"@{token}")
    made = [
        ok("integration", "connect", "shopify", "--tenant", acme, "--shop", "acme-test.myshopify.com", *secret),
        ok("integration", "connect", "wave", "--tenant", acme, "--business", "b", *secret, "--name", "books"),
        ok(
            "integration",
            "connect",
            "slack",
            "--tenant",
            acme,
            "--url",
            "https://hooks.example.com/hunter2",
            "--no-check",
        ),
        ok(
            "integration",
            "connect",
            "http",
            "--tenant",
            acme,
            "--url",
            "https://example.com",
            "--header",
            "X-K: hunter2",
            "--no-check",
        ),
        ok(
            *("integration", "connect", "email", "--tenant", acme, "--host", "mail.example.com"),
            *("--no-check", "--sender", "shop@example.com", "--username", "shop", "--password", f"@{token}"),
        ),
    ]
    assert [row["kind"] for row in made] == ["shopify", "wave", "slack", "http", "email"]
    listed = cli("integration", "list", "--tenant", acme, "--json")
    assert "hunter2" not in listed.out
    rows = {row["kind"]: row for row in listed.json["integrations"]}
    assert (rows["wave"]["name"], rows["wave"]["status"]) == ("books", "connected")
    assert rows["shopify"]["config"]["shop"] == "acme-test.myshopify.com"
    assert ok("integration", "disconnect", "wave", "--tenant", acme, "--name", "books")["kind"] == "wave"
    assert cli("integration", "disconnect", "wave", "--tenant", acme, "--name", "books").code == 3
    assert "hunter2" not in cli("audit", "list", "--json").out
