"""Problems of what the steps do: actions, their inputs, effects, connections, other workflows."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, cast

from pydantic import ValidationError

from aias.errors import Problem
from aias.plugins import Action
from aias.workflows.json_values import child
from aias.workflows.models import Step, WorkflowFallback
from aias.workflows.templates import is_template, templates_in
from aias.workflows.validation.draft import Draft, DraftStep
from aias.workflows.validation.order import suggestion

Connections = Mapping[tuple[str, str], str]
"""The status of each connection, by kind and name."""
_RUN = "workflow.run"


def action_problems(
    draft: Draft,
    known_actions: Mapping[str, Action],
    known_workflows: Collection[str] | None,
    connections: Connections | None,
    refused_plugins: Mapping[str, str | None],
) -> list[Problem]:
    """Everything that is wrong with what each step calls."""
    problems: list[Problem] = []
    name = draft.definition.name if draft.definition is not None else None
    for step in draft.steps:
        problems += _workflows(step, name, known_workflows)
        if not step.is_action_known:
            continue
        action = known_actions.get(step.step.action)
        if action is None:
            message = f"there is no action {step.step.action!r:.110}"
            hint = suggestion(step.step.action, list(known_actions))
            problems.append(Problem(path=f"{step.path}.action", message=message + hint))
            continue
        if action.plugin in refused_plugins:
            reason = refused_plugins[action.plugin]
            problems.append(Problem(path=f"{step.path}.action", message=_refusal(action, reason)))
        problems += _effects(step, action)
        problems += _connection(step, action, connections)
        problems += _input(step, action)
        problems += _items(step)
    if draft.definition is not None and draft.definition.on_failure is not None:
        target = draft.definition.on_failure.workflow
        problems += _target("$.on_failure.workflow", target, name, known_workflows)
    return problems


def _refusal(action: Action, reason: str | None) -> str:
    told = f" ({reason})" if reason else ""
    return f"{action.name} is of the plugin {action.plugin!r}, which this tenant may not use{told}"


def _effects(step: DraftStep, action: Action) -> Iterator[Problem]:
    chosen = step.step.effect
    if action.effect == "none" and chosen is not None:
        yield Problem(path=f"{step.path}.effect", message=f"{action.name} has no effect outside that could be doubled")
    if action.effect == "at_most_once" and chosen == "idempotent":
        message = f"{action.name} is at_most_once: nothing makes a second call harmless"
        yield Problem(path=f"{step.path}.effect", message=message)
    if step.step.on_unknown != "fail" and (chosen or action.effect) != "at_most_once" and not action.ledger:
        message = "only a step with effect: at_most_once, or with its effects in the ledger, can be left in doubt"
        yield Problem(path=f"{step.path}.on_unknown", message=message)
    if step.step.timeout is not None and action.instant:
        yield Problem(path=f"{step.path}.timeout", message=f"{action.name} takes no time that could run out")


def _connection(
    step: DraftStep, action: Action, connections: Mapping[tuple[str, str], str] | None
) -> Iterator[Problem]:
    name, path, kind = step.step.connection, f"{step.path}.connection", action.integration
    if name is not None and kind is None:
        yield Problem(path=path, message=f"{action.name} uses no connection")
    if kind is None or connections is None:
        return
    fitting = sorted(
        known
        for (known_kind, known), status in connections.items()
        # a sample's connection is used by steps that name it only
        if known_kind == kind and (name is not None or status != "sample")
    )
    if name is not None and name not in fitting:
        yield Problem(path=path, message=f"there is no connection {name!r} to {kind}{suggestion(name, fitting)}")
    elif name is None and not fitting:
        yield Problem(path=path, message=f"there is no connection to {kind}")
    elif name is None and len(fitting) > 1:
        yield Problem(path=path, message=f"there are several connections to {kind}: name one of {', '.join(fitting)}")
    elif connections[kind, chosen := name or fitting[0]] == "revoked":
        yield Problem(path=path, message=f"the credentials of the connection {chosen!r} were refused: connect it again")


def _input(step: DraftStep, action: Action) -> Iterator[Problem]:
    """Check what is constant in an input against the action's model; what a template gives is seen when it runs."""
    given = step.step.input
    if isinstance(given, str) and is_template(given):
        return
    try:
        action.input_model.model_validate(given)
    except ValidationError as error:
        for item in error.errors(include_url=False, include_input=False, include_context=False):
            path, node = _reach(given, item["loc"], step.input_path)
            if item["type"] == "missing":
                if not isinstance(node, str):
                    yield Problem(path=child(path, str(item["loc"][-1])), message=f"{action.name} requires it")
            elif item["type"] == "extra_forbidden":
                fields = [field.alias or name for name, field in action.input_model.model_fields.items()]
                hint = suggestion(str(item["loc"][-1]), fields) if len(item["loc"]) == 1 else ""
                yield Problem(path=path, message=f"{action.name} knows no such key{hint}")
            elif next(templates_in(node), None) is None:
                yield Problem(path=path, message=item["msg"].removeprefix("Value error, "))


def _reach(given: Any, loc: tuple[str | int, ...], path: str) -> tuple[str, Any]:
    """Follow a location of pydantic as far as it leads through the input; its other parts are names of types."""
    node: Any = given
    for part in loc:
        if isinstance(node, dict) and part in node:
            node, path = cast("dict[Any, Any]", node)[part], child(path, part)
        elif isinstance(node, list) and isinstance(part, int) and part < len(cast("list[Any]", node)):
            node, path = cast("list[Any]", node)[part], child(path, part)
    return path, cast("Any", node)


def _items(step: DraftStep) -> Iterator[Problem]:
    loop = step.step.for_each
    if loop is None:
        return
    if isinstance(loop.items, str):
        if not is_template(loop.items):
            yield Problem(path=step.items_path, message="a list, or a template that gives one")
    elif len(loop.items) > loop.max_items:
        message = f"{len(loop.items):,} items are more than max_items ({loop.max_items:,})"
        yield Problem(path=step.items_path, message=message)


def _workflows(step: DraftStep, own: str | None, known: Collection[str] | None) -> Iterator[Problem]:
    if isinstance(step.step.on_failure, WorkflowFallback):
        yield from _target(f"{step.path}.on_failure.workflow", step.step.on_failure.workflow, own, known)
    given = step.step.input
    if step.step.action == _RUN and isinstance(given, dict):
        name = given.get("workflow")
        if isinstance(name, str) and not is_template(name):
            path = f"{step.input_path}.workflow"
            if name == own and _always_runs(step.step):
                yield Problem(path=path, message="the workflow would start itself for ever: give the step a when")
            elif name != own:
                yield from _target(path, name, None, known)


def _always_runs(step: Step) -> bool:
    return step.when is True


def _target(path: str, name: str, own: str | None, known: Collection[str] | None) -> Iterator[Problem]:
    if name == own:
        yield Problem(path=path, message="a workflow can't be its own fallback")
    elif known is not None and name not in known:
        yield Problem(path=path, message=f"there is no workflow {name!r:.70}{suggestion(name, list(known))}")
