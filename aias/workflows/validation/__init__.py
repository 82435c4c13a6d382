"""Everything that is wrong with a definition, at once, each with its JSON path."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from aias.errors import Problem
from aias.plugins import Action
from aias.workflows.models import Definition
from aias.workflows.validation.actions import Connections, action_problems
from aias.workflows.validation.draft import Draft, draft_of
from aias.workflows.validation.order import order_problems
from aias.workflows.validation.variables import variable_problems

__all__ = ["validate"]


def validate(
    definition: Definition | dict[str, Any],
    *,
    known_actions: Mapping[str, Action],
    known_workflows: Collection[str] | None = None,
    connections: Connections | None = None,
    schema_problems: Iterable[Problem] = (),
    refused_plugins: Mapping[str, str | None] | None = None,
) -> list[Problem]:
    """Find every problem of a definition; an empty list means that it can run.

    Args:
        definition: the model, or a parsed document that may not even have the right structure: what can be
            understood of it is checked further, so that one mistake does not hide the others.
        known_actions: the registered actions by name.
        known_workflows: names of the tenant's workflows; None leaves their existence unchecked.
        connections: the status of each of the tenant's connections, by kind and name; None leaves them unchecked.
        schema_problems: what the database refuses of the input's JSON Schema, with paths from ``$.input``.
        refused_plugins: the plugins that the tenant may not use, with the reasons; None leaves them unchecked.
    """
    draft = draft_of(definition)
    problems = [*draft.problems, *schema_problems]
    problems += order_problems(draft)
    problems += action_problems(draft, known_actions, known_workflows, connections, refused_plugins or {})
    problems += variable_problems(draft, known_actions)
    return sorted(dict.fromkeys(problems), key=_position(draft))


def _position(draft: Draft) -> Any:
    """Sort as the definition reads: what concerns the whole first, then step by step."""

    def key(problem: Problem) -> tuple[int, int]:
        for index, step in enumerate(draft.steps):
            if problem.path == step.path or problem.path.startswith((f"{step.path}.", f"{step.path}[")):
                return 1, index
        return (2, 0) if problem.path.startswith("$.output") else (0, 0)

    return key
