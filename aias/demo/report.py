"""What a demo came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

__all__ = ["Killed", "Query", "Report", "as_lines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query to paste into psql, and what it shows."""

    about: str
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """The execution whose worker was killed with SIGKILL."""

    execution: UUID
    order: str
    status: str
    attempt: int
    """2: another worker went on with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The counts, read from the database and from the books of the local servers."""

    orders: int
    executions: dict[str, int]
    """By status."""
    steps: int
    retries: int
    """Attempts that failed and were repeated."""
    rescued: int
    """Executions whose worker died and that another one took over."""
    dead_letters: int
    repeated_starts: int
    """Starts that an idempotency key made one."""
    invoices_expected: int
    invoices_found: int
    """Expected ones that are in Wave's books as they should be."""
    duplicates: int
    lost: int
    messages_in_doubt: int
    """Slack messages of which the killed worker left unknown whether they were posted; they are not posted again."""
    killed: Killed | None
    seconds: float
    problems: list[str] = field(default_factory=list[str])
    """What is lost, doubled or otherwise not as it should be, one line each."""
    workers: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    database: str = ""
    """How to open psql on the demo's database."""
    sql: list[Query] = field(default_factory=list[Query])

    @property
    def is_good(self) -> bool:
        """Nothing was lost or done twice, and the killed worker's execution was finished."""
        return (
            not self.problems
            and self.lost == 0
            and self.duplicates == 0
            and self.invoices_found == self.invoices_expected
            and self.killed is not None
            and self.killed.status == "succeeded"
        )


def as_lines(report: Report) -> list[str]:
    """Give the report as lines for a person, without the table of counts."""
    lines = [f"problem: {problem}" for problem in report.problems]
    lines += [
        "",
        "Look at it yourself:",
        f"    {report.database}",
        "",
    ]
    for query in report.sql:
        lines += [f"-- {query.about}", query.sql, ""]
    return lines
