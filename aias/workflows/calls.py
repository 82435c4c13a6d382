"""One call of an action: prepared, made within its timeout, and turned into the change that is recorded."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from aias.errors import Deferred
from aias.plugins import Action, ActionContext, Effect, Wait, pass_gates
from aias.tracing import Span, TraceContext, Work, attempt_span, bind_attempt, exporter, note, tell
from aias.workflows.checkpoints import Change, Key
from aias.workflows.failures import (
    Deferral,
    Failure,
    deferral_of,
    error_json,
    failure_of,
    message_of,
    permanent,
    tell_failure,
    without_a_connection,
)
from aias.workflows.json_values import json_problems
from aias.workflows.models import Step

MAX_OUTPUT: Final = 1_000_000
"""Characters of a step's output as JSON."""

CANCELLED: Final = Failure(error=error_json("Cancelled", "the call cancelled itself"), verdict="unknown")
"""The result of a call whose task ended as cancelled though nobody here cancelled it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A step (or one item of it) that is about to be called."""

    step: Step
    action: Action
    item: int
    data: Any
    is_deferred: bool = False
    """Whether it was put off before: what comes back goes ahead of what is new."""

    @property
    def key(self) -> Key:
        """Step and item."""
        return self.step.id, self.item

    @property
    def effect(self) -> Effect:
        """What the call does outside: the step's word, or else the action's."""
        return self.step.effect or self.action.effect

    def change(self, to: str, **values: Any) -> Change:
        """Give the change of this step to a state."""
        return {"id": self.step.id, "item": self.item, "action": self.action.name, "to": to, **values}

    def running(self) -> Change:
        """Give the change that is committed before the call."""
        return self.change("running", effect=self.effect)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls: what is the same for all calls of an execution."""

    pool: AsyncConnectionPool[AsyncConnection[Any]]
    tenant_id: UUID
    tenant: str
    execution_id: UUID
    workflow: str
    trace: TraceContext
    """The execution's."""
    attempt: int
    """The execution's: the fencing token."""
    fingerprints: dict[Key, str] = field(default_factory=dict[Key, str], compare=False)
    """Of the last failure of each step, as it was reported."""

    async def call(self, call: Call, attempt: int, *, timeout: float | None = None) -> Any:
        """Make the call, and report it if it fails.

        Returns:
            The output as JSON, a ``Wait``, a ``Deferral``, or the ``Failure``; only being cancelled raises.
        """
        result = await self._call(call, attempt, timeout=timeout)
        if isinstance(result, Failure):
            self.tell(call.step, call.item, result)
        return result

    def tell(self, step: Step, item: int, failure: Failure) -> None:
        """Report that a step, or an item of it, has failed."""
        told = tell_failure(
            failure, action=step.action, step=step.id, tenant_id=self.tenant_id, execution_id=self.execution_id
        )
        if told is not None:
            self.fingerprints[step.id, item] = told

    async def _call(self, call: Call, attempt: int, *, timeout: float | None) -> Any:
        item = call.item if call.item >= 0 else None
        key = f"{self.execution_id}:{call.step.id}" + ("" if item is None else f":{item}")
        trace = self.trace.under(attempt_span(key, attempt))
        # an instant call shares the engine's task, and is over before anything else runs there
        if not call.action.instant:
            bind_attempt(Work(self.execution_id, call.step.id, item, attempt), trace)
        context = ActionContext(
            tenant_id=self.tenant_id,
            tenant=self.tenant,
            execution_id=self.execution_id,
            workflow=self.workflow,
            step_id=call.step.id,
            item=item,
            attempt=attempt,
            idempotency_key=key,
            connection=call.step.connection,
            pool=self.pool,
            trace_parent=trace.trace_parent,
            is_deferred=call.is_deferred,
            execution_attempt=self.attempt,
            effect=call.effect,
            on_unknown=call.step.on_unknown,
        )
        began_at = time.monotonic()
        result = await self._result(call, context, timeout)
        # what succeeded has its checkpoint
        if isinstance(result, Failure) or exporter() is not None:
            self._tell(call, context, trace, result, began_at)
        return result

    async def _result(self, call: Call, context: ActionContext, timeout: float | None) -> Any:
        limit = call.step.timeout or call.action.timeout
        if timeout is not None:
            limit = min(limit, timeout)
        deadline = asyncio.timeout(limit)
        try:
            async with deadline:
                if call.action.gates:
                    await pass_gates(self.pool, self.tenant_id, call.action.gates)
                result = await call.action.call(context, call.data)
        except SystemExit as error:  # sys.exit() in an action must not end the worker
            return permanent("SystemExit", f"{call.action.name} tried to end the process: {error}")
        except Deferred as error:
            if error.kind == "gate" and (call.step.on_gate or call.action.on_gate) == "fail":
                return permanent("GateClosed", error.message, error.detail)
            return deferral_of(error)
        except PoolTimeout as error:
            return without_a_connection(error)
        except Exception as error:  # noqa: BLE001 (whatever an action raises is its step's failure)
            if isinstance(error, TimeoutError) and deadline.expired():
                message = f"{call.action.name} gave no result within {limit:g} s"
                return Failure(error=error_json("Timeout", message), verdict="unknown", cause=error)
            return failure_of(error)
        if isinstance(result, Wait):
            return result
        return _checked_output(call, result)

    def _tell(self, call: Call, context: ActionContext, trace: TraceContext, result: Any, began_at: float) -> None:
        """Note how an attempt ended, where the step's checkpoint will not tell or spans are exported."""
        detail: dict[str, Any] = {"action": call.action.name}
        if isinstance(result, Failure):
            detail |= {"error": str(message_of(result.error))[:500], "error_type": str(result.error.get("type"))}
        span = Span(
            kind="step",
            name=call.step.id if context.item is None else f"{call.step.id}[{context.item}]",
            context=trace,
            parent_span_id=self.trace.span_id,
            began_at=began_at,
            ended_at=time.monotonic(),
            status=_status(result),
            tenant_id=self.tenant_id,
            execution_id=self.execution_id,
            step=call.step.id,
            item=context.item,
            attempt=context.attempt,
            detail=detail,
        )
        if isinstance(result, Failure):
            note(self.pool, span)
        else:
            tell(span)


