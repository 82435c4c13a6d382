"""A tenant on a real database, actions that do as they are told, and the engine called job by job."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, JsonValue, RootModel

from aias.db import Pool
from aias.plugins import ActionContext, Effect, action, load_plugins, registry
from aias.workflows import Execution, apply_workflow, get_execution, list_steps, run_workflow
from aias.workflows.engine import advance


class CallInput(BaseModel):
    """What a call does is looked up under ``do``; anything else is passed along."""

    model_config = ConfigDict(extra="allow")
    do: str = "echo"


class CallOutput(RootModel[JsonValue]):
    """Anything."""


@dataclass(kw_only=True)
class Made:
    """A call that was made."""

    step: str
    item: int | None
    attempt: int
    key: str
    data: dict[str, Any]


Behaviour = Callable[[ActionContext, dict[str, Any]], Any]


@dataclass(kw_only=True)
class Lab:
    """One tenant with its workflows and the record of what was called for it."""

    pool: Pool
    tenant: str
    tenant_id: UUID = field(init=False)
    made: list[Made] = field(default_factory=list)
    behaviours: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    """By ``do``: each call takes the first; the last one stays. An exception is raised, a function is called."""
    running: int = 0
    most_running: int = 0
    is_lease_fresh: bool = True

    async def open(self) -> Lab:
        self.tenant_id = await self.value("select aias.create_tenant(%s, 'pro')", self.tenant)
        return self

    async def value(self, query: Any, *arguments: Any) -> Any:
        async with self.pool.connection() as conn:
            row = await (await conn.execute(query, arguments)).fetchone()
            return None if row is None else row[0]

    async def apply(self, definition: dict[str, Any] | str) -> int:
        async with self.pool.connection() as conn:
            return (await apply_workflow(conn, self.tenant, definition)).version

    async def start(self, definition: dict[str, Any] | str, input: dict[str, Any] | None = None) -> UUID:
        """Apply a definition (named ``flow`` unless it says otherwise) and start it."""
        if isinstance(definition, dict):
            definition = {"name": "flow", **definition}
            name = definition["name"]
        else:
            name = definition.split("name:", 1)[1].split()[0]
        await self.apply(definition)
        return await self.run(name, input)

    async def run(self, workflow: str = "flow", input: dict[str, Any] | None = None) -> UUID:
        async with self.pool.connection() as conn:
            return await run_workflow(conn, self.tenant, workflow, input)

    async def execution(self, execution: UUID) -> Execution:
        async with self.pool.connection() as conn:
            return await get_execution(conn, execution)

    async def only(self, workflow: str) -> UUID:
        """The one execution of a workflow."""
        query = "select id from aias.executions where tenant = %s and workflow = %s"
        return await self.value(query, self.tenant, workflow)

    async def advance(self, execution: UUID) -> str:
        """Do what the execution's job does."""
        job = await self.value("select job_id from aias.executions where id = %s", execution)
        if job is None:
            return "nothing"
        return await advance(
            self.pool,
            tenant=self.tenant_id,
            execution=execution,
            job=job,
            worker=None,
            lease_is_fresh=lambda: self.is_lease_fresh,
        )

    async def drive(self, execution: UUID, *, times: int = 20) -> Execution:
        """Advance until it ends or waits for something that is not due."""
        for _ in range(times):
            if await self.advance(execution) != "suspended":
                break
            if (await self.execution(execution)).status != "queued":
                break
        return await self.execution(execution)

    async def finish(self, definition: dict[str, Any] | str, input: dict[str, Any] | None = None) -> Execution:
        return await self.drive(await self.start(definition, input))

    async def later(self, execution: UUID, **after: float) -> None:
        """Let the waits of an execution end by that much sooner, as if time had passed."""
        span = timedelta(**after)
        async with self.pool.connection() as conn:
            await conn.execute(
                "update aias_private.steps set wait_until = wait_until - %s where execution_id = %s", (span, execution)
            )
            await conn.execute(
                "update aias_private.gates set closed_until = closed_until - %s where tenant_id = %s",
                (span, self.tenant_id),
            )

    async def steps(self, execution: UUID) -> dict[str, Any]:
        """Status by step; of an item by ``step[0]``."""
        async with self.pool.connection() as conn:
            rows = await list_steps(conn, execution)
        return {row.step + (f"[{row.item}]" if row.item is not None else ""): row for row in rows}

    async def statuses(self, execution: UUID) -> dict[str, str]:
        return {name: row.status for name, row in (await self.steps(execution)).items()}

    async def events(self, execution: UUID) -> list[str]:
        async with self.pool.connection() as conn:
            rows = await conn.execute(
                "select type from aias.execution_events where execution_id = %s order by id", (execution,)
            )
            return [row[0] for row in await rows.fetchall()]

    def called(self) -> list[str]:
        """Step names in the order of their calls; an item as ``step[0]``."""
        return [call.step + (f"[{call.item}]" if call.item is not None else "") for call in self.made]

    async def behave(self, context: ActionContext, data: CallInput) -> CallOutput:
        given = data.model_dump()
        if context.tenant != self.tenant:
            return CallOutput(given)  # what another lab left to a worker that takes whatever is due
        self.made.append(
            Made(
                step=context.step_id,
                item=context.item,
                attempt=context.attempt,
                key=context.idempotency_key,
                data=given,
            )
        )
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            script = self.behaviours[data.do]
            behaviour: Any = (script.pop(0) if len(script) > 1 else script[0]) if script else given
            if isinstance(behaviour, BaseException):
                raise behaviour
            result: Any = behaviour(context, given) if callable(behaviour) else behaviour
            if asyncio.iscoroutine(result):
                result = await result
            return CallOutput(result)
        finally:
            self.running -= 1

    @contextmanager
    def actions(self) -> Iterator[None]:
        """Register ``test.call`` (idempotent), ``test.read`` (no effect) and ``test.once`` (at most once)."""
        load_plugins()
        effects: dict[str, Effect] = {"call": "idempotent", "read": "none", "once": "at_most_once"}
        with registry.scoped():
            for name, effect in effects.items():

                async def behave(context: ActionContext, data: CallInput) -> CallOutput:
                    return await self.behave(context, data)

                behave.__qualname__ = f"behave_{name}"
                action(f"test.{name}", effect=effect, timeout=100.0)(behave)
            yield


def step(id: str, *needs: str, action: str = "test.call", **more: Any) -> dict[str, Any]:
    """A step that needs others."""
    made = {"id": id, "action": action, **more}
    return {**made, "needs": list(needs)} if needs else made
