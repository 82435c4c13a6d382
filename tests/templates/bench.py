"""A tenant with connections to the local servers, on which a template is used and run by a real worker."""

from __future__ import annotations

import importlib.util
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from aias.db import Pool
from aias.integrations import connect
from aias.jobs import AiasConnector, app
from aias.plugins import get_action
from aias.simulators import Simulators
from aias.templates import TemplateDocument, Used, use_template
from aias.workflows import (
    Execution,
    PlannedStep,
    approve_step,
    dry_run,
    get_execution,
    get_workflow,
    list_steps,
    run_workflow,
)
from tests.templates.shelf import Shelf

CASES = Path(__file__).with_name("cases")
FINAL = {"succeeded", "failed", "cancelled"}


@dataclass(kw_only=True)
class Bench:
    """What a case arranges on, runs and looks at."""

    url: str
    pool: Pool
    sims: Simulators
    shelf: Shelf
    tenant: str
    tenant_id: UUID = field(init=False)

    async def open(self, kinds: Sequence[str]) -> Bench:
        self.tenant_id = await self.value("select aias.create_tenant(%s, 'pro')", self.tenant)
        sims = self.sims
        connections: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
            "shopify": ({"url": sims.shopify.url}, {"access_token": sims.shopify.token}),
            "wave": ({"url": sims.wave.url, "business_id": sims.wave.business_id}, {"access_token": sims.wave.token}),
            "slack": ({}, {"webhook_url": sims.slack.url}),
            "http": ({"url": self.shelf.base_url}, {"headers": {"Authorization": "Bearer secret"}}),
            "email": (
                {"host": sims.smtp.host, "port": sims.smtp.port, "security": "none", "sender": "shop@example.com"},
                {},
            ),
        }
        async with self.pool.connection() as conn:
            for kind in kinds:
                config, secret = connections[kind]
                await connect(conn, tenant=self.tenant, kind=kind, name="default", config=config, secret=secret)
        return self

    async def value(self, query: Any, *arguments: Any) -> Any:
        async with self.pool.connection() as conn:
            row = await (await conn.execute(query, arguments)).fetchone()
            return None if row is None else row[0]

    async def do(self, statement: Any, *arguments: Any) -> None:
        async with self.pool.connection() as conn:
            await conn.execute(statement, arguments)

    async def use(self, template: str, parameters: Mapping[str, Any] | None = None, **given: Any) -> Used:
        async with self.pool.connection() as conn:
            return await use_template(conn, self.tenant, template, parameters, **given)

    async def start(self, workflow: str, input: Mapping[str, Any]) -> UUID:
        async with self.pool.connection() as conn:
            return await run_workflow(conn, self.tenant, workflow, input)

    async def execution(self, execution: UUID) -> Execution:
        async with self.pool.connection() as conn:
            return await get_execution(conn, execution)

    async def finish(self, execution: UUID, approve: Sequence[str] = ()) -> Execution:
        """Let a worker do what is ready until the execution ends; approve what waits for that, and let waits end."""
        for _ in range(12):
            await self.work()
            found = await self.execution(execution)
            if found.status in FINAL:
                return found
            async with self.pool.connection() as conn:
                for step in await list_steps(conn, execution):
                    if step.status == "waiting" and step.step in approve:
                        await approve_step(conn, execution, step.step, is_approved=True, by="kim")
                await conn.execute(
                    "update aias_private.steps set wait_until = wait_until - %s where execution_id = %s",
                    (timedelta(days=1), execution),
                )
        raise AssertionError(await self.statuses(execution))

    async def work(self) -> None:
        """Run a worker until nothing is ready."""
        with app.replace_connector(AiasConnector(url=self.url)) as replaced:
            async with replaced.open_async():
                await replaced.run_worker_async(wait=False, install_signal_handlers=False)

    async def statuses(self, execution: UUID) -> dict[str, str]:
        async with self.pool.connection() as conn:
            return {step.step: step.status for step in await list_steps(conn, execution)}

    async def called(self, execution: UUID) -> set[tuple[str, str]]:
        """Step and action of all that reached outside of the engine."""
        async with self.pool.connection() as conn:
            steps = await list_steps(conn, execution)
        found: set[tuple[str, str]] = set()
        for step in steps:
            action = get_action(step.action)
            assert action is not None
            if not action.instant and step.status == "succeeded":
                found.add((step.step, step.action))
        return found

    async def plan(self, workflow: str, input: Mapping[str, Any]) -> list[PlannedStep]:
        """Dry-run the workflow with every socket forbidden."""
        async with self.pool.connection() as conn:
            found = await get_workflow(conn, self.tenant, workflow)
        with no_sockets():
            return await dry_run(found.definition, input)


Arrange = Callable[[Bench], Awaitable[Mapping[str, Any]]]
Check = Callable[[Bench, Execution], Awaitable[None]]


async def _nothing(bench: Bench) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Case:
    """How a template is tried; ``cases/<name>.py`` holds one as ``CASE``."""

    check: Check
    """Looks at the local servers (``bench.sims``) after the run, and fails where an effect is not there, once."""
    calls: Sequence[str]
    """Every step that reaches outside of the engine, in the order in which a dry run names them."""
    arrange: Arrange = _nothing
    """Brings the local servers into the state that is wanted, and gives the workflow's input."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """Instead of the template's example."""
    approve: Sequence[str] = ()
    """Steps that wait for an approval, and get it."""
    runs: int = 2
    """How often the workflow is started with the same input; the effects are there once all the same."""


def case_of(document: TemplateDocument) -> Case:
    """Give the case of a template; there must be one."""
    path = CASES / f"{document.name.replace('-', '_')}.py"
    assert path.exists(), f"{path.name}: every template has a case that runs it"
    spec = importlib.util.spec_from_file_location(f"template_case_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.CASE


@contextmanager
def no_sockets() -> Any:
    """Let nobody connect anywhere, or make a socket, in the block."""

    def refuse(*_args: Any, **_kwargs: Any) -> Any:
        raise AssertionError("a dry run opens no socket")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket.socket, "connect_ex", refuse)
        patch.setattr(socket.socket, "sendto", refuse)
        patch.setattr(socket, "create_connection", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        yield