def _status(result: Any) -> Literal["succeeded", "failed", "deferred"]:
    if isinstance(result, Failure):
        return "failed"
    return "deferred" if isinstance(result, Deferral) else "succeeded"


def change_of(call: Call, result: Any, *, now: datetime, deadline: datetime | None) -> Change:
    """Give the change that a call's result makes.

    ``now`` is the database's time, from which a wait counts; no wait goes beyond the execution's ``deadline``.
    """
    if isinstance(result, Wait | Deferral):
        to = "waiting" if isinstance(result, Wait) else "deferred"
        return call.change(to, kind=result.kind, until=_end_of(result, now, deadline), detail=result.detail)
    if not isinstance(result, Failure):
        return call.change("succeeded", output=result)
    if result.verdict == "in_doubt" or (result.verdict == "unknown" and call.effect == "at_most_once"):
        return unknown_outcome(call, result.error, deadline=deadline)
    return _failed(call, result.error, is_transient=result.verdict != "permanent", retry_after=result.retry_after)


def _end_of(wait: Wait | Deferral, now: datetime, deadline: datetime | None) -> str | None:
    """When a wait is over, at the latest; none when it has no end of its own."""
    until = wait.until
    if until is not None and until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    if wait.seconds is not None:
        until = now + timedelta(seconds=wait.seconds)
    if deadline is not None:
        until = min(until or deadline, deadline)
    return None if until is None else until.isoformat()


def unknown_outcome(call: Call, cause: dict[str, Any] | None, *, deadline: datetime | None) -> Change:
    """Decide, as the step's ``on_unknown`` says, on a call that must not be repeated blindly if it had its effect."""
    message = f"{call.action.name} was called, and whether it took effect is not known"
    error = error_json("OutcomeUnknown", message, cause)
    match call.step.on_unknown:
        case "ask":
            told = f"{message}; approve to call it again, or say what happened (aias effect resolve)"
            detail = {"in_doubt": True, "message": told, "error": cause}
            until = None if deadline is None else deadline.isoformat()
            return call.change("waiting", kind="approval", until=until, detail=detail)
        case "retry":
            return _failed(call, error, is_transient=True)
        case _:
            return _failed(call, error, is_transient=False)


def _failed(call: Call, error: dict[str, Any], *, is_transient: bool, retry_after: float | None = None) -> Change:
    retry, default = call.step.retry, call.action.retry
    policy = {} if retry is None else retry.model_dump(mode="json", exclude_none=True)
    if default is not None:
        policy["default"] = default.to_json()
    return call.change(
        "failed",
        error=error,
        transient=is_transient,
        retry_after=retry_after,
        policy=policy or None,
    )


def _checked_output(call: Call, output: Any) -> Any:
    """Give the output, or the failure that it is no JSON that can be stored."""
    if len(json.dumps(output, ensure_ascii=False)) > MAX_OUTPUT:
        return permanent("OutputTooLarge", f"the output of {call.step.id!r} is larger than {MAX_OUTPUT:,} characters")
    problems = json_problems(output, most=3)
    if problems:
        told = "; ".join(str(problem) for problem in problems)
        return permanent("BadOutput", f"the output of {call.step.id!r} can't be stored: {told}")
    return output
