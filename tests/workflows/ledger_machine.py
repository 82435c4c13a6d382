"""The ledger under random interleavings of workers, crashes, zombies and people.

Each step below is a call of the SQL that the engine, the worker or a person makes, in any order that hypothesis comes
up with, over several executions at once. What must hold is checked after every one of them.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)
from psycopg.rows import dict_row

from tests.clock import set_clock
from tests.workflows.ledger_rules import FINAL, one_job_while_live, whole_when_final

_numbers = itertools.count(1)
STEPS = ("read", "pay", "nap", "event", "ok")
DEFINITION = {
    "name": "machine",
    "steps": [
        {"id": "read", "action": "noop"},
        {"id": "pay", "action": "noop", "needs": ["read"]},
        {"id": "nap", "action": "sleep", "needs": ["read"]},
        {"id": "event", "action": "wait_for_event", "needs": ["read"]},
        {"id": "ok", "action": "approval", "needs": ["pay"]},
    ],
}
MOST = 3
"""Executions of one example: enough to get in each other's way."""
HOLDERS_MOVES = ("call", "call", "end", "end", "go_on", "wait", "suspend", "finish", "shut_down", "crash")
PEOPLES_MOVES = ("cancel", "retry", "retry", "replay", "signal", "approve")
MOVES = ("start", "work", "work", "tick", *HOLDERS_MOVES, *PEOPLES_MOVES)


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A worker that believes to hold an execution: it may be wrong."""

    execution: UUID
    attempt: int
    job: int
    job_attempts: int
    worker: int


class Machine(RuleBasedStateMachine):
    """Executions of one tenant, and everybody who does something to them."""

    url: str

    def __init__(self) -> None:
        super().__init__()
        self.connection = psycopg.connect(self.url, autocommit=True)
        self.time = datetime(2030, 1, 1, tzinfo=UTC)
        self.holders: list[Holder] = []
        self.executions: list[UUID] = []
        self.succeeded: dict[tuple[UUID, str], Any] = {}
        self.effects: Counter[str] = Counter()
        self.retries: Counter[UUID] = Counter()
        self.outputs = itertools.count(1)
        self.orphans: set[int] = set()

    @initialize()
    def begin(self) -> None:
        self.pass_time(0)
        self.tenant = f"machine-{next(_numbers)}"
        self.tenant_id = self.value("select aias.create_tenant(%s, 'pro')", self.tenant)
        self.value("select aias.apply_workflow(%s, %s::jsonb)", self.tenant, json.dumps(DEFINITION))
        self.worker = self.register()

    def register(self) -> int:
        return self.value("select aias_private.register_worker('test', 'test', 1, null, 1, 'test', interval '1 hour')")

    def teardown(self) -> None:
        for execution in self.executions:
            if self.row(execution)["status"] not in FINAL:
                self.value("select aias.cancel_execution(%s, 'over')", execution)
        self.connection.close()

    @rule(data=st.data(), move=st.sampled_from(MOVES))
    def move(self, data: st.DataObject, move: str) -> None:
        """Something happens; what needs a worker brings one in when there is none."""
        if not self.executions:
            move = "start"
        elif move in HOLDERS_MOVES and not self.holders:
            move = "work"
        getattr(self, move)(data)

    # --- what is asked of the database ----------------------------------------------------------

    def rows(self, query: LiteralString, *arguments: Any) -> list[dict[str, Any]]:
        with self.connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(query, arguments).fetchall()

    def value(self, query: LiteralString, *arguments: Any) -> Any:
        found = self.rows(query, *arguments)
        return next(iter(found[0].values())) if found else None

    def row(self, execution: UUID) -> dict[str, Any]:
        (found,) = self.rows("select * from aias.executions where id = %s", execution)
        return found

    def step_rows(self, execution: UUID) -> dict[str, dict[str, Any]]:
        return {
            row["step"]: row
            for row in self.rows("select * from aias.execution_steps where execution_id = %s", execution)
        }

    def everything(self, execution: UUID) -> Any:
        return (
            self.row(execution),
            self.step_rows(execution),
            self.rows("select * from aias.execution_events where execution_id = %s order by id", execution),
            self.rows("select id, status, run_at from aias.jobs where tenant_id = %s order by id", self.tenant_id),
        )

    def holds(self, holder: Holder) -> bool:
        row = self.row(holder.execution)
        return row["attempt"] == holder.attempt and row["status"] == "running"

    def pick_holder(self, data: st.DataObject) -> Holder:
        """Mostly one that does hold its execution; the others are as good as any."""
        live = [holder for holder in self.holders if self.holds(holder)]
        return self.pick(data, live if live and data.draw(st.integers(0, 3), label="any") else self.holders, "holder")

    def pick(self, data: st.DataObject, among: list[Any], label: str) -> Any:
        return data.draw(st.sampled_from(among), label=label)

    # --- the engine -----------------------------------------------------------------------------

    def has_few(self) -> bool:
        return len(self.executions) < MOST

    def start(self, _data: st.DataObject) -> None:
        if self.has_few():
            self.executions.append(self.value("select aias.run_workflow(%s, 'machine')", self.tenant))

    def work(self, _data: st.DataObject) -> None:
        """A worker takes the next job and claims its execution; what must not be repeated is in doubt."""
        while found := self.rows("select * from aias_private.claim_jobs(null, %s, 1, true)", self.worker):
            execution = UUID(json.loads(found[0]["args"])["execution_id"])
            if execution not in self.executions:
                continue  # another example's
            claimed = self.rows(
                "select * from aias_private.claim_execution(%s, %s, %s, %s)",
                self.tenant_id, execution, found[0]["id"], self.worker,
            )  # fmt: skip
            holder = Holder(
                execution=execution,
                attempt=claimed[0]["attempt"] if claimed else -1,
                job=found[0]["id"],
                job_attempts=found[0]["attempts"],
                worker=self.worker,
            )
            if not claimed:
                self.end_job(holder)
                return
            self.holders.append(holder)
            for row in claimed[0]["steps"]:
                if row["id"] == "pay" and row["status"] == "running":
                    error = {"type": "OutcomeUnknown", "message": "?"}
                    self.record(holder, {"id": "pay", "to": "failed", "error": error, "transient": False})
            return

    def record(self, holder: Holder, change: dict[str, Any]) -> dict[str, Any] | None:
        """Write a checkpoint; a superseded holder's changes nothing at all."""
        may = self.holds(holder)
        before = None if may else self.everything(holder.execution)
        action = next(step["action"] for step in DEFINITION["steps"] if step["id"] == change["id"])
        effect = "at_most_once" if change["id"] == "pay" else "none"
        found = self.rows(
            "select * from aias_private.record_steps(%s, %s, %s, %s::jsonb)",
            self.tenant_id, holder.execution, holder.attempt,
            json.dumps([{"item": -1, "action": action, "effect": effect, **change}]),
        )  # fmt: skip
        assert bool(found) == may
        if not may:
            assert self.everything(holder.execution) == before
            return None
        return found[0]

    def end_job(self, holder: Holder) -> None:
        self.value(
            "select aias_private.finish_job(%s, %s, %s, 'succeeded', true, null)",
            holder.job, holder.worker, holder.job_attempts,
        )  # fmt: skip

    def call(self, data: st.DataObject) -> None:
        """A call begins: it is on record before, so its effect happens once per record."""
        holder, step = self.pick_holder(data), self.pick(data, list(STEPS), "step")
        row = self.step_rows(holder.execution).get(step)
        if row is not None and row["status"] == "waiting" and row["wait_kind"] != "retry":
            return
        if row is not None and row["status"] == "running" and step == "pay":
            return  # under way, or in doubt: the engine does not call it
        found = self.record(holder, {"id": step, "to": "running"})
        if found is not None and found["status"] == "running":
            self.effects[f"{holder.execution}:{step}"] += 1

    def end(self, data: st.DataObject) -> None:
        holder, step = self.pick_holder(data), self.pick(data, list(STEPS), "step")
        end = self.pick(data, ["succeeded", "skipped", "transient", "permanent"], "end")
        change: dict[str, Any] = {"id": step, "to": end}
        if end == "succeeded":
            change["output"] = next(self.outputs)
        elif end != "skipped":
            change |= {"to": "failed", "error": {"type": "E", "message": end}, "transient": end == "transient"}
            change["policy"] = {"max_attempts": 3, "initial": 1, "max_delay": 10}
        self.record(holder, change)

    def go_on(self, data: st.DataObject) -> None:
        """Call what is not done yet, one after the other, each to its success."""
        holder = self.pick_holder(data)
        for step in STEPS[: data.draw(st.integers(1, len(STEPS)), label="steps")]:
            row = self.step_rows(holder.execution).get(step)
            if row is None or row["wait_kind"] == "retry":
                found = self.record(holder, {"id": step, "to": "running"})
                if found is None:
                    return
                self.effects[f"{holder.execution}:{step}"] += 1
                self.record(holder, {"id": step, "to": "succeeded", "output": next(self.outputs)})

    def wait(self, data: st.DataObject) -> None:
        holder, kind = self.pick_holder(data), self.pick(data, ["nap", "event", "ok"], "kind")
        is_bounded = data.draw(st.booleans(), label="is_bounded")
        until = (self.time + timedelta(minutes=5)).isoformat() if is_bounded or kind == "nap" else None
        name = {"nap": "sleep", "event": "event", "ok": "approval"}[kind]
        self.record(holder, {"id": kind, "to": "waiting", "kind": name, "until": until, "detail": {"name": "signal"}})

    def suspend(self, data: st.DataObject) -> None:
        holder = self.pick_holder(data)
        may = self.holds(holder)
        before = None if may else self.everything(holder.execution)
        answer = self.value(
            "select aias_private.suspend_execution(%s, %s, %s)", self.tenant_id, holder.execution, holder.attempt
        )
        assert (answer != "superseded") == may
        if not may:
            assert self.everything(holder.execution) == before
        if answer != "again":
            self.leave(holder)

    def finish(self, data: st.DataObject) -> None:
        holder, status = self.pick_holder(data), self.pick(data, ["succeeded", "failed"], "status")
        may = self.holds(holder)
        before = None if may else self.everything(holder.execution)
        error = json.dumps({"type": "E", "message": "no"}) if status == "failed" else None
        answer = self.value(
            "select aias_private.finish_execution(%s, %s, %s, %s, '1', %s::jsonb)",
            self.tenant_id, holder.execution, holder.attempt, status, error,
        )  # fmt: skip
        assert answer == may
        if may:
            assert self.row(holder.execution)["status"] == status
        else:
            assert self.everything(holder.execution) == before
        self.leave(holder)

    def shut_down(self, data: st.DataObject) -> None:
        """The worker stops in good order: execution and job go back to the queue."""
        holder = self.pick_holder(data)
        may = self.holds(holder)
        crashes = self.row(holder.execution)["crash_count"]
        answer = self.value(
            "select aias_private.release_execution(%s, %s, %s)", self.tenant_id, holder.execution, holder.attempt
        )
        assert answer == may
        assert self.row(holder.execution)["crash_count"] == crashes
        self.holders.remove(holder)
        self.value("select aias_private.release_job(%s, %s, %s)", holder.job, holder.worker, holder.job_attempts)

    def leave(self, holder: Holder) -> None:
        self.holders.remove(holder)
        self.end_job(holder)

    def crash(self, data: st.DataObject) -> None:
        """The worker is thought dead and its job goes back; it stays among the holders, for it may come back."""
        holder = self.pick_holder(data)
        if self.value("select true from aias_private.job_state(%s) where status = 'doing'", holder.job):
            self.value("select aias_private.put_back_job(%s, false, true, null, null, null, null, null)", holder.job)
            # whoever takes over is another; and should this one live after all and end the execution first, its job
            # is left behind and finds nothing to do
            self.worker = self.register()
            self.orphans.add(holder.job)

    # --- people and time ------------------------------------------------------------------------

    def ask(self, query: LiteralString, execution: UUID, *arguments: Any, conflicts: bool) -> Any:
        """Do what a person asks for; it is refused exactly when it does not fit the state."""
        if not conflicts:
            return self.value(query, execution, *arguments)
        with pytest.raises(psycopg.Error) as refused:
            self.value(query, execution, *arguments)
        assert refused.value.sqlstate == "JR409"
        return None

    def cancel(self, data: st.DataObject) -> None:
        execution = self.pick(data, self.executions, "execution")
        status = self.row(execution)["status"]
        self.ask("select aias.cancel_execution(%s, 'no')", execution, conflicts=status in {"succeeded", "failed"})

    def retry(self, data: st.DataObject) -> None:
        execution = self.pick(data, self.executions, "execution")
        status = self.row(execution)["status"]
        self.ask("select aias.retry_execution(%s)", execution, conflicts=status not in {"failed", "cancelled"})
        self.retries[execution] += status in {"failed", "cancelled"}

    def replay(self, data: st.DataObject) -> None:
        if not self.has_few():
            return
        step = data.draw(st.sampled_from([None, *STEPS]), label="step")
        execution = self.pick(data, self.executions, "execution")
        before = self.everything(execution)
        status = before[0]["status"]
        made = self.ask("select aias.replay_execution(%s, %s)", execution, step, conflicts=status not in FINAL)
        assert self.everything(execution)[:3] == before[:3]
        if made is not None:
            self.executions.append(made)

    def signal(self, data: st.DataObject) -> None:
        execution = self.pick(data, self.executions, "execution")
        status = self.row(execution)["status"]
        waits = any(row["wait_kind"] == "event" for row in self.step_rows(execution).values())
        answer = self.ask("select aias.send_signal(%s, 'signal', '1')", execution, conflicts=status in FINAL)
        if answer is not None:
            assert answer == waits

    def approve(self, data: st.DataObject) -> None:
        answer = data.draw(st.booleans(), label="answer")
        execution = self.pick(data, self.executions, "execution")
        row = self.step_rows(execution).get("ok")
        waits = row is not None and row["wait_kind"] == "approval"
        self.ask("select aias.approve_step(%s, 'ok', %s, 'somebody')", execution, answer, conflicts=not waits)

    def tick(self, data: st.DataObject) -> None:
        self.pass_time(self.pick(data, [1, 10], "minutes"))

    def pass_time(self, minutes: int) -> None:
        self.time += timedelta(minutes=minutes)
        set_clock(self.connection, self.time)

    # --- what always holds ----------------------------------------------------------------------

    @invariant()
    def everything_is_whole(self) -> None:
        if not self.executions:
            return
        steps: dict[UUID, dict[str, dict[str, Any]]] = {execution: {} for execution in self.executions}
        for row in self.rows("select * from aias_private.steps where tenant_id = %s", self.tenant_id):
            steps[row["execution_id"]][row["id"]] = row
        jobs: dict[UUID, list[dict[str, Any]]] = {execution: [] for execution in self.executions}
        for row in self.rows("select id, status, args from aias.jobs where tenant_id = %s", self.tenant_id):
            jobs[UUID(row["args"]["execution_id"])].append(row)
        letters = Counter(
            row["execution_id"]
            for row in self.rows(
                "select execution_id from aias_private.dead_letters where tenant_id = %s and resolution is null",
                self.tenant_id,
            )
        )
        for row in self.rows("select * from aias_private.executions where tenant_id = %s", self.tenant_id):
            one_job_while_live(row, [job for job in jobs[row["id"]] if job["id"] not in self.orphans - {row["job_id"]}])
            whole_when_final(row, steps[row["id"]], letters[row["id"]])
            self.successes_stand(row["id"], steps[row["id"]])
            self.called_once_unless_asked(row["id"], steps[row["id"]])

    def successes_stand(self, execution: UUID, steps: dict[str, dict[str, Any]]) -> None:
        """A checkpoint that succeeded never changes."""
        for step, row in steps.items():
            if row["status"] == "succeeded":
                self.succeeded.setdefault((execution, step), row["output"])
        for (owner, step), output in self.succeeded.items():
            if owner == execution:
                assert (steps[step]["status"], steps[step]["output"]) == ("succeeded", output)

    def called_once_unless_asked(self, execution: UUID, steps: dict[str, dict[str, Any]]) -> None:
        """What must not be repeated is called again only after a failure that is known, or when a person retries."""
        known_failures = max(steps["pay"]["attempt_count"] - 1, 0) if "pay" in steps else 0
        assert self.effects[f"{execution}:pay"] <= 1 + known_failures + self.retries[execution]
