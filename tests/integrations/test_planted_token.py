"""A planted credential is nowhere in what the system writes: tables, logs, output; though every upstream echoes it."""

from __future__ import annotations

import asyncio
import base64
import signal
import sys
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from aias.workflows import apply_workflow, run_workflow
from tests.integrations.echo import STYLES, Echo, echoing

TOKENS = {
    "shopify": "shpat_PLANTED0shopify0123456789",
    "wave": "PLANTED0wave0123456789abcdef",
    "slack": "T01PLANTED/B02PLANTED/PLANTEDslack0123456789",
    "http": "PLANTED0http0123456789abcdef",
    "email": "PLANTED0email0123456789abcdef",
}
MASTER_KEY = base64.b64encode(b"PLANTED-master-key-0123456789abc"[:32]).decode()
MARKER = "everybody-may-read-this"

CALLS: list[tuple[str, dict[str, Any]]] = [
    ("http.call", {"method": "POST", "path": "/post", "json": {"say": MARKER}}),
    ("http.call", {"path": "/get"}),
    ("slack.post", {"text": MARKER}),
    ("shopify.order_get", {"id": "gid://shopify/Order/1"}),
    ("shopify.order_list", {}),
    ("wave.business_list", {}),
    ("wave.customer_find_or_create", {"name": MARKER, "email": "buyer@example.com"}),
    ("wave.invoice_approve", {"id": "QnVzaW5lc3M6MQ=="}),
    ("email.send", {"to": "buyer@example.com", "subject": MARKER, "text": MARKER}),
]


def definition() -> dict[str, Any]:
    """Every call as often as there are ways to answer it."""
    retry = {"max_attempts": 2, "initial": "50ms", "max_delay": "100ms"}
    steps = [
        {
            "id": f"{action.replace('.', '_')}_{number}_{turn}",
            "action": action,
            "input": data,
            "retry": retry,
            "on_failure": "continue",
        }
        for number, (action, data) in enumerate(CALLS)
        for turn in range(len(STYLES) if action.startswith("http") else 8)
    ]
    return {"name": "leaky", "steps": steps}


def forms(token: str) -> set[str]:
    """How a credential could have been written."""
    plain = token.encode()
    parts = {token, *token.split("/")[-1:]}
    return parts | {plain.hex(), base64.b64encode(plain).decode().rstrip("=")[:-1]}


def found_in(text: str, tokens: dict[str, str]) -> list[str]:
    return [kind for kind, token in tokens.items() if any(form in text for form in forms(token))]


async def command(*arguments: str, given: str = "") -> str:
    """One command of ours; all that it prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "aias",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await asyncio.wait_for(process.communicate(given.encode()), 60)
    return out.decode()


@pytest.fixture
def environment(workspaces_database_url: str, workspace: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of every process of this test."""
    del workspace
    monkeypatch.setenv("DATABASE_URL", workspaces_database_url)
    monkeypatch.setenv("AIAS_MASTER_KEY", MASTER_KEY)
    monkeypatch.setenv("AIAS_LOG_LEVEL", "debug")
    monkeypatch.setenv("AIAS_CALL_TIMEOUT", "5")


async def connected(tenant: str, echo: Echo) -> str:
    """Connect by the command line, tried and untried; all that was printed."""
    told = [
        await command("integration", "connect", *arguments, "--tenant", tenant, *more, trial, given=given)
        for trial in ("--check", "--no-check")
        for arguments, more, given in (
            (("shopify", "--url", echo.url), ("--token", "-"), TOKENS["shopify"]),
            (("wave", "--business", "QnVzaW5lc3M6MQ==", "--url", f"{echo.url}/wave"), ("--token", "-"), TOKENS["wave"]),
            (("slack",), ("--url", "-"), f"{echo.url}/services/{TOKENS['slack']}"),
        )
    ]
    return "\n".join(told)


async def ended_or_held_up(workspace: Any, execution: UUID) -> None:
    """Wait until all calls are made, or none is made any more because a gate is closed for longer."""
    deadline = time.monotonic() + 40
    status = ""
    while status not in {"succeeded", "failed"} and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
        async with workspace.pool.connection() as conn:
            cursor = await conn.execute("select status from aias.executions where id = %s", (execution,))
            ((status,),) = await cursor.fetchall()


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.usefixtures("environment")
async def test_a_planted_credential_is_nowhere_in_what_was_written(workspace: Any, tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    with echoing() as echo:
        told = await connected(workspace.tenant, echo)
        http = {"url": echo.url}
        secret = {"headers": {"X-Key": TOKENS["http"], "Authorization": f"Bearer {TOKENS['http']}"}}
        await workspace.connect("http", http, secret)
        mail = {"host": "127.0.0.1", "port": echo.port, "username": "aias", "sender": "aias@example.com"}
        await workspace.connect("email", mail, {"password": TOKENS["email"]})
        with log.open("wb") as output:
            worker = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "aias", "worker", stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output
            )
            try:
                async with workspace.pool.connection() as conn:
                    await apply_workflow(conn, workspace.tenant, definition())
                    execution = await run_workflow(conn, workspace.tenant, "leaky")
                await ended_or_held_up(workspace, execution)
            finally:
                worker.send_signal(signal.SIGTERM)
                await asyncio.wait_for(worker.wait(), 40)
        told += await command("integration", "check", "--tenant", workspace.tenant)
        told += await command("execution", "show", str(execution), "--json")
        told += await command("effect", "list", "--all", "--json")
        told += await command("integration", "connect", "wave", "--business", "1", "--tenant", workspace.tenant,
                              "--token", "-", given=f"{TOKENS['wave']}\r\nX: 1")  # fmt: skip
    # it was all done with the planted ones, and this test would see them
    assert found_in("".join(echo.heard), {kind: TOKENS[kind] for kind in TOKENS if kind != "email"}) == [
        "shopify", "wave", "slack", "http",
    ]  # fmt: skip
    secrets = {**TOKENS, "master key": MASTER_KEY}
    written = {"the log": log.read_text(), "the commands": told}
    written |= {table: "\n".join(rows) for table, rows in (await workspace.everything()).items()}
    assert MARKER in written["aias_private.workflow_versions"]
    assert "upstream call" in written["the log"]
    leaks = {place: kinds for place, text in written.items() if (kinds := found_in(text, secrets))}
    assert leaks == {}
