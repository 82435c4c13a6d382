"""The rounds: trials take turns, the order rotates, and what fails is told and does not end the others."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable

import psycopg

from bench.errors import BenchError
from bench.model import Plan
from bench.report import Fault, Report

__all__ = ["run_plan", "say"]

_TRIES = 2
"""Rounds in which a trial may fail before the others go on without it."""


def run_plan(plan: Plan, *, rounds: int, report: Report, say: Callable[[str], None] = lambda _line: None) -> None:
    """Run every trial of a plan once a round and add what comes out to the report."""
    failures: Counter[str] = Counter()
    report.expect(plan)
    for number in range(rounds):
        shift = number % max(1, len(plan.trials))
        for trial in (*plan.trials[shift:], *plan.trials[:shift]):
            if failures[trial.name] >= _TRIES:
                continue
            began = time.monotonic()
            try:
                values = trial.run()
            except (BenchError, psycopg.Error, OSError) as error:
                failures[trial.name] += 1
                message = str(error).strip() or type(error).__name__
                report.faults.append(Fault(plan.name, trial.name, number + 1, message))
                say(f"{plan.name}, round {number + 1}: {trial.name}: FAILED: {message}")
                continue
            for key, value in values.items():
                report.add(key, value, round_number=number, settings=trial.settings)
            shown = ", ".join(f"{value:,.4g}" for value in values.values())
            say(f"{plan.name}, round {number + 1}: {trial.name}: {shown} ({time.monotonic() - began:.0f} s)")


def say(line: str) -> None:
    """Tell how it goes, on stderr."""
    print(f"bench: {line}", file=sys.stderr, flush=True)
