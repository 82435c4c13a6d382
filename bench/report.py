"""The results: medians, spread, ratios round by round; as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from bench.model import UNITS, Aim, Comparison, Key, Plan

__all__ = ["Fault", "Report"]

Settings = Mapping[str, str | int | float]


@dataclass(frozen=True, slots=True)
class Fault:
    """A trial that failed in a round."""

    measure: str
    trial: str
    round: int
    message: str


@dataclass(slots=True)
class _Series:
    settings: Settings
    values: dict[int, float] = field(default_factory=dict[int, float])


@dataclass(slots=True)
class Report:
    """What a run has measured so far."""

    machine: dict[str, object] = field(default_factory=dict[str, object])
    faults: list[Fault] = field(default_factory=list[Fault])
    left_out: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    is_interrupted: bool = False
    _series: dict[Key, _Series] = field(default_factory=dict[Key, _Series])
    _comparisons: list[Comparison] = field(default_factory=list[Comparison])
    _aims: dict[Key, Aim] = field(default_factory=dict[Key, Aim])

    def expect(self, plan: Plan) -> None:
        """Note a plan's ratios and aims."""
        self._comparisons += plan.comparisons
        self._aims.update(plan.aims)

    def add(self, key: Key, value: float, *, round_number: int, settings: Settings) -> None:
        """Note a value."""
        self._series.setdefault(key, _Series(settings)).values[round_number] = value

    def to_json(self) -> dict[str, Any]:
        """Give the document that ``--json`` writes and ``--from`` reads."""
        return {
            "machine": self.machine,
            "results": [self._result(key, series) for key, series in self._series.items()],
            "ratios": [ratio for comparison in self._comparisons if (ratio := self._ratio(comparison))],
            "is_interrupted": self.is_interrupted,
            "left_out": [{"contender": name, "reason": reason} for name, reason in self.left_out],
            "faults": [
                {"measure": f.measure, "trial": f.trial, "round": f.round, "message": f.message} for f in self.faults
            ],
        }

    def _result(self, key: Key, series: _Series) -> dict[str, Any]:
        values = list(series.values.values())
        return {
            "measure": key.measure,
            "contender": key.contender,
            "processes": key.processes,
            "case": key.case,
            "settings": dict(series.settings),
            **_summary(values),
            "unit": UNITS[key.measure],
            **_judged(self._aims.get(key), values),
        }

    def _ratio(self, comparison: Comparison) -> dict[str, Any] | None:
        of, to = self._series.get(comparison.of), self._series.get(comparison.to)
        if of is None or to is None:
            return None
        values = [of.values[n] / to.values[n] for n in of.values if to.values.get(n)]
        if not values:
            return None
        return {
            "measure": comparison.of.measure,
            "of": _named(comparison.of),
            "to": _named(comparison.to),
            **_summary(values),
            **_judged(comparison.aim, values),
        }


def _named(key: Key) -> dict[str, Any]:
    return {"contender": key.contender, "processes": key.processes, "case": key.case}


def _summary(values: list[float]) -> dict[str, Any]:
    return {
        "median": _round(median(values)),
        "min": _round(min(values)),
        "max": _round(max(values)),
        "rounds": [_round(value) for value in values],
    }


def _judged(aim: Aim | None, values: list[float]) -> dict[str, Any]:
    return {} if aim is None else {"aim": str(aim), "is_met": aim.is_met(median(values))}


def _round(value: float) -> float:
    """Keep four significant digits, and whole numbers whole."""
    return float(f"{value:.4g}") if abs(value) < 10_000 else float(round(value))  # noqa: PLR2004 (four digits)
