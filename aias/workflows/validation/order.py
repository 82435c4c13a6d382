"""Problems of the graph: ids, needs, fallbacks, circles."""

from collections.abc import Iterator
from difflib import get_close_matches

from aias.errors import Problem
from aias.workflows.graph import ancestors, dependencies, find_cycle
from aias.workflows.models import StepFallback
from aias.workflows.validation.draft import Draft, DraftStep

_MOST_CYCLES = 10


def suggestion(name: str, known: set[str] | list[str]) -> str:
    """``; did you mean 'x'?`` where something known is near, else nothing."""
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def order_problems(draft: Draft) -> list[Problem]:
    """Everything that is wrong with how the steps are named and follow each other."""
    return [*_duplicates(draft), *_needs(draft), *_fallbacks(draft), *_cycles(draft)]


def _duplicates(draft: Draft) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for step in draft.steps:
        if step.written_id is None:
            continue
        if step.written_id in first:
            message = f"the id {step.written_id!r:.70} is taken by {first[step.written_id]}"
            yield Problem(path=f"{step.path}.id", message=message)
        first.setdefault(step.written_id, step.path)


def _needs(draft: Draft) -> Iterator[Problem]:
    names = draft.names
    for step in draft.steps:
        seen: set[str] = set()
        for index, need in enumerate(step.step.needs):
            path = f"{step.path}.needs[{index}]"
            if need == step.step.id:
                yield Problem(path=path, message="a step can't need itself")
            elif need not in names:
                yield Problem(path=path, message=f"there is no step {need!r:.70}{suggestion(need, names)}")
            elif need in seen:
                yield Problem(path=path, message=f"{need!r} is named twice")
            seen.add(need)


def _fallbacks(draft: Draft) -> Iterator[Problem]:
    by_id, names = draft.by_id, draft.names
    before = ancestors(dependencies([step.step.model_copy(update={"on_failure": "fail"}) for step in by_id.values()]))
    taken: dict[str, str] = {}
    for step in draft.steps:
        if not isinstance(step.step.on_failure, StepFallback):
            continue
        target, path = step.step.on_failure.step, f"{step.path}.on_failure.step"
        if target == step.step.id:
            yield Problem(path=path, message="a step can't be its own fallback")
        elif target not in names:
            yield Problem(path=path, message=f"there is no step {target!r:.70}{suggestion(target, names)}")
        elif target in before.get(step.step.id, ()):
            yield Problem(path=path, message=f"the fallback {target!r} runs before this step")
        elif target in taken:
            yield Problem(
                path=path, message=f"{target!r} is the fallback of {taken[target]!r} already: of one step only"
            )
        else:
            taken[target] = step.step.id
            if target in by_id and by_id[target].step.for_each is not None and step.step.for_each is None:
                yield Problem(path=path, message=f"the fallback {target!r} gives a list (for_each), this step a value")


def _cycles(draft: Draft) -> Iterator[Problem]:
    """Name each circle once: a reported one is cut, to find the next."""
    by_id = draft.by_id
    edges = dependencies([step.step for step in by_id.values()])
    for step_id in edges:
        edges[step_id] = [need for need in edges[step_id] if need != step_id]
    for _ in range(_MOST_CYCLES):
        cycle = find_cycle(edges)
        if cycle is None:
            return
        step, need = by_id[cycle[0]], cycle[1]
        way = " needs ".join(cycle)
        yield Problem(path=_place(step, need), message=f"the steps wait for each other in a circle: {way}")
        edges[cycle[0]].remove(need)


def _place(step: DraftStep, need: str) -> str:
    """Where the edge stands: in ``needs``, or it comes from a fallback."""
    if need in step.step.needs:
        return f"{step.path}.needs[{step.step.needs.index(need)}]"
    return f"{step.path}.needs" if step.step.needs else step.path
