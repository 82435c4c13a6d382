"""The matrix at work: executions that call every action with an effect, faults that strike them, workers that die."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from aias import Aias
from aias.client import Execution
from aias.integrations import connect
from aias.plugins import all_actions
from aias.settings import Settings, get_settings
from aias.simulators import Simulators
from aias.simulators.simulator import Simulator
from tests.integrations.keyed_service import KeyedService
from tests.integrations.matrix_cases import Case, Place
from tests.integrations.matrix_faults import Fault

TENANT = "matrix"
LINGER = 60.0
"""Seconds for which an answer is held back from a worker that is to die."""

_KINDS = {"shopify": "shopify", "wave": "wave", "slack": "slack", "email": "smtp", "http": "keyed"}

# A worker is found dead soon, a call may take a second; everything else is as in production.
_ENVIRONMENT = {
    "AIAS_HEARTBEAT_EVERY": "0.5",
    "AIAS_STALLED_AFTER": "6",
    "AIAS_SWEEP_EVERY": "0.3",
    "AIAS_WORKER_CONCURRENCY": "4",
    "AIAS_EGRESS_ALLOW": "127.0.0.0/8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck:
    """One step of one execution under one fault: a cell of the matrix."""

    case: Case
    fault: Fault
    execution: UUID
    mark: str
    """What its calls carry: the step's key, the recipient of a mail, the path of a request."""

    def __str__(self) -> str:
        return f"{self.fault.name} x {self.case.name}"


@dataclass(slots=True, kw_only=True)
class Crew:
    """Worker processes on one database."""

    database_url: str
    folder: Path
    started: list[subprocess.Popen[bytes]] = field(default_factory=list[subprocess.Popen[bytes]])

    def start(self, *, call_timeout: float, concurrency: int) -> subprocess.Popen[bytes]:
        """Start one as an operator does; seconds for one call, and how many executions it runs at a time."""
        log = self.folder / f"worker-{len(self.started) + 1}.log"
        environment = {
            **os.environ,
            **_ENVIRONMENT,
            "DATABASE_URL": self.database_url,
            "AIAS_HOME": str(self.folder / "home"),
            "AIAS_CALL_TIMEOUT": str(call_timeout),
            "AIAS_WORKER_CONCURRENCY": str(concurrency),
        }
        command = [sys.executable, "-m", "procrastinate", "--app=aias.app.app", "worker"]
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment, start_new_session=True
            )
        self.started.append(process)
        return process

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End one as a power cut would."""
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)

    def kill_all(self) -> None:
        """End whatever still runs."""
        for process in self.started:
            self.kill(process)


@dataclass(slots=True, kw_only=True)
class Matrix:
    """The upstreams, the executions and what is known of them."""

    aias: Aias
    conn: psycopg.AsyncConnection[Any]
    sims: Simulators
    keyed: KeyedService
    cells: list[Struck] = field(default_factory=list[Struck])
    executions: dict[UUID, Execution] = field(default_factory=dict[UUID, Execution])
    settings: Settings = field(default_factory=get_settings)
    _order_ids: Iterator[str] = field(default_factory=lambda: iter(()))

    def __post_init__(self) -> None:
        records = self.sims.shopify.shop.orders.values()
        plain = [one for one in records if one.financial_status == "PAID" and not one.order.refunds]
        self._order_ids = iter([one.gid for one in plain if one.fulfillment_status == "UNFULFILLED"])

    @property
    def upstreams(self) -> dict[str, Simulator]:
        """By the name that a case uses."""
        return {**self.sims.all(), "keyed": self.keyed}

    async def order(self, fault: Fault, cases: Sequence[Case], *, linger: float | None) -> None:
        """Start an execution of these cases, each of which meets the fault; with ``linger`` twice, once held back."""
        number = len(self.executions) + 1
        place = self._place(number)
        steps = [step for case in cases for step in _steps(case, place, asks=linger is not None)]
        definition = {"name": f"m{number}", "steps": steps}
        async with self.conn.transaction():
            await self._connect(place, definition)
            await self.aias.apply_workflow(definition, tenant=TENANT, connection=self.conn)
            execution = await self.aias.run_workflow(definition["name"], tenant=TENANT, connection=self.conn)
            for case in cases:
                step = next(step for step in steps if step["id"] == case.name)
                self._strike(case, fault, execution.id, step, linger)
        self.executions[execution.id] = execution

    def _place(self, number: int) -> Place:
        host = f"127.0.0.{number + 1}"
        services = {name: f"http://{host}:{port}" for name, port in self._ports().items()}
        accounts = {one.name: one.id for one in self.sims.wave.books.accounts.values()}
        return Place(number=number, order_ids=self._order_ids, services=services, accounts=accounts)

    def _ports(self) -> dict[str, int]:
        found = {name: int(one.base_url.rsplit(":", 1)[1]) for name, one in self.upstreams.items()}
        return {**found, "smtp": self.sims.smtp.port}

    async def _connect(self, place: Place, definition: Mapping[str, Any]) -> None:
        """A connection for each case alone: what one case does to a breaker is nothing to another."""
        made: set[tuple[str, str]] = set()
        for step in definition["steps"]:
            kind, name = step["action"].split(".")[0], step.get("connection")
            if name is None or (kind, name) in made:
                continue
            made.add((kind, name))
            config, secret = self._settings(kind, place)
            await connect(
                self.conn, tenant=TENANT, kind=kind, name=name, config=config, secret=secret, settings=self.settings
            )

    def _settings(self, kind: str, place: Place) -> tuple[dict[str, Any], dict[str, Any]]:
        url = place.services[_KINDS[kind]]
        match kind:
            case "shopify":
                return {"url": url}, {"access_token": self.sims.shopify.token}
            case "wave":
                config = {"url": f"{url}/graphql/public", "business_id": self.sims.wave.business_id}
                return config, {"access_token": self.sims.wave.token}
            case "slack":
                path = self.sims.slack.url.removeprefix(self.sims.slack.base_url)
                return {}, {"webhook_url": f"{url}{path}"}
            case "email":
                host, port = url.removeprefix("http://").split(":")
                return {"host": host, "port": int(port), "security": "none", "sender": "aias@example.com"}, {}
            case _:
                return {"url": url}, {"headers": {"X-Secret": "s"}}

    def _strike(self, case: Case, fault: Fault, execution: UUID, step: Mapping[str, Any], linger: float | None) -> None:
        match: dict[str, Any] = {"header": f"idempotency-key: {execution}:{case.name}"}
        mark = f"{execution}:{case.name}"
        if case.service == "smtp":
            mark = step["input"]["to"]
            match = {"operation": "data", "id": mark}
        elif case.service == "keyed":
            mark = step["input"]["headers"]["X-Case"]
            match = {"header": f"x-case: {mark}"}
        if fault.can_linger and case.service != "smtp":
            match["kind"] = case.strikes
            match |= {} if case.operation is None else {"operation": case.operation}
        faults = [{"match": match, "do": fault.do}]
        if linger is not None and fault.can_linger:
            faults.insert(0, {"match": match, "do": {**fault.do, "linger": linger}})
        self.upstreams[case.service].faults.add(*faults)
        self.cells.append(Struck(case=case, fault=fault, execution=execution, mark=mark))

    async def all_linger(self, seconds: float = 40.0) -> None:
        """Wait until every call that is to die waits for its answer.

        Raises:
            TimeoutError: some do not; what they are is told.
        """
        try:
            async with asyncio.timeout(seconds):
                while self.unused():  # noqa: ASYNC110 - the upstreams ring no bell
                    await asyncio.sleep(0.1)
        except TimeoutError:
            left = self.unused()
            raise TimeoutError(f"{len(left)} faults were not met: {left[:20]}") from None

    def unused(self) -> list[dict[str, Any]]:
        """The faults that no call has met; of two for one call, the first."""
        armed = [(name, fault) for name, one in self.upstreams.items() for fault in one.faults.to_json()]
        first = {(name, str(fault["match"])): fault for name, fault in reversed(armed)}
        return [{"at": name, **fault["match"]} for (name, _), fault in first.items() if not fault["used"]]

    async def settled(self, seconds: float) -> None:
        """Wait until every execution has ended or waits for a person; the ones that do not are told.

        Raises:
            TimeoutError: some have not.
        """
        query = """
            select count(*) from aias.executions
            where status not in ('succeeded', 'failed', 'cancelled')
                and not (status = 'waiting' and wait_reason = 'approval')
        """
        try:
            async with asyncio.timeout(seconds):
                while (await (await self.conn.execute(query)).fetchone()) != (0,):  # noqa: ASYNC110 - nor does this
                    await asyncio.sleep(0.2)
        except TimeoutError:
            open_ones = [one for one in self.executions.values() if not (await one.refresh()).is_final]
            told = [
                f"{one.workflow}: {reason.reason}: {reason.detail}"
                for one in open_ones
                for reason in await one.explain()
            ]
            raise TimeoutError("not settled: " + "\n".join(told[:40])) from None

    def effects(self, cell: Struck) -> Counter[tuple[str, str]]:
        """How often each thing that the cell's step asked for was done, by operation and body."""
        done: Counter[tuple[str, str]] = Counter()
        for entry in self.upstreams[cell.case.service].journal:
            if entry.effect and _is_of(entry, cell):
                done[entry.operation, entry.digest] += 1
        return done

    def longest_call(self, since: float) -> float:
        """Seconds that the longest call over HTTP took which began after this time."""
        entries = [e for name, one in self.upstreams.items() if name != "smtp" for e in one.journal if e.at >= since]
        return max(entry.seconds or 0.0 for entry in entries)


