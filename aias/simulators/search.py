"""Shopify's search syntax, as far as the local server reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

__all__ = ["SearchWarning", "search"]

_TERM = re.compile(
    r"""(?P<not>-|NOT\s+)?(?:(?P<field>\w+):)?(?P<op>>=|<=|>|<)?(?P<value>"[^"]*"|'[^']*'|[^\s()]+)""",
)


@dataclass(frozen=True, slots=True)
class SearchWarning:
    """A part of a search that was left out, as ``extensions.search`` reports it."""

    field: str
    message: str

    def to_json(self) -> dict[str, str]:
        """The warning in Shopify's shape."""
        return {"field": self.field, "message": self.message, "code": "invalid_field"}


def search(
    records: Iterable[Any], query: str | None, fields: dict[str, Callable[[Any], Any]]
) -> tuple[list[Any], list[SearchWarning]]:
    """The records that fit a search in Shopify's syntax, with what of it was not understood.

    Terms are joined by AND: ``name:#1001``, ``-tag:x``, ``created_at:>=2026-09-01``, a bare word; OR stands between
    such groups. An unknown field is left out with a warning, as upstream does; parentheses are not read.
    """
    everything = list(records)
    found, before = everything, list[Any]()
    warnings: list[SearchWarning] = []
    for term in _TERM.finditer(query or ""):
        name, value = term["field"], term["value"].strip("\"'")
        if name is None and value.upper() == "AND":
            continue
        if name is None and value.upper() == "OR":
            before, found = before + found, everything
            continue
        if name is not None and name not in fields:
            warnings.append(SearchWarning(name, "Invalid search field for this query."))
            continue
        read = fields[name or "default"]
        found = [
            r for r in found if _fits(read(r), term["op"] or "", value, whole=name is not None) != bool(term["not"])
        ]
    if not before:
        return found, warnings
    fits = {id(record) for record in (*before, *found)}
    return [record for record in everything if id(record) in fits], warnings


def _fits(actual: Any, operator: str, wanted: str, *, whole: bool) -> bool:
    if isinstance(actual, (list, tuple)):
        return any(_fits(item, operator, wanted, whole=whole) for item in actual)  # pyright: ignore[reportUnknownVariableType]
    if actual is None:
        return False
    if isinstance(actual, datetime):
        return _fits_time(actual, operator, wanted)
    if isinstance(actual, int) and not isinstance(actual, bool):
        return wanted.isdecimal() and _compared(actual, operator, int(wanted))
    text = str(actual).casefold()
    sought = wanted.casefold()
    if sought.endswith("*"):
        return text.startswith(sought[:-1])
    return text == sought if whole else sought in text


def _fits_time(actual: datetime, operator: str, wanted: str) -> bool:
    try:
        moment = datetime.fromisoformat(wanted)
    except ValueError:
        return False
    return _compared(actual, operator, moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _compared(left: Any, operator: str, right: Any) -> bool:
    match operator:
        case ">":
            return left > right
        case ">=":
            return left >= right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case _:
            return left == right
