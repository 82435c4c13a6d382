"""Problems of the templates: malformed, forbidden, or needing what nothing before them provides."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from aias.errors import Problem
from aias.plugins import Action
from aias.workflows.graph import ancestors, dependencies
from aias.workflows.models import Definition, StepFallback
from aias.workflows.templates import Reference, TemplateError, compiled, is_template, references, templates_in
from aias.workflows.validation.draft import Draft, DraftStep
from aias.workflows.validation.order import suggestion

MAX_TEMPLATES = 2_000
_ALWAYS = {"input", "vars", "steps", "execution", "tenant"}
_EXECUTION = {"id", "workflow", "version", "created_at"}
_STEP = {"output", "status", "error"}


def variable_problems(draft: Draft, known_actions: Mapping[str, Action]) -> list[Problem]:
    """Everything that is wrong with the templates of a definition."""
    definition = draft.definition
    if definition is None:
        return []
    count = sum(1 for _ in templates_in(definition.to_json()))
    if count > MAX_TEMPLATES:
        return [Problem(path="$", message=f"more than {MAX_TEMPLATES:,} templates")]
    checker = _Checker(draft, definition, known_actions)
    problems = [
        Problem(path=path, message="vars are constants: a template here is not rendered")
        for path, _ in templates_in(definition.vars, "$.vars")
    ]
    for step in draft.steps:
        problems += checker.step(step)
    problems += checker.value(definition.output, "$.output", None, has_item=False)
    return problems


class _Checker:
    """What each template of one definition may name."""

    def __init__(self, draft: Draft, definition: Definition, known_actions: Mapping[str, Action]) -> None:
        self.definition = definition
        self.actions = known_actions
        self.by_id = draft.by_id
        self.names = draft.names
        self.before = ancestors(dependencies([step.step for step in self.by_id.values()]))

    def step(self, step: DraftStep) -> Iterator[Problem]:
        loop = step.step.for_each
        yield from self.value(step.step.input, step.input_path, step, has_item=loop is not None)
        if loop is not None:
            yield from self.value(loop.items, step.items_path, step, has_item=False)
            if isinstance(loop.items, str) and is_template(loop.items):
                yield from _expression(loop.items, step.items_path, "the items")
        if isinstance(step.step.when, str):
            path = f"{step.path}.when"
            yield from self.value(step.step.when, path, step, has_item=False)
            yield from _expression(step.step.when, path, "a condition")

    def value(self, value: Any, path: str, step: DraftStep | None, *, has_item: bool) -> Iterator[Problem]:
        """Check every template in a JSON value."""
        for place, source in templates_in(value, path):
            try:
                found = references(source)
                compiled(source)
            except TemplateError as error:
                yield Problem(path=place, message=error.reason)
                continue
            for reference in found:
                message = self.trouble(reference, step, has_item=has_item)
                if message is not None:
                    yield Problem(path=place, message=message)

    def trouble(self, reference: Reference, step: DraftStep | None, *, has_item: bool) -> str | None:
        """Why nothing provides what a template names, or none."""
        root, path = reference.root, reference.path
        if root in {"item", "index"}:
            return None if has_item else f"{root!r} is known only in the input of a step with for_each"
        if root not in _ALWAYS:
            return f"there is no {root!r:.70}{suggestion(root, _ALWAYS | ({'item', 'index'} if has_item else set()))}"
        if root == "steps":
            return self.steps_trouble(path, step)
        if root == "input":
            return _schema_trouble(self.definition.input, path, "input", self.definition.input)
        if root == "vars":
            return _vars_trouble(self.definition.vars, path)
        known = _EXECUTION if root == "execution" else {"slug"}
        if path and path[0] not in known:
            return f"{root} has no {path[0]!r:.70} (there are: {', '.join(sorted(known))})"
        return None

    def steps_trouble(self, path: tuple[str | int, ...], step: DraftStep | None) -> str | None:
        if not path or not isinstance(path[0], str):
            return "name the step: steps.<id>.output"
        name = path[0]
        if name not in self.names:
            return f"there is no step {name!r:.70}{suggestion(name, self.names)}"
        if step is not None and name == step.step.id:
            return f"{name!r} is this step itself"
        if step is not None and step.has_proper_id and name not in self.before.get(step.step.id, ()):
            return f"the step {name!r} does not surely come before this one: add it to needs"
        if len(path) > 1 and path[1] not in _STEP:
            return f"a step has output, status and error, but no {path[1]!r:.70}"
        if path[1:2] == ("output",):
            return self.output_trouble(name, path[2:])
        return None

    def output_trouble(self, name: str, path: tuple[str | int, ...]) -> str | None:
        """Look into the output model of the step's action, where there is one answer."""
        target = self.by_id.get(name)
        if target is None or isinstance(target.step.on_failure, StepFallback):
            return None
        if target.step.for_each is not None:
            if path and isinstance(path[0], str):
                return f"the output of {name!r} is a list: it runs for_each item"
            path = path[1:]
        action = self.actions.get(target.step.action)
        if action is None or action.output_model is None:
            return None
        schema = _output_schema(action)
        return _schema_trouble(schema, path, f"the output of {name!r}", schema, is_strict=True)


