"""What a case of the matrix is: an action with an effect, the steps that call it, and what of theirs is struck."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

__all__ = ["Case", "Place", "Steps", "one"]

Steps = list[dict[str, Any]]


@dataclass(slots=True, kw_only=True)
class Place:
    """Where one execution of the matrix works: things of its own, so that every effect can be told from all others."""

    number: int
    order_ids: Iterator[str]
    services: dict[str, str]
    """Addresses by kind of service, on a host of this execution's own."""
    accounts: Mapping[str, str]
    """The accounts of the Wave business by name."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def order_id(self) -> str:
        """An order that no other step touches."""
        return next(self.order_ids)

    def name(self, what: str) -> str:
        """A name that occurs nowhere else."""
        return f"{what} {self.number}-{next(self._numbers)}"

    def address(self) -> str:
        """An e-mail address that occurs nowhere else."""
        return f"m{self.number}-{next(self._numbers)}@example.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One action under test."""

    action: str
    service: str
    """``shopify``, ``wave``, ``slack``, ``smtp`` or ``keyed``."""
    steps: Callable[[Place], Steps]
    """What prepares it and, last, the step that is struck; ids are given later."""
    strikes: str = "mutation"
    """Which kind of call is struck."""
    operation: str | None = None
    """Which operation is struck, where the action has several."""
    variant: str = ""
    effect: str | None = None
    """The step's ``effect:``, where it is not the action's own."""
    sets_a_state: bool = False
    """It says how a thing is to be: the same said twice is done once."""

    @property
    def name(self) -> str:
        """The step's id; none is the beginning of another, for faults match by texts that occur."""
        return "_".join([self.action.replace(".", "_"), *([self.variant] if self.variant else []), "case"])


def one(action: str, make: Callable[[Place], dict[str, Any]]) -> Callable[[Place], Steps]:
    """One step that needs no other."""
    return lambda place: [{"action": action, "input": make(place)}]
