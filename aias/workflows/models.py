"""The models of a workflow definition: what may stand where. What it means is checked in ``validation``."""

import math
import re
from typing import Annotated, Any, Literal, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    JsonValue,
    Tag,
    WithJsonSchema,
    model_validator,
)

MAX_STEPS = 500
MAX_ITEMS = 10_000
MAX_STEP_SECONDS = 3600.0
MAX_WORKFLOW_SECONDS = 365 * 86400.0

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h|d)", re.ASCII)
_DURATION_SCHEMA = {
    "anyOf": [
        {"type": "number", "exclusiveMinimum": 0},
        {"type": "string", "pattern": r"^\d{1,9}(\.\d{1,6})?(ms|s|m|h|d)$"},
    ],
    "description": 'Seconds as a number, or "500ms", "30s", "5m", "1h", "2d".',
}


def seconds(value: Any) -> float:
    """Read a duration: a number of seconds, or a number with a unit such as ``"5m"``.

    Raises:
        ValueError: it is neither, or not above zero.
    """
    if isinstance(value, str) and (match := _DURATION.fullmatch(value)):
        found = float(match[1]) * _UNITS[match[2]]
    elif isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        found = float(value)
    else:
        raise ValueError('a duration is a number of seconds or like "500ms", "30s", "5m", "1h", "2d"')
    if found <= 0:
        raise ValueError("a duration is above zero")
    return found


Duration = Annotated[float, BeforeValidator(seconds), WithJsonSchema(_DURATION_SCHEMA)]
StepDuration = Annotated[Duration, Field(le=MAX_STEP_SECONDS)]
WorkflowDuration = Annotated[Duration, Field(le=MAX_WORKFLOW_SECONDS)]
NAME_PATTERN = r"^[a-z][a-z0-9-]{0,62}$"
WorkflowName = Annotated[str, Field(pattern=NAME_PATTERN)]
StepId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
ConnectionName = Annotated[str, Field(min_length=1, max_length=63)]
Text = Annotated[str, Field(max_length=2000)]


class _Model(BaseModel):
    """Unknown keys are mistakes, and nothing is coerced: ``"5"`` is no number and ``true`` is not 1."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ForEach(_Model):
    """Run the step once per item; ``item`` and ``index`` stand in its templates, its output is the list of outputs."""

    items: str | list[JsonValue]
    max_items: Annotated[int, Field(ge=1, le=MAX_ITEMS)] = 1000
    concurrency: Annotated[int, Field(ge=1, le=100)] = 10


class Retry(_Model):
    """What differs from the action's retry policy; delays grow by ``factor`` and are cut by full jitter."""

    max_attempts: Annotated[int, Field(ge=1, le=100)] | None = None
    initial: Duration | None = None
    factor: Annotated[float, Field(ge=1, le=100)] | None = None
    max_delay: WorkflowDuration | None = None

    @model_validator(mode="after")
    def _delays_are_ordered(self) -> "Retry":
        if self.initial is not None and self.max_delay is not None and self.max_delay < self.initial:
            raise ValueError("max_delay is below initial")
        return self


class StepFallback(_Model):
    """The named step runs when this one failed for good; its output stands for the failed step's."""

    step: str


class WorkflowFallback(_Model):
    """The named workflow is started with the error when this failed for good."""

    workflow: WorkflowName


def _on_failure_kind(value: Any) -> str:
    if isinstance(value, StepFallback):
        return "~step"
    if isinstance(value, WorkflowFallback):
        return "~workflow"
    if isinstance(value, dict):
        return "~workflow" if "workflow" in value else "~step"
    return "~policy"


OnFailure = Annotated[
    Annotated[Literal["fail", "continue"], Tag("~policy")]
    | Annotated[StepFallback, Tag("~step")]
    | Annotated[WorkflowFallback, Tag("~workflow")],
    Discriminator(_on_failure_kind),
]


def _long_for_each(value: Any) -> Any:
    """``for_each: "{{ ... }}"`` and ``for_each: [...]`` are short for an object with ``items``."""
    return cast("Any", {"items": value} if isinstance(value, str | list) else value)


class Step(_Model):
    """A node of the graph."""

    id: StepId
    action: Annotated[str, Field(min_length=1, max_length=100)]
    description: Text = ""
    input: JsonValue = Field(default_factory=dict[str, JsonValue])
    needs: list[str] = Field(default_factory=list[str])
    when: bool | str = True
    for_each: (
        Annotated[
            ForEach,
            BeforeValidator(_long_for_each, json_schema_input_type=ForEach | str | list[JsonValue]),
        ]
        | None
    ) = None
    retry: Retry | None = None
    timeout: StepDuration | None = None
    effect: Literal["idempotent", "at_most_once"] | None = None
    on_unknown: Literal["fail", "retry", "ask"] = "fail"
    on_failure: OnFailure = "fail"
    on_gate: Literal["wait", "fail"] | None = None
    """While a gate is closed: wait until the service is healthy, or fail at once. None: as the action says."""
    connection: ConnectionName | None = None

    @model_validator(mode="before")
    @classmethod
    def _for_each_as_an_action(cls, data: Any) -> Any:
        """``action: for_each`` with ``input: {items, action, input}`` is a long way to write ``for_each:``."""
        if not isinstance(data, dict):
            return data
        raw = cast("dict[str, Any]", data)
        if raw.get("action") != "for_each" or "for_each" in raw:
            return raw
        given = raw.get("input")
        if not isinstance(given, dict) or not {"items", "action"} <= given.keys():
            raise ValueError("the action for_each takes input: {items, action, input}")
        inner = cast("dict[str, Any]", given)
        bounds = {key: value for key, value in inner.items() if key not in {"action", "input"}}
        return {**raw, "action": inner["action"], "input": inner.get("input", {}), "for_each": bounds}


class Definition(_Model):
    """A workflow: its name, the schema of its input, its steps."""

    name: WorkflowName
    description: Text = ""
    input: dict[str, JsonValue] | None = None
    """JSON Schema (the supported subset) of the input; none means any object."""
    vars: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    """Constants for the templates."""
    timeout: WorkflowDuration | None = None
    """Of the whole execution, from its start."""
    on_failure: WorkflowFallback | None = None
    steps: Annotated[list[Step], Field(min_length=1, max_length=MAX_STEPS)]
    output: JsonValue = None

    def to_json(self) -> dict[str, Any]:
        """The normal form that is stored: durations in seconds, shorthands written out, defaults left out."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def step(self, step_id: str) -> Step | None:
        """The step of that id, or none."""
        return next((step for step in self.steps if step.id == step_id), None)


def definition_schema() -> dict[str, Any]:
    """Give the published JSON Schema of a definition, for editors and for other languages."""
    schema = Definition.model_json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "AIAS workflow definition",
    }
