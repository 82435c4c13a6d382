"""The tables of a run: Markdown for the README, and the same rows on a terminal."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, NamedTuple

from rich import box
from rich.console import Console
from rich.table import Table

__all__ = ["markdown", "show"]

_RATES = (
    ("drain", 1, "drain, 1 process /s"),
    ("drain", 2, "drain, 2 processes /s"),
    ("workflow", 1, "workflows of 3 steps /s"),
    ("latency-p50", 1, "start latency p50 ms"),
    ("latency-p99", 1, "start latency p99 ms"),
    ("enqueue-single", 1, "enqueue one by one /s"),
    ("enqueue-bulk", 1, "enqueue in bulk /s"),
)
_SIZES = {
    "jobs",
    "samples",
    "workflows",
    "executions",
    "seconds",
    "measured",
    "waiting",
    "scheduled in the future",
    "jobs of the other tenant",
}
_IN_GRID = {measure for measure, _, _ in _RATES}


class Grid(NamedTuple):
    """A table: its title, its head, its rows."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


def markdown(document: dict[str, Any]) -> str:
    """Give the README's section: date, machine, tables, settings."""
    lines = [_machine_line(document["machine"]), ""]
    for grid in _grids(document):
        lines += [f"**{grid.title}**", ""]
        lines.append(f"| {' | '.join(grid.head)} |")
        lines.append(f"| {' | '.join(['---'] + ['---:'] * (len(grid.head) - 1))} |")
        lines += [f"| {' | '.join(_escaped(cell) for cell in row)} |" for row in grid.rows]
        lines.append("")
    lines += _notes(document)
    return "\n".join(lines).rstrip() + "\n"


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|")


def show(document: dict[str, Any], *, is_terminal: bool, width: int | None = None) -> str:
    """Give the tables for reading on a terminal, with colours where it is one."""
    out = io.StringIO()
    console = Console(
        file=out, force_terminal=is_terminal, width=width or (None if is_terminal else 160), soft_wrap=False
    )
    console.print(_machine_line(document["machine"]), style="dim", highlight=False)
    for grid in _grids(document):
        console.print(grid.title, style="bold")
        table = Table(box=box.SIMPLE_HEAD)
        for number, name in enumerate(grid.head):
            table.add_column(name, justify="right" if number else "left")
        for row in grid.rows:
            table.add_row(*row, style="red" if row[-1] == "missed" else None)
        console.print(table)
    for line in _notes(document):
        console.print(line, markup=False, highlight=False)
    return out.getvalue()


def _grids(document: dict[str, Any]) -> list[Grid]:
    return [grid for grid in (_side_by_side(document), _own(document), _ratios(document)) if grid.rows]


def _side_by_side(document: dict[str, Any]) -> Grid:
    """One row a contender, one column a measure: median (least to most)."""
    cells = {
        (row["contender"], row["measure"], row["processes"]): _spread(row)
        for row in document["results"]
        if _is_in_grid(row)
    }
    columns = [column for column in _RATES if any(key[1:] == column[:2] for key in cells)]
    contenders = dict.fromkeys(contender for contender, _, _ in cells)
    rows = [
        [contender, *(cells.get((contender, measure, processes), "") for measure, processes, _ in columns)]
        for contender in contenders
    ]
    return Grid("Side by side: median (min to max) of the rounds", ["", *(title for _, _, title in columns)], rows)


def _is_in_grid(row: dict[str, Any]) -> bool:
    return row["measure"] in _IN_GRID and not row["case"]


def _own(document: dict[str, Any]) -> Grid:
    """Everything else, one row each."""
    rows = [
        [
            _name(row),
            _spread(row),
            row["unit"],
            row.get("aim", ""),
            _verdict(row),
        ]
        for row in document["results"]
        if not _is_in_grid(row)
    ]
    return Grid("Beyond that", ["", "median (min to max)", "unit", "aim", ""], rows)


