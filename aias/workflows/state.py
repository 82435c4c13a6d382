"""What is known of an execution: its steps' checkpoints, and what follows from them."""

from collections.abc import Iterable
from enum import Enum
from typing import Any
from uuid import UUID

from aias.workflows.checkpoints import Claim, Key, StepRow
from aias.workflows.graph import Graph
from aias.workflows.models import Definition, Step


class Resolution(Enum):
    """How far a step is, as those see it who need it."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    SKIPPED = "skipped"
    HANDLED = "handled"
    """It failed, and its ``on_failure`` made up for it."""
    FAILED = "failed"
    """It failed, and nothing makes up for it: the execution fails."""


class State:
    """The checkpoints of one execution and the graph that they belong to."""

    def __init__(self, claim: Claim, execution: UUID, definition: Definition, graph: Graph) -> None:
        self.definition = definition
        self.graph = graph
        self.rows: dict[Key, StepRow] = {}
        self._fixed: dict[str, Any] = {
            "input": claim.input,
            "vars": definition.vars,
            "tenant": {"slug": claim.tenant_slug},
            "execution": {
                "id": str(execution),
                "workflow": claim.workflow_name,
                "version": claim.version,
                "created_at": claim.created_at.isoformat(),
            },
        }
        self.take(claim.rows())

    def take(self, rows: Iterable[StepRow]) -> None:
        """Note checkpoints as they are now."""
        self.rows.update((row.key, row) for row in rows)

    def row(self, step_id: str, item: int = -1) -> StepRow | None:
        """The checkpoint of a step or of an item, or none when it has not begun."""
        return self.rows.get((step_id, item))

    def resolution(self, step_id: str) -> Resolution:
        """How far a step is, its fallback included."""
        row = self.row(step_id)
        fallback = self.graph.fallbacks.get(step_id)
        if row is None:
            # its checkpoint is gone when a failed execution is retried or replayed; what stood in for it has stayed
            stood_in = self.row(fallback) if fallback is not None else None
            return Resolution.HANDLED if stood_in is not None and stood_in.status == "succeeded" else Resolution.PENDING
        match row.status:
            case "succeeded":
                return Resolution.SUCCEEDED
            case "skipped":
                return Resolution.SKIPPED
            case "failed" if fallback is not None:
                after = self.resolution(fallback)
                if after is Resolution.SUCCEEDED:
                    return Resolution.HANDLED
                return Resolution.FAILED if after is Resolution.SKIPPED else after
            case "failed":
                is_passed_over = self.graph.steps[step_id].on_failure == "continue"
                return Resolution.HANDLED if is_passed_over else Resolution.FAILED
            case _:
                return Resolution.PENDING

    def output(self, step_id: str) -> Any:
        """The output that others see: the step's own, or that of the fallback that stands in for it; else null."""
        row = self.row(step_id)
        if row is not None and row.status == "succeeded":
            return row.output
        fallback = self.graph.fallbacks.get(step_id)
        return None if fallback is None else self.output(fallback)

    def failures(self) -> list[StepRow]:
        """The failed steps that nothing makes up for, in order; when a fallback failed too, that one alone."""
        failed = [step_id for step_id in self.graph.steps if self.resolution(step_id) is Resolution.FAILED]
        rows = [self.row(step_id) for step_id in failed if self.graph.fallbacks.get(step_id) not in failed]
        return [row for row in rows if row is not None]

    def is_complete(self) -> bool:
        """Whether every step is over."""
        return all(self.resolution(step_id) is not Resolution.PENDING for step_id in self.graph.steps)

    def readiness(self, step: Step) -> bool | None:
        """Whether a step that has not begun can: True; it is to be skipped: None; it must wait: False.

        A step waits until all that it needs is over. When all of it was skipped, so is the step. A fallback step
        runs when the step that it stands in for has failed, and is skipped when that was not so.
        """
        source = self.graph.fallback_for.get(step.id)
        if source is not None:
            row = self.row(source)
            if row is None or row.is_open:
                return False
            if row.status != "failed":
                return None
        needs = [self.resolution(need) for need in step.needs if need != source]
        if any(need in {Resolution.PENDING, Resolution.FAILED} for need in needs):
            return False
        if needs and source is None and all(need is Resolution.SKIPPED for need in needs):
            return None
        return True

    def variables(self, step_id: str | None) -> dict[str, Any]:
        """What templates of a step may name: what is over before it; without a step, everything."""
        names = self.graph.steps if step_id is None else self.graph.ancestors[step_id]
        return {**self._fixed, "steps": {name: self._view(name) for name in names}}

    def _view(self, step_id: str) -> dict[str, Any]:
        row = self.row(step_id)
        if row is None:
            return {"output": self.output(step_id), "status": "failed", "error": None}
        return {"output": self.output(step_id), "status": row.status, "error": row.error}
