"""Live workers: real processes, started as an operator starts them, on a database and an upstream of the test's own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import anyio
import psycopg
import pytest

from aias import Aias
from aias.client import Execution
from tests.acceptance.upstream import Upstream, running_upstream

STALLED_AFTER = 2.0

# Short, so that a test need not wait a minute for a rescue; the proportions are those of the defaults.
LEASES = {
    "AIAS_HEARTBEAT_EVERY": "0.4",
    "AIAS_STALLED_AFTER": str(STALLED_AFTER),
    "AIAS_SWEEP_EVERY": "0.3",
}


@dataclass(slots=True, kw_only=True)
class Worker:
    """A worker process."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    def signal(self, number: signal.Signals) -> None:
        os.killpg(self.pid, number)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.signal(signal.SIGKILL)
        self.process.wait(10)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with running_upstream() as running:
        yield running


@pytest.fixture
def start_worker(database_url: str, upstream: Upstream, tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Start workers; all of them are ended afterwards."""
    started: list[Worker] = []

    def start(*options: str) -> Worker:
        log = tmp_path / f"worker-{len(started) + 1}.log"
        environment = (
            os.environ
            | LEASES
            | {
                "DATABASE_URL": database_url,
                "AIAS_HOME": str(tmp_path / "home"),
                "AIAS_EGRESS_ALLOW": f"127.0.0.1:{upstream.port}",
            }
        )
        command = [sys.executable, "-m", "procrastinate", "--app=aias.app.app", "worker", *options]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment,
                start_new_session=True,
            )
        worker = Worker(process=process, log=log)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        if worker.process.poll() is None:
            worker.kill()


@pytest.fixture
async def aias(database_url: str) -> AsyncIterator[Aias]:
    async with Aias(database_url, max_connections=4) as client:
        yield client


def six_steps(upstream: Upstream, name: str = "six-steps") -> dict[str, Any]:
    """Six effects, one after the other."""
    steps = [
        {
            "id": f"step{number}",
            "action": "http.request",
            "input": {"method": "POST", "url": f"{upstream.url}/step{number}", "json": {"number": number}},
            "needs": [f"step{number - 1}"] if number > 1 else [],
            "retry": {"max_attempts": 3, "initial": "100ms", "max_delay": "200ms"},
        }
        for number in range(1, 7)
    ]
    return {"name": name, "steps": steps, "output": {"last": "{{ steps.step6.output.json.made }}"}}


@pytest.fixture
async def six(aias: Aias, conn: psycopg.AsyncConnection[Any], upstream: Upstream) -> str:
    """The name of a workflow of six effects, of the tenant ``acme``."""
    await conn.execute("select aias.create_tenant('acme', 'pro')")
    definition = six_steps(upstream)
    await aias.apply_workflow(definition, tenant="acme")
    return str(definition["name"])


async def holder(conn: psycopg.AsyncConnection[Any], execution: UUID) -> int:
    """The process id of the worker that runs an execution."""
    cursor = await conn.execute(
        "select w.pid from aias.executions as e inner join aias.workers as w on w.id = e.worker_id where e.id = %s",
        (execution,),
    )
    row = await cursor.fetchone()
    assert row is not None
    return row[0]


async def effects_once(execution: Execution, upstream: Upstream) -> None:
    """Every step of a finished execution had its effect once, under the key of its step."""
    for number in range(1, 7):
        assert upstream.effects[f"{execution.id}:step{number}"] == 1


async def seen(conn: psycopg.AsyncConnection[Any], query: LiteralString, *arguments: Any) -> None:
    """Look until a query gives true."""
    with anyio.fail_after(30):
        while True:
            cursor = await conn.execute(query, arguments)
            if await cursor.fetchone() == (True,):
                return
            await anyio.sleep(0.02)