def _name(row: dict[str, Any]) -> str:
    """What a row is of; one process is not worth a word."""
    processes = f"{row['processes']} processes" if row["processes"] > 1 else ""
    told = ", ".join(filter(None, (row["case"], processes)))
    return " ".join(filter(None, (row["measure"], row["contender"], told and f"({told})")))


def _ratios(document: dict[str, Any]) -> Grid:
    rows = [
        [
            f"{row['measure']}: {_who(row['of'], row['to'])} / {_who(row['to'], row['of'])}",
            _spread(row),
            row.get("aim", ""),
            _verdict(row),
        ]
        for row in document["ratios"]
    ]
    return Grid("Ratios, paired round by round", ["", "median (min to max)", "aim", ""], rows)


def _who(key: dict[str, Any], other: dict[str, Any]) -> str:
    parts = [key["contender"]] if key["contender"] != other["contender"] or not key["case"] else []
    if key["processes"] != 1 or other["processes"] != 1:
        parts.append(f"{key['processes']} process{'es' if key['processes'] > 1 else ''}")
    return ", ".join([*parts, *filter(None, [key["case"]])])


def _spread(row: dict[str, Any]) -> str:
    return f"{_number(row['median'])} ({_number(row['min'])} to {_number(row['max'])})"


def _number(value: float) -> str:
    size = abs(value)
    return f"{value:,.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"  # noqa: PLR2004


def _verdict(row: dict[str, Any]) -> str:
    return "" if "is_met" not in row else "met" if row["is_met"] else "missed"


def _machine_line(machine: dict[str, Any]) -> str:
    postgres = machine.get("postgresql", {})
    durable = ", ".join(f"{name} {postgres[name]}" for name in ("fsync", "synchronous_commit") if name in postgres)
    parts = [
        f"Measured {machine.get('date', '?')}",
        f"{machine.get('cores', '?')} cores ({machine.get('cpu', '?')}), {machine.get('memory_gib', '?')} GiB",
        f"PostgreSQL {postgres.get('server_version', '?')} ({durable})",
        f"Python {machine.get('python', '?')}",
    ]
    if machine.get("node"):
        parts.append(f"Node {machine['node']}")
    if machine.get("redis"):
        parts.append(f"Redis {machine['redis']['version']} (appendonly, appendfsync everysec)")
    parts.append(f"AIAS at {machine.get('commit', '?')}")
    return "; ".join(parts) + ". Client and server on the same machine."


def _sizes(document: dict[str, Any]) -> list[str]:
    """Say for each measure how many jobs it had, and for whom it had fewer."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in document["results"]:
        counts = ", ".join(f"{value:,} {name}" for name, value in row["settings"].items() if name in _SIZES)
        contenders = found.setdefault(row["measure"], {}).setdefault(counts, [])
        if row["contender"] not in contenders:
            contenders.append(row["contender"])
    parts: list[str] = []
    for measure, by_counts in found.items():
        usual, *rest = sorted(by_counts, key=lambda counts: -len(by_counts[counts]))
        parts.append(", ".join([f"{measure} {usual}", *(f"{' and '.join(by_counts[c])} {c}" for c in rest)]))
    return parts


def _notes(document: dict[str, Any]) -> list[str]:
    """Settings of each contender, who was left out and why, what failed."""
    settings: dict[str, dict[str, list[str]]] = {}
    for row in document["results"]:
        known = settings.setdefault(row["contender"], {})
        for name, value in row["settings"].items():
            if name in _SIZES:
                continue
            values = known.setdefault(name, [])
            if str(value) not in values:
                values.append(str(value))
    lines = [f"- sizes: {'; '.join(_sizes(document))}"]
    lines += [
        f"- {contender}: " + "; ".join(f"{name} {' or '.join(values)}" for name, values in known.items())
        for contender, known in settings.items()
    ]
    if document.get("is_interrupted"):
        lines.append("- interrupted: the rest was not measured")
    lines += [f"- left out: {row['contender']}: {row['reason']}" for row in document["left_out"]]
    lines += [
        f"- failed: {row['measure']}, round {row['round']}, {row['trial']}: {row['message'].splitlines()[0]}"
        for row in document["faults"]
    ]
    return lines
