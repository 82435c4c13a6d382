"""``aias alert`` and ``aias channel`` on a database."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import psycopg
import pytest

from tests.cli.conftest import Run


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server on loopback, and the ids of the webhooks that it was sent."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.headers["webhook-id"])
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            del format, args

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/told", heard
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def test_a_channel_is_added_tested_listed_and_removed(
    ok: Callable[..., Any], cli: Run, listener: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, heard = listener
    monkeypatch.setenv("AIAS_MASTER_KEY", "11" * 32)
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "127.0.0.1")
    ok("tenant", "create", "acme")
    for whose in ((), ("--tenant", "acme")):
        made = ok("channel", "add", "hook", *whose, "--kind", "webhook", "--url", url, "--min-severity", "critical")
        assert made["secret"].startswith("whsec_")
        assert ok("channel", "test", "hook", *whose)["status"] == "delivered"
    assert len(heard) == 2
    listed = ok("channel", "list")["channels"]
    assert [(row["tenant"], row["name"]) for row in listed] == [(None, "dashboard"), (None, "hook"), ("acme", "hook")]
    (told,) = ok("channel", "notifications", "--tenant", "acme")["notifications"]
    assert (told["kind"], told["status"], told["attempt_count"]) == ("test", "delivered", 1)
    assert cli("channel", "retry", told["id"]).code == 4
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "")
    failed = cli("channel", "test", "hook")
    assert (failed.code, "did not arrive" in failed.err) == (1, True)
    ok("channel", "remove", "hook", "--tenant", "acme")
    assert cli("channel", "remove", "hook", "--tenant", "acme").code == 3
    assert cli("channel", "add", "mail", "--kind", "email", "--config", "{}").code == 2


def test_an_alert_is_shown_taken_on_silenced_and_closed(ok: Callable[..., Any], cli: Run, database_url: str) -> None:
    ok("tenant", "create", "acme")
    with psycopg.connect(database_url, autocommit=True) as conn:
        row = conn.execute(
            "select aias_private.raise_alert('fuse_blown', t.id, 'flow', 'critical', 'It blew', '{}')"
            " from aias.tenants as t"
        ).fetchone()
    assert row is not None
    alert = str(row[0])
    assert [one["id"] for one in ok("alert", "list", "--tenant", "acme")["alerts"]] == [alert]
    shown = cli("alert", "show", alert)
    assert (shown.code, "It blew" in shown.out, "fuse_blown" in shown.out) == (0, True, True)
    ok("alert", "ack", alert, "--note", "I look")
    assert ok("alert", "show", alert)["acknowledged_note"] == "I look"
    silence = ok("alert", "silence", "--rule", "fuse_blown", "--until", "+2h", "--reason", "a move")["silence"]
    assert ok("alert", "show", alert)["silenced_reason"] == "a move"
    assert [one["id"] for one in ok("alert", "silences")["silences"]] == [silence]
    ok("alert", "unsilence", silence)
    ok("alert", "close", alert)
    assert ok("alert", "list")["alerts"] == []
    assert cli("alert", "ack", alert).code == 4


def test_rules_are_listed_made_changed_and_removed(ok: Callable[..., Any], cli: Run) -> None:
    ok("tenant", "create", "acme")
    rules = {rule["name"]: rule for rule in ok("alert", "rules")["rules"]}
    assert rules["error_rate"]["threshold"] == 5
    assert "usage" in {source["name"] for source in ok("alert", "rules", "--sources")["sources"]}
    ok("alert", "set", "error_rate", "--threshold", "7", "--renotify", "0", "--for", "120")
    ok("alert", "set", "mine", "--tenant", "acme", "--source", "queue_wait", "--threshold", "60")
    rules = {rule["name"]: rule for rule in ok("alert", "rules", "--tenant", "acme")["rules"]}
    assert (rules["error_rate"]["threshold"], rules["error_rate"]["renotify_every"]) == (7, None)
    assert (rules["mine"]["tenant"], rules["mine"]["tells"]) == ("acme", ["tenant"])
    ok("alert", "remove", "mine", "--tenant", "acme")
    assert cli("alert", "remove", "error_rate").code == 4
    assert cli("alert", "set", "error_rate").code == 2
    assert cli("alert", "set", "new", "--source", "nothing", "--threshold", "1").code == 3
    assert cli("alert", "set", "error_rate", "--renotify", "1").code == 2
