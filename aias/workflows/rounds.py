"""One round of the engine: from the checkpoints to what is written next and which calls begin."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, cast

from aias.plugins import get_action
from aias.workflows.calls import Call, Caller, change_of, unknown_outcome
from aias.workflows.checkpoints import Change, Key, Ledger, StepRow
from aias.workflows.failures import Failure, permanent
from aias.workflows.fan_out import FanOut
from aias.workflows.models import Step
from aias.workflows.state import Resolution, State
from aias.workflows.templates import TemplateError, render

MAX_CHANGES: Final = 500
"""Checkpoints of one write; a larger fan-out takes several rounds."""


class Round:
    """Decides, round by round, for one attempt."""

    def __init__(self, state: State, caller: Caller, ledger: Ledger) -> None:
        self.state = state
        self.deadline: datetime | None = None
        self._caller = caller
        self._ledger = ledger
        self._arrived: list[Change] = []
        self._fans: dict[str, FanOut] = {}
        self._places = {step.id: f"$.steps[{index}]" for index, step in enumerate(state.definition.steps)}
        self._changes: list[Change] = []
        self._begun: list[Call] = []
        self._busy: set[Key] = set()
        self._capacity = 0
        self._is_stopping = False
        self._now: datetime
        self._estimate: datetime

    def reclaim(self) -> None:
        """Decide on the calls that were under way when the last holder lost the execution.

        What is idempotent is simply called again, under the same key; so is what keeps a ledger of its effects, which
        knows more. Whether anything else took effect is not known.
        """
        for row in list(self.state.rows.values()):
            step = self.state.graph.steps.get(row.id)
            if row.status != "running" or step is None or (row.item < 0 and step.for_each is not None):
                continue
            action = get_action(step.action)
            if action is not None and not action.ledger and (step.effect or action.effect) == "at_most_once":
                call = Call(step=step, action=action, item=row.item, data=None)
                cause = {"message": "the worker stopped in the middle of the call"}
                self.arrive(unknown_outcome(call, cause, deadline=self.deadline))

    def arrive(self, change: Change) -> None:
        """Take what a call brought; the next round writes it."""
        self._arrived.append(change)

    def arrived(self) -> list[Change]:
        """What is not written yet."""
        return list(self._arrived)

    async def decide(
        self, *, busy: set[Key], capacity: int, now: datetime, estimate: datetime
    ) -> tuple[list[Change], list[Call]]:
        """Give everything to write, in order, and the calls to make once it is written.

        Args:
            busy: the steps and items whose calls are under way.
            capacity: how many more calls may be under way.
            now: the database's time when it was last asked: decides what is due.
            estimate: its time by now: from this new waits count.
        """
        self._changes, self._begun, self._busy = [], [], set(busy)
        self._capacity, self._now, self._estimate = capacity, now, estimate
        arrived, self._arrived = self._arrived, []
        for change in arrived:
            self._add(change)
        self._is_stopping = bool(self.state.failures())
        for step in self.state.graph.steps.values():
            if len(self._changes) >= MAX_CHANGES:
                break
            await self._look_at(step)
        return self._changes, self._begun

    async def _look_at(self, step: Step) -> None:
        row = self.state.row(step.id)
        if row is None:
            if self._is_stopping or self.state.resolution(step.id) is not Resolution.PENDING:
                return
            readiness = self.state.readiness(step)
            if readiness is None:
                self._skip(step, -1)
            elif readiness:
                await self._start(step)
        elif row.is_open and step.for_each is not None:
            await self._go_through(step)
        elif row.is_open and not self._is_stopping:
            await self._resume(step, row, self.state.variables(step.id))

    async def _start(self, step: Step) -> None:
        variables = self.state.variables(step.id)
        try:
            if not self._holds(step, variables):
                self._skip(step, -1)
                return
            if step.for_each is not None:
                self._fans[step.id] = FanOut(step, self._items(step, variables), variables, self.state)
        except TemplateError as error:
            self._fail(step, -1, permanent("TemplateError", error.message))
            return
        if step.for_each is None:
            await self._call(step, -1, variables)
            return
        # the parent's row makes no call of its own: nothing about it can be in doubt
        change: Change = {"id": step.id, "item": -1, "action": step.action, "to": "running", "effect": "none"}
        self._add(change)
        await self._go_through(step)

    def _holds(self, step: Step, variables: dict[str, Any]) -> bool:
        if isinstance(step.when, bool):
            return step.when
        place = f"{self._place(step)}.when"
        result = render(step.when, variables, place=place)
        if isinstance(result, str):
            raise TemplateError("a condition gave a text; compare it: {{ a == 'b' }}", place=place)
        return bool(result)

    def _items(self, step: Step, variables: dict[str, Any]) -> list[Any]:
        loop = step.for_each
        place = f"{self._place(step)}.for_each.items"
        items = render(loop.items if loop is not None else [], variables, place=place)
        if not isinstance(items, list):
            raise TemplateError(f"the items are a list, not {type(items).__name__}", place=place)
        found = cast("list[Any]", items)
        if loop is not None and len(found) > loop.max_items:
            raise TemplateError(f"{len(found):,} items are more than max_items ({loop.max_items:,})", place=place)
        return found

    async def _go_through(self, step: Step) -> None:
        """Advance the items of a fan-out, and end it when they have ended."""
        fan = self._fans.get(step.id)
        if fan is None:
            variables = self.state.variables(step.id)
            try:
                fan = self._fans[step.id] = FanOut(step, self._items(step, variables), variables, self.state)
            except TemplateError as error:
                self._fail(step, -1, permanent("TemplateError", error.message))
                return
        fan.refresh()
        may_begin = not self._is_stopping and not fan.is_failed
        for index in sorted(fan.open) if may_begin else ():
            row = self.state.row(step.id, index)
            if row is not None and self._has_room(fan):
                await self._resume(step, row, fan.variables_of(index))
        while may_begin and fan.fresh and self._has_room(fan):
            index = fan.fresh.popleft()
            fan.open.add(index)
            await self._call(step, index, fan.variables_of(index))
            fan.refresh()
            may_begin = not fan.is_failed
        fan.refresh()
        if fan.is_failed:
            self._end_failed(step, fan)
        elif fan.is_complete and not self._is_stopping:
            call = self._bare_call(step, -1)
            self._add(change_of(call, fan.outcome(), now=self._estimate, deadline=None))

    def _has_room(self, fan: FanOut) -> bool:
        running = sum((fan.step.id, index) in self._busy for index in fan.open)
        return self._capacity > 0 and running < fan.concurrency and len(self._changes) < MAX_CHANGES

    def _end_failed(self, step: Step, fan: FanOut) -> None:
        """Once no item is under way any more: what has not ended is skipped, and the step fails."""
        if any((step.id, index) in self._busy for index in fan.open):
            return
        for index in sorted(fan.open):
            self._skip(step, index)
        self._fail(step, -1, fan.failure())

    async def _resume(self, step: Step, row: StepRow, variables: dict[str, Any]) -> None:
        """Go on with a step or an item that has begun and is not under way."""
        if row.key in self._busy:
            return
        if row.status == "running":
            await self._call(step, row.item, variables)
            return
        is_due = row.wait_until is not None and row.wait_until <= self._now
        call = self._bare_call(step, row.item)
        if row.wait_kind == "execution":
            if not _waits_for_child(row.wait_detail):
                child = await self._ledger.child(row.key)
                self._add(call.change("succeeded", output={"execution_id": str(child)}))
        elif not is_due:
            return
        elif row.wait_kind in {"retry", "gate", "limit", "effect"}:
            await self._call(step, row.item, variables, is_deferred=row.wait_kind != "retry")
        elif row.wait_kind == "sleep":
            until = row.wait_until.isoformat() if row.wait_until is not None else None
            self._add(call.change("succeeded", output={"until": until}))
        else:
            message = f"the wait for {'an approval' if row.wait_kind == 'approval' else 'the event'} timed out"
            self._fail(step, row.item, permanent("TimedOut", message))

    async def _call(self, step: Step, item: int, variables: dict[str, Any], *, is_deferred: bool = False) -> None:
        """Make an instant call at once; plan any other, if there is room for it."""
        await asyncio.sleep(0)  # rendering takes its time: let the others of this worker live
        action = self._bare_call(step, item).action
        if not action.instant and self._capacity <= 0:
            return
        try:
            data = render(step.input, variables, place=f"{self._place(step)}.input")
        except TemplateError as error:
            self._fail(step, item, permanent("TemplateError", error.message))
            return
        call = Call(step=step, action=action, item=item, data=data, is_deferred=is_deferred)
        if action.instant:
            result = await self._caller.call(call, 1)
            self._add(change_of(call, result, now=self._estimate, deadline=self.deadline))
            return
        self._capacity -= 1
        self._begun.append(call)
        self._add(call.running())

    def _skip(self, step: Step, item: int) -> None:
        self._add({"id": step.id, "item": item, "action": step.action, "to": "skipped"})

    def _fail(self, step: Step, item: int, failure: Failure) -> None:
        self._caller.tell(step, item, failure)
        self._add(change_of(self._bare_call(step, item), failure, now=self._estimate, deadline=None))

    def _bare_call(self, step: Step, item: int) -> Call:
        """The step as a call, for what is recorded without making one."""
        action = get_action(step.action)
        if action is None:
            raise LookupError(step.action)  # it was validated before it ran
        return Call(step=step, action=action, item=item, data=None)

    def _place(self, step: Step) -> str:
        return self._places.get(step.id, f"$.steps[{step.id}]")

    def _add(self, change: Change) -> None:
        """Write a change down, and treat what is sure of it as done: later steps of this round build on it.

        What a transient failure or a wait comes to is decided by SQL; until then its step counts as busy.
        """
        self._changes.append(change)
        key: Key = (change["id"], change["item"])
        row = self.state.rows.get(key) or StepRow(id=key[0], item=key[1], status="running")
        match change["to"]:
            case "succeeded":
                row = replace(row, status="succeeded", output=change["output"])
            case "skipped":
                row = replace(row, status="skipped")
            case "failed" if not change["transient"]:
                row = replace(row, status="failed", error=change["error"])
            case "running":
                row = replace(row, status="running")
                if key[1] >= 0 or self.state.graph.steps[key[0]].for_each is None:
                    self._busy.add(key)
            case _:
                row = replace(row, status="running")
                self._busy.add(key)
        self.state.rows[key] = row
        if row.status == "failed" and key[1] < 0 and self.state.failures():
            self._is_stopping = True


def _waits_for_child(detail: Any) -> bool:
    """Whether ``workflow.run`` wanted the other execution's end; ``wait: false`` wants its id only."""
    return not isinstance(detail, dict) or cast("dict[str, Any]", detail).get("wait") is not False
