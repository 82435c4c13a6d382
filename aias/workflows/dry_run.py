"""What a workflow would do with an input, without doing it: no call is made, no socket opened, nothing stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, Literal, cast
from uuid import UUID

from aias.errors import DefinitionError, StepError
from aias.plugins import Action, ActionContext, Wait, all_actions, load_plugins
from aias.workflows.graph import Graph, graph_of
from aias.workflows.models import Definition, Step
from aias.workflows.parsing import definition_of
from aias.workflows.templates import TemplateError, is_template, references, render, templates_in
from aias.workflows.validation import validate

Fate = Literal["called", "computed", "waits", "skipped", "may be called", "fails"]

_NOBODY = UUID(int=0)
_MOST_ITEMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """What would become of a step, or of one item of its fan-out."""

    step: str
    item: int | None
    action: str
    effect: str
    fate: Fate
    """``may be called``: that depends on what an earlier call gives."""
    input: Any
    """With templates left as they are where they need what only a call can give."""
    output: Any = None
    """Of what is computed, or as given in ``outputs``."""
    detail: str | None = None


async def dry_run(
    definition: Definition | dict[str, Any],
    input: Mapping[str, Any] | None = None,
    *,
    outputs: Mapping[str, Any] | None = None,
) -> list[PlannedStep]:
    """Go through a workflow in order and tell what each step would do.

    ``outputs`` gives what to assume as the outputs of steps that call something; where one is not given, all that
    depends on it stays open.

    Raises:
        DefinitionError: the definition has problems.
    """
    load_plugins()
    actions = all_actions()
    if problems := validate(definition, known_actions=actions):
        raise DefinitionError(problems)
    model = definition if isinstance(definition, Definition) else definition_of(definition)
    run = _DryRun(model, graph_of(model), actions, dict(input or {}), dict(outputs or {}))
    return await run.plan()


class _DryRun:
    def __init__(
        self,
        definition: Definition,
        graph: Graph,
        actions: Mapping[str, Action],
        input: dict[str, Any],
        outputs: dict[str, Any],
    ) -> None:
        self.definition, self.graph, self.actions, self.given = definition, graph, actions, outputs
        self.known: dict[str, Any] = {}
        self.skipped: set[str] = set()
        self.fixed: dict[str, Any] = {
            "input": input,
            "vars": definition.vars,
            "tenant": {"slug": "dry-run"},
            "execution": {
                "id": str(_NOBODY),
                "workflow": definition.name,
                "version": 0,
                "created_at": datetime.now(UTC).isoformat(),
            },
        }
        self.found: list[PlannedStep] = []

    async def plan(self) -> list[PlannedStep]:
        for step in self.graph.steps.values():
            if step.id in self.graph.fallback_for:
                source = self.graph.fallback_for[step.id]
                self._note(step, None, "may be called", self._open(step.input, {}), detail=f"if {source!r} fails")
                continue
            if step.needs and all(need in self.skipped for need in step.needs):
                self._skip(step, "all that it needs is skipped")
                continue
            holds = self._condition(step)
            if holds is False:
                self._skip(step, "its condition does not hold")
            elif step.for_each is not None:
                await self._items(step, is_sure=holds is True)
            else:
                await self._one(step, None, {}, is_sure=holds is True)
        return self.found

    async def _items(self, step: Step, *, is_sure: bool) -> None:
        loop = step.for_each
        items = self._open(loop.items if loop is not None else [], {})
        if not isinstance(items, list):
            fate: Fate = "may be called"
            self._note(step, None, fate, step.input, detail="once per item of a list that is not known yet")
            return
        listed = cast("list[Any]", items)
        outputs: list[Any] = []
        for index, item in enumerate(listed[:_MOST_ITEMS]):
            outputs.append(await self._one(step, index, {"item": item, "index": index}, is_sure=is_sure))
        if len(listed) > _MOST_ITEMS:
            self._note(step, None, "called", step.input, detail=f"and {len(listed) - _MOST_ITEMS:,} more items")
        elif step.id not in self.known and all(output is not None for output in outputs):
            self.known[step.id] = outputs

    async def _one(self, step: Step, item: int | None, variables: dict[str, Any], *, is_sure: bool) -> Any:
        """Note one call; give its output where it is computed here."""
        data = self._open(step.input, variables)
        action = self.actions[step.action]
        if step.id in self.given:
            self.known[step.id] = self.given[step.id]
        is_open = next(templates_in(data), None) is not None
        if not action.instant or is_open or not is_sure:
            fate: Fate = "called" if is_sure else "may be called"
            self._note(step, item, fate, data, output=self.known.get(step.id))
            return None
        try:
            result = await action.call(_context(step, item), data)
        except StepError as error:
            self._note(step, item, "fails", data, detail=error.message)
            return None
        if isinstance(result, Wait):
            self._note(step, item, "waits", data, output=self.known.get(step.id), detail=result.kind)
            return None
        if item is None:
            self.known.setdefault(step.id, result)
        self._note(step, item, "computed", data, output=result)
        return result

    def _condition(self, step: Step) -> bool | None:
        """Whether the step runs; none when that is not known."""
        if isinstance(step.when, bool):
            return step.when
        result = self._open(step.when, {})
        return None if isinstance(result, str) else bool(result)

    def _open(self, value: Any, variables: dict[str, Any]) -> Any:
        """Render what is known; a template that needs an unknown output stays as it is."""
        if isinstance(value, str):
            return self._render(value, variables) if is_template(value) else value
        if isinstance(value, dict):
            return {key: self._open(item, variables) for key, item in cast("dict[str, Any]", value).items()}
        if isinstance(value, list):
            return [self._open(item, variables) for item in cast("list[Any]", value)]
        return value

    def _render(self, source: str, variables: dict[str, Any]) -> Any:
        steps = {name: {"output": output, "status": "succeeded", "error": None} for name, output in self.known.items()}
        steps |= {name: {"output": None, "status": "skipped", "error": None} for name in self.skipped}
        for reference in references(source):
            if reference.root == "steps" and reference.path[0] not in steps:
                return source
            if reference.root in {"item", "index"} and reference.root not in variables:
                return source
        try:
            return render(source, {**self.fixed, "steps": steps, **variables})
        except TemplateError as error:
            return f"{source} (fails: {error.reason})"

    def _skip(self, step: Step, reason: str) -> None:
        self.skipped.add(step.id)
        self._note(step, None, "skipped", None, detail=reason)

    def _note(
        self, step: Step, item: int | None, fate: Fate, data: Any, *, output: Any = None, detail: str | None = None
    ) -> None:
        action = self.actions[step.action]
        self.found.append(
            PlannedStep(
                step=step.id,
                item=item,
                action=step.action,
                effect=step.effect or action.effect,
                fate=fate,
                input=data,
                output=output,
                detail=detail,
            )
        )


def _context(step: Step, item: int | None) -> ActionContext:
    """A context without a database: an instant action needs none."""
    return ActionContext(
        tenant_id=_NOBODY,
        tenant="dry-run",
        execution_id=_NOBODY,
        workflow="dry-run",
        step_id=step.id,
        item=item,
        attempt=1,
        idempotency_key=f"{_NOBODY}:{step.id}",
        connection=step.connection,
        pool=cast("Any", SimpleNamespace()),
        trace_parent=None,
    )