def _is_of(entry: Any, cell: Struck) -> bool:
    match cell.case.service:
        case "smtp":
            return entry.call.variables.get("to") == [cell.mark]
        case "keyed":
            return entry.path == cell.mark
        case _:
            return entry.caller == cell.mark


def _steps(case: Case, place: Place, *, asks: bool) -> list[dict[str, Any]]:
    """The case's steps with their ids, one after the other, each with the case's own connection."""
    made = case.steps(place)
    ids = [f"before{number}_{case.name}" for number in range(1, len(made))] + [case.name]
    steps: list[dict[str, Any]] = []
    for number, (given, name) in enumerate(zip(made, ids, strict=True)):
        step = {
            **given,
            "id": name,
            "input": _named(given["input"], ids),
            "needs": [ids[number - 1]] if number else [],
            "retry": {"max_attempts": 8, "initial": "100ms", "max_delay": "500ms"},
            "on_failure": "continue",
        }
        if given["action"] != "http.request":
            step["connection"] = f"c{place.number}-{case.name}"[:63]
        if name == case.name:
            step |= {} if case.effect is None else {"effect": case.effect}
            is_open = (case.effect or all_actions()[case.action].effect) == "at_most_once"
            step |= {"on_unknown": "ask"} if asks and is_open else {}
        steps.append(step)
    return steps


def _named(value: Any, ids: list[str]) -> Any:
    """Put the steps' ids into templates that say ``@1`` for the case's first step."""
    if isinstance(value, dict):
        return {name: _named(inner, ids) for name, inner in value.items()}
    if isinstance(value, str):
        for number, name in enumerate(ids, 1):
            value = value.replace(f"steps.@{number}.", f"steps.{name}.")
    return value
