"""The graph of a definition: what comes before what, in an order that is always the same.

Edges are ``needs``, and the one from a step to its fallback step. A step whose fallback is a workflow gets a step of
its own for that, ``<id>.fallback`` (a name that nobody can write), so that the engine knows one kind of fallback only.
"""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aias.workflows.models import Definition, Step, StepFallback, WorkflowFallback

FALLBACK_ACTION = "workflow.run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The steps of a valid definition and how they depend on each other."""

    steps: Mapping[str, Step]
    """By id, in topological order; ties stand as the definition lists them."""
    fallbacks: Mapping[str, str]
    """The fallback step of a step."""
    fallback_for: Mapping[str, str]
    """The step that a fallback step stands in for."""
    ancestors: Mapping[str, frozenset[str]] = field(repr=False)
    """Every step that is over before a step starts: what its templates may name."""


def graph_of(definition: Definition) -> Graph:
    """Give the graph of a definition that ``validate`` found no problem in."""
    steps = _with_fallback_steps(definition)
    edges = dependencies(steps)
    order = topological_order(edges)
    by_id = {step.id: step for step in steps}
    fallbacks = {step.id: step.on_failure.step for step in steps if isinstance(step.on_failure, StepFallback)}
    return Graph(
        steps={step_id: by_id[step_id] for step_id in order},
        fallbacks=fallbacks,
        fallback_for={fallback: step_id for step_id, fallback in fallbacks.items()},
        ancestors=ancestors(edges),
    )


def dependencies(steps: Iterable[Step]) -> dict[str, list[str]]:
    """What each step waits for, by id in the order of listing; names of steps that there are not are left out.

    Who needs a step also waits for its fallback step, which may stand in for it.
    """
    listed = list(steps)
    edges: dict[str, list[str]] = {step.id: [] for step in listed}
    fallback = {step.id: step.on_failure.step for step in listed if isinstance(step.on_failure, StepFallback)}
    for step in listed:
        for need in step.needs:
            for name in (need, *_fallback_chain(need, fallback)):
                is_own = step.id in _fallback_chain(
                    need, fallback
                )  # a fallback step may also need what it stands in for
                if name in edges and name not in edges[step.id] and (name == need or not is_own):
                    edges[step.id].append(name)
    for step_id, name in fallback.items():
        if name in edges and step_id not in edges[name]:
            edges[name].append(step_id)
    return edges


def _fallback_chain(step_id: str, fallback: Mapping[str, str]) -> list[str]:
    chain: list[str] = []
    while (step_id := fallback.get(step_id, "")) and step_id not in chain:
        chain.append(step_id)
    return chain


def topological_order(edges: Mapping[str, list[str]]) -> list[str]:
    """Give the ids so that each comes after what it waits for; of those that could come next, the first listed.

    Ids on a cycle, and those after one, are left out.
    """
    position = {step_id: index for index, step_id in enumerate(edges)}
    names = list(edges)
    missing = {step_id: len(set(needs)) for step_id, needs in edges.items()}
    followers: dict[str, list[str]] = {step_id: [] for step_id in edges}
    for step_id, needs in edges.items():
        for need in set(needs):
            followers[need].append(step_id)
    ready = [position[step_id] for step_id, count in missing.items() if count == 0]
    heapq.heapify(ready)
    order: list[str] = []
    while ready:
        step_id = names[heapq.heappop(ready)]
        order.append(step_id)
        for follower in followers[step_id]:
            missing[follower] -= 1
            if missing[follower] == 0:
                heapq.heappush(ready, position[follower])
    return order


def find_cycle(edges: Mapping[str, list[str]]) -> list[str] | None:
    """Give one cycle as the ids along it, the first one again at its end; none where there is no cycle."""
    rest = set(edges) - set(topological_order(edges))
    # what only comes after a cycle is no part of one: walk backwards, where every step of the rest has a predecessor
    if not rest:
        return None
    current = next(step_id for step_id in edges if step_id in rest)
    seen: dict[str, int] = {}
    path: list[str] = []
    while current not in seen:
        seen[current] = len(path)
        path.append(current)
        current = next(need for need in edges[current] if need in rest)
    return [*path[seen[current] :], current]


def ancestors(edges: Mapping[str, list[str]]) -> dict[str, frozenset[str]]:
    """Everything that comes before each step, through any number of edges; cycles do no harm."""
    found: dict[str, frozenset[str]] = {}
    for step_id in topological_order(edges):
        found[step_id] = frozenset().union(edges[step_id], *(found[need] for need in edges[step_id]))
    for step_id in edges:
        if step_id not in found:
            found[step_id] = _walk(edges, step_id)
    return found


def _walk(edges: Mapping[str, list[str]], start: str) -> frozenset[str]:
    seen: set[str] = set()
    stack = list(edges[start])
    while stack:
        step_id = stack.pop()
        if step_id not in seen:
            seen.add(step_id)
            stack.extend(edges[step_id])
    return frozenset(seen)


def _with_fallback_steps(definition: Definition) -> list[Step]:
    steps: list[Step] = []
    for step in definition.steps:
        if not isinstance(step.on_failure, WorkflowFallback):
            steps.append(step)
            continue
        name = f"{step.id}.fallback"
        steps.append(step.model_copy(update={"on_failure": StepFallback(step=name)}))
        steps.append(_fallback_step(name, step, step.on_failure.workflow))
    return steps


def _fallback_step(name: str, step: Step, workflow: str) -> Step:
    """The step that runs a fallback workflow; it is told what failed, as a workflow's own fallback is."""
    told: dict[str, Any] = {
        "execution_id": "{{ execution.id }}",
        "workflow": "{{ execution.workflow }}",
        "step": step.id,
        "input": "{{ input }}",
        "error": f"{{{{ steps.{step.id}.error }}}}",
    }
    return Step.model_construct(
        id=name,
        action=FALLBACK_ACTION,
        description="",
        input={"workflow": workflow, "input": told},
        needs=[],
        when=True,
        for_each=None,
        retry=None,
        timeout=None,
        effect=None,
        on_unknown="fail",
        on_failure="fail",
        connection=None,
    )
