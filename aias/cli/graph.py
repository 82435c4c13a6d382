"""A workflow's graph, drawn for a terminal or for Mermaid."""

from __future__ import annotations

from typing import Any

from aias.errors import DefinitionError
from aias.plugins import all_actions, load_plugins
from aias.workflows import Definition, Graph, parse_definition, validate

__all__ = ["as_mermaid", "as_text", "checked", "edges_of"]


def checked(document: dict[str, Any]) -> Definition:
    """Give the definition, which has a graph: no cycle, no unknown step.

    Raises:
        DefinitionError: it has problems; all of them.
    """
    load_plugins()
    if problems := validate(document, known_actions=all_actions()):
        raise DefinitionError(problems)
    return parse_definition(document)


def edges_of(graph: Graph) -> list[dict[str, str]]:
    """Give every edge: from the step that comes before to the one that waits for it, and to fallback steps."""
    found = [{"from": need, "to": step.id, "kind": "needs"} for step in graph.steps.values() for need in step.needs]
    return found + [{"from": step, "to": fallback, "kind": "fallback"} for step, fallback in graph.fallbacks.items()]


def as_text(graph: Graph) -> list[str]:
    """Give a line per step in the order in which they run, indented by how many come before."""
    depth: dict[str, int] = {}
    lines: list[str] = []
    for step in graph.steps.values():
        before = [*step.needs, *([graph.fallback_for[step.id]] if step.id in graph.fallback_for else [])]
        depth[step.id] = max((depth[name] + 1 for name in before), default=0)
        notes = [
            *([f"after {', '.join(step.needs)}"] if step.needs else []),
            *([f"if {graph.fallback_for[step.id]} fails"] if step.id in graph.fallback_for else []),
            *([f"when {step.when}"] if isinstance(step.when, str) else []),
            *(["once per item"] if step.for_each is not None else []),
        ]
        told = f"  ({'; '.join(notes)})" if notes else ""
        lines.append(f"{'  ' * depth[step.id]}{step.id}: {step.action}{told}")
    return lines


def as_mermaid(graph: Graph) -> list[str]:
    """Give a flowchart in Mermaid's language."""
    names = {step: f"s{number}" for number, step in enumerate(graph.steps)}
    lines = ["flowchart TD"]
    lines += [f'    {names[step.id]}["{step.id}<br/>{step.action}"]' for step in graph.steps.values()]
    for edge in edges_of(graph):
        arrow = "-->" if edge["kind"] == "needs" else "-. if it fails .->"
        lines.append(f"    {names[edge['from']]} {arrow} {names[edge['to']]}")
    return lines
