"""``aias gate`` and the limits of connections, on a database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

OK = Callable[..., Any]


@pytest.fixture
def connected(ok: OK, database_url: str) -> str:
    """A tenant with a connection; gives the connection's gate."""
    ok("tenant", "create", "acme")
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute(
            "select aias.connect_integration('acme', 'http', 'main', '{}', %s, %s, gen_random_uuid())",
            (b"\x01" + b"s" * 60, "0" * 16),
        )
    return "http:acme/main"


def test_a_gate_is_closed_shown_and_opened(ok: OK, cli: Callable[..., Any], connected: str) -> None:
    assert ok("gate", "list")["gates"] == []
    assert ok("gate", "close", connected, "--until", "+1h", "--reason", "maintenance")["state"] == "closed"
    ok("gate", "close", "shopify", "--reason", "all of it")
    for arguments in ((), ("--tenant", "acme")):
        first, second = ok("gate", "list", *arguments)["gates"]
        assert (first["gate"], first["state"], first["reason"]) == (connected, "closed", "maintenance")
        assert (second["gate"], second["tenant"], second["closed_until"]) == ("shopify", None, None)
    assert "maintenance" in cli("gate", "list").out
    assert ok("gate", "open", connected)["was_closed"] is True
    assert ok("gate", "open", connected)["was_closed"] is False


def test_breakers_are_shown(ok: OK, cli: Callable[..., Any], connected: str, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute(
            """
            select aias_private.note_upstream_calls(
                jsonb_build_array(
                    jsonb_build_object(
                        'tenant', tenant_id, 'integration', id, 'operation', 'GET', 'status_class', '5xx',
                        'count', 30, 'failures', 30, 'total_ms', 1, 'max_ms', 1
                    )
                ),
                '[]'
            )
            from aias.integrations
            """
        )
    (breaker,) = ok("gate", "list")["breakers"]
    assert (breaker["state"], breaker["call_count"], breaker["failure_count"]) == ("open", 30, 30)
    shown = cli("gate", "list").out
    assert connected in shown
    assert "30 of its last 30 calls failed" in shown


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("close", "http:acme/absent", "--reason", "x"), 3),
        (("close", "http:nobody/main", "--reason", "x"), 3),
        (("close", "http:acme/main", "--reason", "x", "--until", "2001-01-01"), 2),
        (("close", "http:acme/main"), 2),
        (("open", "no such gate"), 2),
        (("list", "--tenant", "nobody"), 3),
    ],
)
def test_mistakes_have_their_exit_codes(
    cli: Callable[..., Any], connected: str, arguments: tuple[str, ...], code: int
) -> None:
    assert cli("gate", *arguments).code == code


def test_the_calls_of_a_connection_are_limited(ok: OK, connected: str) -> None:
    ok("limit", "set", "connection", connected, "--max-running", "2", "--rate", "60", "--per", "60", "--burst", "10")
    (limit,) = ok("limit", "list")["limits"]
    assert (limit["scope"], limit["name"], limit["running_count"], limit["rate"]) == ("connection", connected, 0, 60)
    ok("limit", "remove", "connection", connected)
    assert ok("limit", "list")["limits"] == []
