"""``aias logs``, ``aias errors`` and ``aias fuse``."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from aias.ids import uuid7
from tests.cli.conftest import Run

Ok = Callable[..., Any]


def add_log(url: str, message: str, level: str = "info") -> str:
    row = {"id": str(uuid7()), "at": datetime.now(UTC).isoformat(), "level": level, "logger": "test", "process": "p"}
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("select aias_private.add_logs(%s)", (Jsonb([{**row, "message": message}]),))
    return row["id"]


def add_error(url: str, count: int) -> None:
    failure = {
        "fingerprint": "f", "type": "ValueError", "message": "no price", "frames": ["a:b"], "failure_count": count,
        "first_at": "now", "last_at": "now", "sample": {"traceback": "Traceback\n  it"}, "executions": [],
        "occurrences": [], "fuses": [{"scope": "task", "name": "t", "failure_count": count}],
    }  # fmt: skip
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("select aias_private.record_errors(%s, 1, %s)", (UUID(int=1), Jsonb([failure])))


def test_logs_are_shown_the_oldest_first_and_narrowed(ok: Ok, cli: Run, database_url: str) -> None:
    first, second = add_log(database_url, "order imported"), add_log(database_url, "payment refused", "error")
    assert [row["id"] for row in ok("logs")["logs"]] == [first, second]
    assert [row["id"] for row in ok("logs", "--level", "error", "--since", "-1h", "--text", "payment")["logs"]] == [
        second
    ]
    assert "payment refused" in cli("logs").out
    assert cli("logs", "--follow", "--until", "2026-01-01").code == 2
    assert cli("logs", "--tenant", "nobody").code == 3


def test_errors_are_listed_shown_and_settled(ok: Ok, cli: Run, database_url: str) -> None:
    add_error(database_url, 7)
    (found,) = ok("errors", "list")["errors"]
    assert (found["type"], found["failure_count"], found["status"]) == ("ValueError", 7, "open")
    assert "  it" in cli("errors", "show", found["id"]).out
    assert ok("errors", "resolve", found["id"], "--reason", "fixed")["status"] == "resolved"
    assert cli("errors", "resolve", found["id"]).code == 4
    assert ok("errors", "ignore", found["id"])["status"] == "ignored"
    assert ok("errors", "reopen", found["id"])["status"] == "open"
    assert ok("errors", "list", "--status", "resolved") == {"errors": []}
    assert cli("errors", "show", str(UUID(int=9))).code == 3


def test_fuses_are_listed_released_and_ruled(ok: Ok, cli: Run, database_url: str) -> None:
    ok("fuse", "set", "task", "t", "--failures", "3", "--within", "60")
    assert [rule["name"] for rule in ok("fuse", "rules")["rules"]] == ["*", "t", "*"]
    add_error(database_url, 3)
    (fuse,) = ok("fuse", "list")["fuses"]
    assert (fuse["scope"], fuse["name"], fuse["failure_count"], fuse["within"]) == ("task", "t", 3, 60.0)
    assert [pause["scope"] for pause in ok("pause")["pauses"]] == ["fuse"]
    assert ok("fuse", "release", fuse["id"], "--requeue")["requeued"] == 0
    assert cli("fuse", "release", fuse["id"]).code == 4
    assert ok("fuse", "list") == {"fuses": []}
    assert [one["status"] for one in ok("fuse", "list", "--all")["fuses"]] == ["released"]
    ok("fuse", "unset", "task", "t")
    assert cli("fuse", "unset", "task", "t").code == 3


def test_what_follows_is_one_document_per_line(process: Any, database_url: str) -> None:
    add_log(database_url, "there before")
    follower = process("logs", "--follow", "--json")
    try:
        assert json.loads(follower.stdout.readline())["message"] == "there before"
        add_log(database_url, "came after")
        assert json.loads(follower.stdout.readline())["message"] == "came after"
    finally:
        follower.kill()
        follower.communicate(timeout=30)
