"""The engine: advances one execution until it ends or must wait.

One round of the loop looks at the checkpoints, decides what can begin, writes everything that is new in one call (what
has ended and what begins), and only then makes the calls that begin. So a step's result is in the database before
anything that depends on it starts, and a step is on record as running before its effect can happen.

The engine keeps nothing that the checkpoints don't say: whoever claims the execution next goes on from them.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

import psycopg
import structlog
from psycopg_pool import PoolTimeout

from aias.errors import Problem, TransientError
from aias.plugins import note_refused_plugins, refused_of
from aias.tracing import Span, TraceContext, bind_execution, exporter, of_execution, tell
from aias.workflows.calls import CANCELLED, Call, Caller, change_of
from aias.workflows.checkpoints import Change, Claim, Key, Ledger, Pool, StepRow
from aias.workflows.failures import error_json, message_of
from aias.workflows.preparation import Prepared, prepared
from aias.workflows.rounds import Round
from aias.workflows.state import State
from aias.workflows.templates import TemplateError, render

MAX_CALLS: Final = 20
"""Calls of one execution that are under way at once."""
_GRACE: Final = 5.0
"""Seconds for cancelled calls to end, and for the last write of a worker that shuts down."""

_LOOK_EVERY = 5.0
"""Seconds after which answers to waiting steps are looked for while calls are still under way."""
_ANSWERED: Final = frozenset({"event", "approval", "execution", "gate"})

End = Literal["ended", "suspended", "superseded", "nothing"]

_log = structlog.stdlib.get_logger(__name__)


class LeaseLost(TransientError):
    """The worker was silent for so long that others may run its jobs: it must not begin anything."""


class _Superseded(Exception):
    """The ledger takes no more writes of this attempt."""


async def advance(
    pool: Pool, *, tenant: UUID, execution: UUID, job: int, worker: int | None, lease_is_fresh: Callable[[], bool]
) -> End:
    """Advance an execution as far as it goes now; at the end nothing of it is left in this process.

    Returns:
        ``nothing`` when this job may not claim it; ``superseded`` when another attempt began meanwhile.

    Raises:
        LeaseLost: the worker may not begin calls any more; the execution was given back.
        psycopg.OperationalError: the database was out of reach; the job is to be tried again.
    """
    ledger = Ledger(pool, tenant, execution)
    claim = await ledger.claim(job=job, worker=worker)
    if claim is None:
        return "nothing"
    claimed_at = time.monotonic()
    trace = of_execution(execution, claim.trace_parent, claim.correlation_id, claim.trace_state)
    bind_execution(tenant, execution, trace)
    end = await _advance(ledger, claim, trace, lease_is_fresh)
    if ledger.end is not None and exporter() is not None:
        tell(_span(ledger, claim, trace, claimed_at))
    return end


async def _advance(ledger: Ledger, claim: Claim, trace: TraceContext, lease_is_fresh: Callable[[], bool]) -> End:
    try:
        known = await prepared(ledger, claim)
        if isinstance(known, list):
            return await _refuse(ledger, known)
        if known.plugins and (refused := await _refused(ledger, claim, known)):
            return await _refuse_plugins(ledger, refused)
        return await _Advance(ledger, claim, known, trace, lease_is_fresh).run()
    except (asyncio.CancelledError, LeaseLost, psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, OSError):
        # not the execution's fault: it goes back, without counting as a crash
        with contextlib.suppress(Exception):
            await asyncio.wait_for(asyncio.shield(ledger.release()), _GRACE)
        raise
    except Exception as error:  # noqa: BLE001 (a mistake of ours: going on would repeat it, and it must not be lost)
        stored = error_json("EngineError", f"the engine failed: {type(error).__name__}: {error}")
        is_taken = await ledger.fail(stored, cause=error)
        _log.exception("the engine failed", execution=str(ledger.execution))
        return "ended" if is_taken else "superseded"


def _span(ledger: Ledger, claim: Claim, trace: TraceContext, claimed_at: float) -> Span:
    """The execution as a span, from when it was asked for; whoever ends it tells it."""
    status, error = ledger.end or ("failed", None)
    return Span(
        kind="execution",
        name=claim.workflow_name,
        context=trace,
        parent_span_id=None if claim.trace_parent is None else claim.trace_parent[36:52],
        began_at=claimed_at - (claim.now - claim.created_at).total_seconds(),
        ended_at=time.monotonic(),
        status=status,
        tenant_id=ledger.tenant,
        execution_id=ledger.execution,
        detail={"version": claim.version, **({} if error is None else {"error": message_of(error)[:500]})},
    )


async def _refuse(ledger: Ledger, problems: list[Problem]) -> End:
    told = [{"path": problem.path, "message": problem.message} for problem in problems[:100]]
    message = "the definition can't run: " + "; ".join(str(problem) for problem in problems[:10])
    error = error_json("DefinitionError", message, {"problems": told})
    return "ended" if await ledger.fail(error) else "superseded"


async def _refused(ledger: Ledger, claim: Claim, known: Prepared) -> dict[str, str | None]:
    """Those plugins of a workflow that its tenant may not use; a workflow without plugins asks nothing."""
    refused = await refused_of(ledger.pool, claim.tenant_slug)
    return {plugin: refused[plugin] for plugin in sorted(known.plugins) if plugin in refused}


async def _refuse_plugins(ledger: Ledger, refused: dict[str, str | None]) -> End:
    """Fail an execution because of its plugins, and note that in the audit log."""
    told = ", ".join(f"{plugin} ({reason})" if reason else plugin for plugin, reason in refused.items())
    error = error_json("PluginRefused", f"this tenant may not use the plugin {told}", {"plugins": list(refused)})
    if not await ledger.fail(error):
        return "superseded"
    async with ledger.pool.connection() as conn:
        await note_refused_plugins(conn, ledger.tenant, ledger.execution, list(refused))
    return "ended"


class _Advance:
    """The loop of one attempt."""

    def __init__(
        self,
        ledger: Ledger,
        claim: Claim,
        known: Prepared,
        trace: TraceContext,
        lease_is_fresh: Callable[[], bool],
    ) -> None:
        self.ledger = ledger
        self.lease_is_fresh = lease_is_fresh
        self.state = State(claim, ledger.execution, known.definition, known.graph)
        self.caller = Caller(
            pool=ledger.pool,
            tenant_id=ledger.tenant,
            tenant=claim.tenant_slug,
            execution_id=ledger.execution,
            workflow=claim.workflow_name,
            trace=trace,
            attempt=claim.attempt,
        )
        self.round = Round(self.state, self.caller, ledger)
        self.calls: dict[asyncio.Task[Any], Call] = {}
        self.deadline: datetime | None = None
        self._started_at = claim.started_at
        self._now = claim.now
        self._seen_at = time.monotonic()
        self._idle_rounds = 0
        self._unconfirmed: list[Change] = []

    async def run(self) -> End:
        try:
            if (limit := self.state.definition.timeout) is not None:
                self.deadline = self._started_at + timedelta(seconds=limit)
            self.round.deadline = self.deadline
            self.round.reclaim()
            while (end := await self._step()) is None:
                pass
            return end
        except _Superseded:
            return "superseded"
        except asyncio.CancelledError:
            await self._save_results()
            raise
        finally:
            await self._stop_calls()

    async def _step(self) -> End | None:
        """Do one round; none when there is more to do."""
        if self.deadline is not None and self._now >= self.deadline:
            return await self._time_out()
        changes, begun = await self.round.decide(
            busy={call.key for call in self.calls.values()},
            capacity=MAX_CALLS - len(self.calls),
            now=self._now,
            estimate=self._estimate(),
        )
        if any(call.effect != "none" for call in begun) and not self.lease_is_fresh():
            if results := [change for change in changes if change["to"] != "running"]:
                await self._record(results)
            raise LeaseLost("the worker's lease is not fresh: nothing is begun")
        if changes and not begun and not self.calls and self._is_settled(changes):
            return await self._succeed(changes)
        if changes:
            await self._record(changes)
            self._begin(begun)
            return None
        if self.calls:
            await self._wait_for_calls()
            return None
        if self.state.failures() or self.state.is_complete():
            return await self._finish()
        return await self._suspend()

    async def _record(self, changes: list[Change]) -> None:
        self._unconfirmed = changes
        rows, now = await self.ledger.record(changes)
        self._unconfirmed = []
        if now is None:
            raise _Superseded
        sent = {(change["id"], change["item"]): change for change in changes}  # the last of each counts
        self.state.take(_completed(row, sent[row.key]) for row in rows)
        self._saw(now)
        self._idle_rounds = 0

    def _begin(self, begun: list[Call]) -> None:
        """Start the calls that are on record as running."""
        for call in begun:
            row = self.state.rows.get(call.key)
            if row is None or row.status != "running":
                continue
            if call.effect != "none" and not self.lease_is_fresh():
                raise LeaseLost("the worker's lease is not fresh: nothing is begun")
            name = f"{call.step.id}[{call.item}]" if call.item >= 0 else call.step.id
            task = asyncio.create_task(self.caller.call(call, row.attempt_count, timeout=self._remaining()), name=name)
            self.calls[task] = call

    async def _wait_for_calls(self) -> None:
        """Wait for the next results, or for the next thing that is due; then look at the clock of the database."""
        waiting = [row for row in self.state.rows.values() if row.status == "waiting"]
        until = [row.wait_until for row in waiting if row.wait_until]
        if self.deadline is not None:
            until.append(self.deadline)
        limit = max((min(until) - self._estimate()).total_seconds(), 0.05) if until else None
        if any(row.wait_kind in _ANSWERED for row in waiting):
            limit = _LOOK_EVERY if limit is None else min(limit, _LOOK_EVERY)
        done, _ = await asyncio.wait(self.calls, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
        if not done:
            await self._reload()
            return
        self._take(done)

    def _take(self, done: set[asyncio.Task[Any]]) -> None:
        for task in done:
            call = self.calls.pop(task)
            # cancelled by its own doing: whoever stops this worker cancels the engine, not its calls
            result = CANCELLED if task.cancelled() else task.result()
            change = change_of(call, result, now=self._estimate(), deadline=self.deadline)
            self.round.arrive(change)

    async def _suspend(self) -> End | None:
        answer = await self.ledger.suspend()
        if answer != "again":
            return answer
        self._idle_rounds += 1
        if self._idle_rounds > 3:  # noqa: PLR2004 (once for the wake, once for what it brought)
            waiting = sorted(f"{row.id}[{row.item}]" for row in self.state.rows.values() if row.is_open)
            error = error_json("EngineError", "nothing can go on, and nothing is waited for", {"open": waiting[:100]})
            return "ended" if await self.ledger.fail(error) else "superseded"
        await self._reload()
        return None

    async def _reload(self) -> None:
        rows, now = await self.ledger.reload()
        if rows is None:
            raise _Superseded
        busy: set[Key] = {call.key for call in self.calls.values()}
        self.state.take(row for row in rows if row.key not in busy)
        self._saw(now)

    async def _finish(self) -> End:
        """End the execution: with its output, or with the first failure that nothing made up for."""
        failures = self.state.failures()
        if failures:
            first = failures[0]
            detail = {"step": first.id, "error": first.error, "failed": [row.id for row in failures]}
            error = error_json("StepFailed", f"step {first.id!r}: {message_of(first.error)}", detail)
            is_taken = await self.ledger.fail(error, step=first, fingerprint=self.caller.fingerprints.get(first.key))
            return "ended" if is_taken else "superseded"
        return await self._succeed(None)

    def _is_settled(self, changes: list[Change]) -> bool:
        """Whether these are the last checkpoints of a success, and nothing that SQL has still to decide on."""
        return (
            all(change["to"] in {"succeeded", "skipped"} for change in changes)
            and self.state.is_complete()
            and not self.state.failures()
        )

    async def _succeed(self, changes: list[Change] | None) -> End:
        """End the execution with its output, and its last checkpoints with it."""
        self._unconfirmed = changes or []
        try:
            output = render(self.state.definition.output, self.state.variables(None), place="$.output")
        except TemplateError as problem:
            error = error_json("TemplateError", problem.message)
            is_taken = await self.ledger.fail(error, changes=changes)
        else:
            is_taken = await self.ledger.finish("succeeded", output, None, changes)
        self._unconfirmed = []
        return "ended" if is_taken else "superseded"

    async def _time_out(self) -> End:
        await self._stop_calls()
        limit = self.state.definition.timeout
        error = error_json("TimedOut", f"the execution did not end within {limit:g} s")
        return "ended" if await self.ledger.fail(error) else "superseded"

    async def _save_results(self) -> None:
        """Write down, in bounded time, what ended before this worker was told to stop.

        An effect that is known to have happened must not become one that nobody knows of.
        """
        self._take({task for task in self.calls if task.done() and not task.cancelled()})
        # a write that was broken off may have been taken or not: what is done stays, so it is safe to repeat
        changes = [change for change in self._unconfirmed if change["to"] != "running"] + self.round.arrived()
        if changes:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(asyncio.shield(self.ledger.record(changes)), _GRACE)

    async def _stop_calls(self) -> None:
        """Cancel what is under way and wait, in bounded time, until it has ended."""
        for task in self.calls:
            task.cancel()
        if self.calls:
            _, stubborn = await asyncio.wait(self.calls, timeout=_GRACE)
            for task in stubborn:
                _log.error("a call does not end though it was cancelled", call=task.get_name())
            self.calls.clear()

    def _saw(self, now: datetime) -> None:
        self._now, self._seen_at = now, time.monotonic()

    def _estimate(self) -> datetime:
        """The database's time by now: its last word and what has passed here since."""
        return self._now + timedelta(seconds=time.monotonic() - self._seen_at)

    def _remaining(self) -> float | None:
        if self.deadline is None:
            return None
        return max((self.deadline - self._estimate()).total_seconds(), 0.001)


def _completed(row: StepRow, change: Change) -> StepRow:
    """Add to a recorded checkpoint what the database did not send back, because it came from here."""
    if row.status == "succeeded" and change["to"] == "succeeded":
        return replace(row, output=change["output"])
    return replace(row, wait_detail=change.get("detail")) if row.status == "waiting" else row
