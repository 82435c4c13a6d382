"""What the dashboard's menu lists, in reading order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["NAVIGATION", "Entry", "entries"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A page of the menu; whoever lacks its scope does not see it."""

    path: str
    title: str
    scope: str | None = None


NAVIGATION: tuple[Entry, ...] = (
    Entry(path="/", title="Overview"),
    Entry(path="/executions", title="Executions", scope="executions:read"),
    Entry(path="/workflows", title="Workflows", scope="workflows:read"),
    Entry(path="/schedules", title="Schedules", scope="schedules:read"),
    Entry(path="/dead-letters", title="Dead letters", scope="dead-letters:read"),
    Entry(path="/errors", title="Errors", scope="errors:read"),
    Entry(path="/alerts", title="Alerts", scope="alerts:read"),
    Entry(path="/integrations", title="Integrations", scope="integrations:read"),
    Entry(path="/queue", title="Lanes and workers", scope="lanes:read"),
    Entry(path="/logs", title="Logs", scope="logs:read"),
    Entry(path="/audit", title="Audit", scope="audit:read"),
    Entry(path="/settings", title="Settings"),
)


def entries(may: Callable[[str], bool]) -> list[Entry]:
    """Give the entries that somebody may open."""
    return [entry for entry in NAVIGATION if entry.scope is None or may(entry.scope)]
