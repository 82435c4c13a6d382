"""How many calls and seconds a new tenant is from its first success: by the command line alone, by HTTP alone."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from aias.demo import WorkerProcess
from aias.simulators import Simulators, running_simulators

pytestmark = pytest.mark.slow

WORKFLOW = "sample-order-to-invoice"
MOST_COMMANDS = 2
MOST_REQUESTS = 2
PATIENCE = 60.0
"""Seconds until the worker has done it, at most."""


@pytest.fixture
async def simulators() -> AsyncIterator[Simulators]:
    async with running_simulators(which=("shopify", "wave", "smtp")) as running:
        yield running


@pytest.fixture
async def environment(simulators: Simulators, database_url: str, tmp_path: Path) -> AsyncIterator[dict[str, str]]:
    """What the processes are told; a worker is at work."""
    ports = [one.base_url.removeprefix("http://") for one in simulators.all().values()]
    told = {
        "AIAS_HOME": str(tmp_path),
        "DATABASE_URL": database_url,
        "AIAS_SIMULATORS": simulators.ready().to_json(),
        "AIAS_EGRESS_ALLOW": ",".join([*ports, f"{simulators.smtp.host}:{simulators.smtp.port}"]),
    }
    worker = await WorkerProcess.start(name="first", log=tmp_path / "worker.log", environment=told)
    yield told
    await worker.stop()


async def aias(environment: dict[str, str], *arguments: str) -> Any:
    """Run one command and read its document."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "aias", *arguments, "--json",
        env={**os.environ, **environment}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0, err.decode()
    return json.loads(out)


def succeeded(simulators: Simulators) -> None:
    """Check that it truly happened: one invoice in the books, one mail that names it."""
    (invoice,) = simulators.wave.books.invoices.values()
    (mail,) = simulators.smtp.records()
    assert f"Invoice {invoice.invoice_number} over" in json.dumps(mail)


async def test_a_new_tenant_has_its_first_success_after_two_commands(
    simulators: Simulators, environment: dict[str, str]
) -> None:
    began = time.monotonic()
    made = await aias(
        environment, "onboarding", "sign-up", "acme", "--email", "ada@acme.example", "--industry", "retail"
    )
    assert WORKFLOW in made["samples"]
    ended = await aias(environment, "run", WORKFLOW, "--tenant", "acme", "--wait")
    seconds = time.monotonic() - began
    assert ended["status"] == "succeeded", ended
    succeeded(simulators)
    print(f"first success through the command line: {MOST_COMMANDS} calls, {seconds:.1f} s")  # noqa: T201 (the measure)


async def test_a_new_tenant_has_its_first_success_after_two_requests(
    simulators: Simulators, environment: dict[str, str]
) -> None:
    operator = (await aias(environment, "key", "create", "--name", "site"))["token"]
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "aias", "serve", "--port", "0", "--drain", "0", "--json",
        env={**os.environ, **environment}, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        url = json.loads(await asyncio.wait_for(server.stdout.readuntil(b"}\n"), PATIENCE))["url"]
        calls, looks = 0, 0
        async with httpx.AsyncClient(base_url=url, timeout=30.0) as client:
            began = time.monotonic()
            made = await client.post(
                "/v1/onboarding/sign-ups",
                json={"tenant": "acme", "email": "ada@acme.example", "industry": "retail"},
                headers={"Authorization": f"Bearer {operator}"},
            )
            calls += 1
            assert made.status_code == 201, made.text
            assert WORKFLOW in [one["workflow"] for one in made.json()["samples"]["samples"]]
            own = {"Authorization": f"Bearer {made.json()['token']}"}
            started = await client.post("/v1/executions", json={"workflow": WORKFLOW}, headers=own)
            calls += 1
            assert started.status_code == 201, started.text
            status = started.json()["status"]
            # what follows only looks: the success needs none of it
            while status not in {"succeeded", "failed", "cancelled"}:
                assert time.monotonic() - began < PATIENCE, status
                await asyncio.sleep(0.2)
                looks += 1
                status = (await client.get(started.headers["Location"], headers=own)).json()["status"]
            seconds = time.monotonic() - began
        assert status == "succeeded"
        assert calls <= MOST_REQUESTS
        succeeded(simulators)
        print(f"first success through HTTP: {calls} calls, {looks} looks at it, {seconds:.1f} s")  # noqa: T201 (the measure)
    finally:
        server.terminate()
        await asyncio.wait_for(server.wait(), 30)