def _expression(source: str, path: str, what: str) -> Iterator[Problem]:
    """``when`` and ``items`` need a value: text around the braces would make a text of it."""
    if not is_template(source):
        yield Problem(path=path, message=f"{what} is a template: {{{{ ... }}}}")
        return
    try:
        expression = compiled(source).expression
    except TemplateError:
        return  # told already
    if expression is None:
        yield Problem(path=path, message=f"{what} is one {{{{ ... }}}} and nothing around it")


_schemas: dict[str, tuple[Action, dict[str, Any]]] = {}


def _output_schema(action: Action) -> dict[str, Any]:
    known = _schemas.get(action.name)
    if known is None or known[0] is not action:
        model = action.output_model
        schema = model.model_json_schema(mode="serialization") if model is not None else {}
        known = _schemas[action.name] = (action, schema)
    return known[1]


def _vars_trouble(constants: Mapping[str, Any], path: tuple[str | int, ...]) -> str | None:
    node: Any = constants
    for part in path:
        if not isinstance(node, dict):
            return None
        members = cast("dict[str, Any]", node)
        if part not in members:
            return f"vars has no {part!r:.70}{suggestion(str(part), list(members))}"
        node = members[str(part)]
    return None


def _schema_trouble(
    schema: Any, path: tuple[str | int, ...], what: str, root: Any, *, is_strict: bool = False
) -> str | None:
    """Follow a way through a JSON Schema and name the first part that it does not provide.

    An object with ``properties`` provides those and no others, unless ``additionalProperties`` is given and allows
    them; of a model of ours (``is_strict``) the same. Where the schema says nothing or leaves a choice, neither do we.
    """
    for part in path:
        node = _resolved(schema, root)
        if node is None:
            return None
        properties = node.get("properties")
        if isinstance(part, int):
            schema = node.get("items")
        elif not isinstance(properties, dict):
            return None if is_strict or not _is_closed(node) else f"{what} has no {part!r:.70}"
        elif part in properties:
            schema = cast("dict[str, Any]", properties)[part]
        elif node.get("additionalProperties", False) is not False or "patternProperties" in node:
            return None
        else:
            names = cast("dict[str, Any]", properties)
            return f"{what} has no {part!r:.70}{suggestion(str(part), list(names))}"
    return None


def _is_closed(node: dict[str, Any]) -> bool:
    return node.get("additionalProperties") is False


def _resolved(schema: Any, root: Any) -> dict[str, Any] | None:
    """The schema behind references; none where it leaves a choice or is no schema."""
    for _ in range(20):
        if not isinstance(schema, dict):
            return None
        node = cast("dict[str, Any]", schema)
        if any(word in node for word in ("anyOf", "oneOf", "allOf")):
            return None
        reference = node.get("$ref")
        if reference is None:
            return node
        name = str(reference).removeprefix("#/$defs/")
        definitions: Any = cast("dict[str, Any]", root).get("$defs", {}) if isinstance(root, dict) else {}
        schema = cast("dict[str, Any]", definitions).get(name) if isinstance(definitions, dict) else None
    return None
