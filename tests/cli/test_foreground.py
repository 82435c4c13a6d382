"""Commands that stay: local servers, and the whole system in one terminal; and connections tried against them."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.cli.conftest import PROGRAM, Run, first_document

Ok = Callable[..., Any]


def test_connections_to_local_servers_are_tried(
    ok: Ok, cli: Run, simulators: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shopify, wave, slack = simulators["shopify"], simulators["wave"], simulators["slack"]
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "127.0.0.1")
    ok("tenant", "create", "acme")
    connect = ("integration", "connect")
    ok(*connect, "shopify", "--tenant", "acme", "--url", shopify["url"], "--token", shopify["token"])
    wave_options = ("--url", wave["url"], "--token", wave["token"], "--business", wave["business_id"])
    ok(*connect, "wave", "--tenant", "acme", *wave_options)
    ok(*connect, "slack", "--tenant", "acme", "--url", slack["url"])
    checked = ok("integration", "check", "--tenant", "acme")["checked"]
    assert {row["kind"]: row["is_working"] for row in checked} == {"shopify": True, "slack": True, "wave": True}

    wrong = ("shopify", "--tenant", "acme", "--name", "wrong", "--url", shopify["url"], "--token", "wrong-token")
    refused = cli(*connect, *wrong)
    assert refused.code == 1
    assert "nothing is stored" in refused.message
    ok(*connect, *wrong, "--no-check")
    result = cli("integration", "check", "shopify", "--tenant", "acme", "--json")
    assert result.code == 1
    assert {row["name"]: row["is_working"] for row in result.json["checked"]} == {"default": True, "wrong": False}
    assert "wrong-token" not in result.out
    assert cli("integration", "check", "--tenant", "acme", "--all").code == 2
    assert cli("integration", "check", "--all").code == 1
    health = {row["name"]: row for row in ok("integration", "health")["health"] if row["kind"] == "shopify"}
    assert (health["default"]["status"], health["wrong"]["status"]) == ("connected", "revoked")
    assert health["wrong"]["consecutive_failures"] == 2
    assert cli("integration", "check", "email", "--tenant", "acme").code == 3
    assert cli("integration", "check", "--tenant", "nobody").code == 3


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        (["simulator", "nothing"], "nothing"),
        (["simulator", "all", "--port", "8080"], "--port"),
        (["simulator", "wave", "--port", "70000"], "--port"),
        (["simulator", "wave", "--set", '{"wave": {"at_once": 0}}'], "at_once"),
        (["simulator", "wave", "--set", '{"wave": 1}'], "an object of settings"),
        (["simulator", "wave", "--faults", '{"wave": [{"do": {"status": 1}}]}'], "0.do.status"),
        (["simulator", "wave", "--host", "203.0.113.1"], "203.0.113.1"),
        (["up", "--workers", "-1"], "--workers"),
        (["demo", "--orders", "4"], "--orders"),
    ],
)
def test_bad_arguments_are_named(run: Run, home: Path, arguments: list[str], place: str) -> None:
    result = run(*arguments)
    assert result.code == 2
    assert place in result.message


@pytest.mark.slow
def test_up_runs_the_system_until_it_is_told_to_stop(empty_database_url: str, home: Path) -> None:
    environment = os.environ | {"DATABASE_URL": empty_database_url, "AIAS_HOME": str(home)}
    process = subprocess.Popen(
        [*PROGRAM, "up", "--simulators", "--workers", "1", "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    document = first_document(process)
    assert document["workers"] == ["up-1"]
    assert document["simulators"].keys() == {"shopify", "wave", "slack", "smtp"}
    assert httpx.get(f"{document['api']}/readyz", timeout=30).json() == {"status": "ok"}
    assert "Sign in" in httpx.get(f"{document['api']}/sign-in", timeout=30).text
    # in another terminal, which has been told nothing of the local servers
    for arguments in (
        ("onboarding", "sign-up", "zoo", "--email", "ada@zoo.example"),
        ("run", "sample-order-to-invoice", "--tenant", "zoo", "--wait"),
    ):
        ran = subprocess.run(
            [*PROGRAM, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert ran.returncode == 0, ran.stderr
    with psycopg.connect(empty_database_url, autocommit=True) as conn:
        conn.execute("select aias.create_tenant('acme', 'pro')")
        conn.execute(
            """select aias.apply_workflow('acme', '{"name": "w", "steps": [{"id": "a", "action": "noop"}]}')"""
        )
        conn.execute("listen nothing")
        row = conn.execute("select aias.run_workflow('acme', 'w')").fetchone()
        assert row is not None
        state = "select status from aias.executions where id = %s"
        for _ in range(300):
            if conn.execute(state, row).fetchone() == ("succeeded",):
                break
            list(conn.notifies(timeout=0.1))
        assert conn.execute(state, row).fetchone() == ("succeeded",)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert out == ""
        assert not (home / "simulators.json").exists()
        assert "Traceback" not in err
        assert conn.execute("select count(*) from aias.workers").fetchone() == (0,)
