"""The items of one step with ``for_each``, each with a checkpoint of its own."""

from collections import deque
from typing import Any

from aias.workflows.calls import MAX_OUTPUT
from aias.workflows.failures import Failure, message_of, permanent
from aias.workflows.models import Step
from aias.workflows.state import State
from aias.workflows.templates import Budget

_FINAL = frozenset({"succeeded", "skipped", "failed"})


class FanOut:
    """Which items have not begun, are open, have failed. Each round costs what is open, not what there is."""

    def __init__(self, step: Step, items: list[Any], variables: dict[str, Any], state: State) -> None:
        self.step = step
        self.items = items
        self.concurrency = step.for_each.concurrency if step.for_each is not None else 1
        self._variables = variables
        self._state = state
        self.open = {index for index in range(len(items)) if state.row(step.id, index) is not None}
        self.fresh = deque(index for index in range(len(items)) if index not in self.open)
        self._failed: list[int] = []

    def refresh(self) -> None:
        """Take out of ``open`` what has ended."""
        for index in [index for index in self.open if self._status(index) in _FINAL]:
            self.open.discard(index)
            if self._status(index) == "failed":
                self._failed.append(index)

    @property
    def is_failed(self) -> bool:
        """Whether an item has failed that the step does not pass over."""
        return bool(self._failed) and self.step.on_failure != "continue"

    @property
    def is_complete(self) -> bool:
        """Whether every item has ended."""
        return not self.open and not self.fresh

    def variables_of(self, index: int) -> dict[str, Any]:
        """What templates of an item may name."""
        return {**self._variables, "item": self.items[index], "index": index}

    def outcome(self) -> list[Any] | Failure:
        """The outputs in the order of the items, null for one passed over; or that they are too large together."""
        outputs: list[Any] = []
        size = 0
        for index in range(len(self.items)):
            row = self._state.row(self.step.id, index)
            output = row.output if row is not None and row.status == "succeeded" else None
            size += _size(output)
            if size > MAX_OUTPUT:
                message = f"the outputs of {self.step.id!r} are larger than {MAX_OUTPUT:,} characters together"
                return permanent("OutputTooLarge", message)
            outputs.append(output)
        return outputs

    def failure(self) -> Failure:
        """The step's failure: that of its first failed item, and how many there are."""
        first = min(self._failed)
        row = self._state.row(self.step.id, first)
        cause = row.error if row is not None else None
        told = message_of(cause)
        more = f" ({len(self._failed)} of {len(self.items)} failed)" if len(self._failed) > 1 else ""
        return permanent("ItemFailed", f"item {first}: {told}{more}", {"item": first, "error": cause})

    def _status(self, index: int) -> str | None:
        row = self._state.row(self.step.id, index)
        return None if row is None else row.status


def _size(value: Any) -> int:
    return Budget().weigh(value) if isinstance(value, dict | list | str) else 12
