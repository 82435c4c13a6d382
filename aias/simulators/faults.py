"""Failures ordered up: which calls they hit, how often, and what happens to them.

A fault is ``{"match": {...}, "times": 1, "do": {...}}``. In Python: ``sims.wave.faults.add({...})``; over HTTP: POST
it, or a list of them, to ``/_control/faults``. ``match`` and ``do`` are :class:`~aias.simulators.matching.Match` and
:class:`~aias.simulators.outcomes.Do`; every field of both is described there. The first fault that matches a call is
the one that hits it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from aias.simulators.journal import Call
from aias.simulators.matching import Match
from aias.simulators.outcomes import Do

__all__ = ["Fault", "FaultBook"]

_FAULT_LIMIT = 5000


class Fault(BaseModel):
    """A failure ordered up. ``times`` is how often it strikes; None is without end."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    match: Match = Match()
    times: int | None = Field(default=1, ge=1)
    probability: float = Field(
        default=1, gt=0, le=1, description="How likely a call that is meant is hit; drawn anew for each."
    )
    seed: int = Field(default=1, description="The same seed draws the same.")
    do: Do

    @model_validator(mode="after")
    def _known_early(self) -> Self:
        if self.do.reset == "early" and not self.match.needs_headers_only:
            raise ValueError("a reset before the request is read can be matched by header, nth and every only")
        return self


_FAULTS: TypeAdapter[list[Fault]] = TypeAdapter(list[Fault])


@dataclass(slots=True, kw_only=True)
class _Armed:
    id: int
    fault: Fault
    chance: Random = field(init=False)
    seen: int = 0
    used: int = 0

    def __post_init__(self) -> None:
        self.chance = Random(self.fault.seed)  # noqa: S311 - repeatable on purpose

    @property
    def is_over(self) -> bool:
        """Whether it has struck as often as it was to."""
        return self.fault.times is not None and self.used >= self.fault.times

    def strikes(self) -> bool:
        """Count a call that fits; True when the fault hits it."""
        self.seen += 1
        match = self.fault.match
        if self.is_over or self.seen < (match.nth or 1):
            return False
        if match.every is not None and (self.seen - (match.nth or 1) + 1) % match.every:
            return False
        if self.fault.probability < 1 and self.chance.random() >= self.fault.probability:
            return False
        self.used += 1
        return True

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            **self.fault.model_dump(mode="json", exclude_defaults=True),
            "times": self.fault.times,
            "seen": self.seen,
            "used": self.used,
        }


class FaultBook:
    """The faults of one server, in the order in which they were added."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []
        self._last = 0

    def add(self, *faults: Fault | Mapping[str, Any]) -> list[int]:
        """Arm these faults; their ids.

        Raises:
            ValueError: one of them is malformed (a pydantic ``ValidationError`` that says where), or there are more
                than 5000.
        """
        parsed = _FAULTS.validate_python([f if isinstance(f, Fault) else dict(f) for f in faults])
        if len(self._armed) + len(parsed) > _FAULT_LIMIT:
            raise ValueError(f"more than {_FAULT_LIMIT} faults: remove some first")
        ids: list[int] = []
        for fault in parsed:
            self._last += 1
            self._armed.append(_Armed(id=self._last, fault=fault))
            ids.append(self._last)
        return ids

    def take(self, call: Call, *, body: str, headers: Iterable[tuple[str, str]]) -> tuple[int, Do] | None:
        """The fault that hits this call, counted as used; None when the call goes through."""
        lines = [f"{name}: {value}" for name, value in headers]
        for armed in self._armed:
            is_meant = armed.fault.do.reset != "early" and armed.fault.match.fits(call, body=body, lines=lines)
            if is_meant and armed.strikes():
                return armed.id, armed.fault.do
        return None

    def take_early(self, headers: Iterable[tuple[str, str]]) -> int | None:
        """The fault that hits a request of which only the headers are known, counted as used."""
        early = [armed for armed in self._armed if armed.fault.do.reset == "early"]
        lines = [f"{name}: {value}" for name, value in headers] if early else []
        for armed in early:
            if armed.fault.match.fits(Call(), body="", lines=lines) and armed.strikes():
                return armed.id
        return None

    def remove(self, fault_id: int) -> bool:
        """Disarm one; False when there is none with this id."""
        before = len(self._armed)
        self._armed = [armed for armed in self._armed if armed.id != fault_id]
        return len(self._armed) < before

    def clear(self) -> None:
        """Disarm all."""
        self._armed.clear()

    def to_json(self) -> list[dict[str, Any]]:
        """All of them, with how often each fitted and struck."""
        return [armed.to_json() for armed in self._armed]
