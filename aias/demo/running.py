"""The run itself: everything is brought up, the orders are started, a worker is killed, and the end is waited for."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.resources
import os
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from aias.client import Aias
from aias.db import without_password
from aias.demo.counting import Ledger, read_books, read_ledger
from aias.demo.database import demo_database
from aias.demo.report import Killed, Query, Report
from aias.demo.scenario import Scenario, make_scenario, reference_of
from aias.demo.worker_process import WorkerProcess
from aias.integrations import connect
from aias.settings import Settings
from aias.simulators import Simulators, running_simulators
from aias.tenants import create_tenant

__all__ = ["TENANT", "WORKFLOW", "run_demo"]

TENANT = "demo"
WORKFLOW = "order-to-invoice"

Progress = Callable[[int, str], None]

# Short, so that a dead worker's work goes on within seconds; the defaults are ten times as long.
_LEASES = {
    "AIAS_HEARTBEAT_EVERY": "0.5",
    "AIAS_STALLED_AFTER": "3",
    "AIAS_SWEEP_EVERY": "0.5",
    "AIAS_SHUTDOWN_GRACE": "10",
}
# The rate limit of a shop on Shopify Plus: one on a smaller plan would be busy with that alone.
_PLUS = {"bucket": 20_000, "restore_rate": 1_000}
_PATIENCE = 120.0
_PATIENCE_PER_ORDER = 1.0
_LOOK_EVERY = 0.1


async def run_demo(
    settings: Settings,
    *,
    count: int,
    progress: Progress,
    told: Callable[[Report], None],
    keep: asyncio.Event | None = None,
) -> Report:
    """Run the demo with so many orders and hand its report to ``told``; with ``keep`` the system stays until it is set.

    When it ends, however it ends, no worker and no local server is left; the database stays to be looked at.

    Raises:
        AiasError: it could not even be set up.
    """
    started_at = time.monotonic()
    scenario = make_scenario(count)
    progress(0, "making the database")
    async with (
        demo_database(settings) as url,
        running_simulators(
            which=("shopify", "wave", "slack"),
            orders=scenario.in_shop,
            faults=scenario.faults(),
            shopify=_PLUS,
        ) as sims,
        Aias(url, max_connections=4, actor="aias demo") as aias,
    ):
        run = _Run(settings, url, scenario, sims, aias, progress)
        async with run.workers():
            await run.set_up()
            await run.start_orders()
            await asyncio.gather(run.kill_a_worker(), run.wait_for_the_end())
            report = await run.report(time.monotonic() - started_at)
            told(report)
            if keep is not None:
                await keep.wait()
    return report


class _Run:
    """One run: what it has started, and what it has found missing."""

    def __init__(
        self, settings: Settings, url: str, scenario: Scenario, sims: Simulators, aias: Aias, progress: Progress
    ) -> None:
        self._settings = settings
        self._url = url
        self._scenario = scenario
        self._sims = sims
        self._aias = aias
        self._progress = progress
        self._executions: dict[int, UUID] = {}
        self._repeated_starts = 0
        self._workers: list[WorkerProcess] = []
        self._current: WorkerProcess | None = None
        self._was_killed = False
        self._is_over = False
        self._missing: list[str] = []
        self._deadline = time.monotonic() + _PATIENCE + _PATIENCE_PER_ORDER * len(scenario.orders)

    @asynccontextmanager
    async def workers(self) -> AsyncGenerator[None]:
        """Start the first worker; whoever is alive at the end of the block is stopped."""
        await self._start_worker()
        try:
            yield
        finally:
            await asyncio.gather(*(worker.stop() for worker in self._workers))

    async def _start_worker(self) -> None:
        name = f"demo-{len(self._workers) + 1}"
        ports = [simulator.base_url.removeprefix("http://") for simulator in self._sims.all().values()]
        worker = await WorkerProcess.start(
            name=name,
            log=_log_folder(self._settings) / f"{name}.log",
            environment={**_LEASES, "DATABASE_URL": self._url, "AIAS_EGRESS_ALLOW": ",".join(ports)},
        )
        self._workers.append(worker)
        self._current = worker

    async def set_up(self) -> None:
        """Make the tenant, connect it to the local servers, and apply the workflow."""
        self._progress(0, "connecting the shop, the books and the chat")
        sims = self._sims
        connections: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
            ("shopify", {"url": sims.shopify.url}, {"access_token": sims.shopify.token}),
            (
                "wave",
                {"url": sims.wave.base_url, "business_id": sims.wave.business_id},
                {"access_token": sims.wave.token},
            ),
            ("slack", {}, {"webhook_url": sims.slack.url}),
        )
        async with self._aias.session.connection() as conn, conn.transaction():
            await create_tenant(conn, slug=TENANT, plan="pro", name="Demo")
            for kind, config, secret in connections:
                await connect(conn, tenant=TENANT, kind=kind, config=config, secret=secret, settings=self._settings)
        await self._aias.apply_workflow(_shipped(WORKFLOW), tenant=TENANT)

    async def start_orders(self) -> None:
        """Start every order, through SQL and through Python in turns, and one of them twice."""
        self._progress(0, "starting the orders")
        for number, order in enumerate(self._scenario.orders):
            start = self._start_by_python if number % 5 == 1 else self._start_by_sql
            self._executions[order.id] = await start(order.id)
        repeated = self._scenario.repeated.id
        if await self._start_by_python(repeated) != self._executions[repeated]:
            self._missing.append("the same idempotency key started another execution")
        else:
            self._repeated_starts += 1

    async def _start_by_sql(self, order: int) -> UUID:
        async with self._aias.session.connection() as conn, conn.transaction():
            cursor = await conn.execute(
                "select aias.run_workflow(%s, %s, %s, %s)",
                (TENANT, WORKFLOW, Jsonb({"order_id": order}), f"order {order}"),
            )
            ((execution,),) = await cursor.fetchall()
        return execution

    async def _start_by_python(self, order: int) -> UUID:
        execution = await self._aias.run_workflow(
            WORKFLOW, tenant=TENANT, input={"order_id": order}, idempotency_key=f"order {order}"
        )
        return execution.id

    async def kill_a_worker(self) -> None:
        """Kill the worker when Wave has made the invoice and keeps the answer to itself; start another one.

        At that moment the step before is checkpointed, and the invoice is in the books although nobody knows.
        """
        reference = reference_of(self._scenario.killed)
        execution = self._executions[self._scenario.killed.id]
        while not (self._is_held(reference) and await self._is_between_steps(execution)):
            if self._is_over or self._current is None:
                self._missing.append(f"the call that a worker should be killed in did not come; see {self._logs()}")
                return
            await asyncio.sleep(_LOOK_EVERY)
        worker, self._current = self._current, None
        if worker is not None:
            await worker.kill()
            self._was_killed = True
            await self._start_worker()

    def _is_held(self, reference: str) -> bool:
        return any(
            entry.effect and entry.status is None and entry.call.reference == reference
            for entry in self._sims.wave.journal.find("invoiceCreate")
        )

    async def _is_between_steps(self, execution: UUID) -> bool:
        async with self._aias.session.connection() as conn:
            cursor = await conn.execute(
                "select count(*) = 2 from aias.execution_steps as s where s.execution_id = %s"
                " and (s.step, s.status) in (('customer', 'succeeded'), ('invoice', 'running'))",
                (execution,),
            )
            return await cursor.fetchone() == (True,)

    async def wait_for_the_end(self) -> None:
        """Look until every execution is final, or the patience is at its end; then note what is missing."""
        total = len(self._scenario.orders)
        while (open_ := await self._count_open()) > 0:
            self._progress(total - open_, "orders through order-to-invoice")
            if self._current is not None and self._current.exit_code is not None:
                self._missing.append(f"the worker ended with exit code {self._current.exit_code}")
                break
            if time.monotonic() > self._deadline:
                break
            await asyncio.sleep(_LOOK_EVERY)
        self._is_over = True
        self._progress(total, "counting")
        if open_ > 0:
            await self._note_open()

    async def _count_open(self) -> int:
        async with self._aias.session.connection() as conn:
            cursor = await conn.execute(
                "select count(*) from aias.executions where tenant = %s and finished_at is null", (TENANT,)
            )
            ((count,),) = await cursor.fetchall()
        return count

    async def _note_open(self) -> None:
        for execution in await self._aias.executions(tenant=TENANT, limit=1000):
            if not execution.is_final:
                why = "; ".join(f"{reason.reason}: {reason.detail}" for reason in await execution.explain())
                self._missing.append(f"the execution {execution.id} has not ended: {why}")
        self._missing.append(f"what the workers said is in {self._logs()}")

    def _logs(self) -> str:
        return ", ".join(str(worker.log) for worker in self._workers)

    async def report(self, seconds: float) -> Report:
        """Count everything."""
        async with self._aias.session.connection() as conn:
            ledger = await read_ledger(conn, TENANT)
        books = read_books(self._scenario, self._sims, ledger, self._executions)
        statuses: dict[str, int] = {}
        for status in ledger.statuses.values():
            statuses[status] = statuses.get(status, 0) + 1
        return Report(
            orders=len(self._scenario.orders),
            executions=dict(sorted(statuses.items())),
            steps=ledger.steps,
            retries=ledger.retries,
            rescued=ledger.rescued,
            dead_letters=len(ledger.dead),
            repeated_starts=self._repeated_starts,
            invoices_expected=len(self._scenario.billable),
            invoices_found=books.found,
            duplicates=books.duplicates,
            lost=books.lost,
            messages_in_doubt=len(ledger.in_doubt),
            killed=self._killed(ledger) if self._was_killed else None,
            seconds=round(seconds, 1),
            problems=[*self._missing, *books.problems],
            workers=[
                {"name": worker.name, "pid": worker.pid, "exit_code": worker.exit_code, "log": str(worker.log)}
                for worker in self._workers
            ],
            database=f"DATABASE_URL={shlex.quote(without_password(self._url))} {_program()} db psql",
            sql=list(_QUERIES),
        )

    def _killed(self, ledger: Ledger) -> Killed:
        order = self._scenario.killed
        execution = self._executions[order.id]
        return Killed(
            execution=execution,
            order=order.name,
            status=ledger.statuses.get(execution, "gone"),
            attempt=ledger.attempts.get(execution, 0),
        )


def _shipped(name: str) -> bytes:
    """The definition of a workflow that comes with the package."""
    return importlib.resources.files("aias.workflows").joinpath("shipped", f"{name}.yaml").read_bytes()


def _log_folder(settings: Settings) -> Path:
    """Where the workers' logs go: under AIAS_HOME, or where that can't be written, a temporary folder."""
    folder = settings.home / "demo"
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="aias-demo-"))


def _program() -> str:
    """How this program is called from here."""
    own = Path(sys.argv[0])
    found = shutil.which("aias")
    if found is not None and own.exists() and Path(found).samefile(own):
        return "aias"
    return shlex.quote(str(own)) if own.name == "aias" else f"{shlex.quote(sys.executable)} -m aias"


_QUERIES = (
    Query(
        about="the executions by outcome",
        sql="select status, count(*), max(duration) from aias.executions group by status;",
    ),
    Query(
        about="step by step, the executions whose worker was killed: a second attempt is the other worker's",
        sql="select e.input, s.step, s.status, s.attempt_count, s.started_at, s.finished_at"
        " from aias.executions as e join aias.execution_steps as s on s.execution_id = e.id"
        " where e.crash_count > 0 order by e.id, s.started_at;",
    ),
    Query(
        about="what went wrong on the way, and when it was tried again",
        sql="select at, type, step, detail from aias.execution_events order by at;",
    ),
    Query(
        about="what gave up, whole",
        sql="select reason, error, snapshot from aias.dead_letters where resolution is null;",
    ),
    Query(about="who did what", sql="select at, actor, action, detail from aias.audit_log order by id;"),
)
