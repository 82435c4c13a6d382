"""The actions that steer a workflow: they touch nothing outside of it.

All are instant: they only say what comes next. Those that wait return a ``Wait``, and the engine lets the execution
go until the wait is over.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, RootModel, model_validator

from aias.errors import PermanentError
from aias.plugins import ActionContext, Wait, action
from aias.workflows.models import MAX_WORKFLOW_SECONDS, Duration, WorkflowName, seconds

__all__: list[str] = []

WaitDuration = Annotated[Duration, Field(le=MAX_WORKFLOW_SECONDS)]


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AnyJson(RootModel[JsonValue]):
    """Any JSON value."""


class Nothing(_Input):
    """No input at all."""


@action("transform", effect="none", instant=True)
async def transform(_context: ActionContext, data: AnyJson) -> AnyJson:
    """Give its input as its output: for reshaping what other steps found."""
    return data


@action("noop", effect="none", instant=True)
async def noop(_context: ActionContext, _data: AnyJson) -> None:
    """Do nothing: a place where branches meet."""


class BranchInput(_Input):
    """Conditions by the name of the branch; the first that holds is taken."""

    cases: dict[str, JsonValue] = Field(min_length=1, max_length=100)
    default: str | None = None


class BranchOutput(BaseModel):
    """The branch that was taken; steps look at it in their ``when``."""

    branch: str | None


@action("branch", effect="none", instant=True)
async def branch(_context: ActionContext, data: BranchInput) -> BranchOutput:
    """Choose the first case whose condition holds, else the default."""
    for name, condition in data.cases.items():
        if isinstance(condition, str):
            raise PermanentError(f"branch: the condition of {name!r:.60} gave a text; compare it: {{{{ a == 'b' }}}}")
        if condition:
            return BranchOutput(branch=name)
    return BranchOutput(branch=data.default)


class FailInput(_Input):
    """What to say."""

    message: str = Field(min_length=1, max_length=2000)
    detail: JsonValue = None


@action("fail", effect="none", instant=True)
async def fail(_context: ActionContext, data: FailInput) -> None:
    """Fail for good, with a message: for what must not go on."""
    raise PermanentError(data.message, detail=data.detail)


def _wait_seconds(value: Any) -> Any:
    """``0`` is fine here, other than in a timeout: an amount of waiting may be computed."""
    is_zero = isinstance(value, int | float) and not isinstance(value, bool) and value == 0
    return 0.0 if is_zero else seconds(value)


class SleepInput(_Input):
    """How long, or until when."""

    seconds: Annotated[float, BeforeValidator(_wait_seconds), Field(ge=0, le=MAX_WORKFLOW_SECONDS)] | None = None
    until: AwareDatetime | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "SleepInput":
        if (self.seconds is None) == (self.until is None):
            raise ValueError("give either seconds or until")
        return self


class SleepOutput(BaseModel):
    """When the sleep was over."""

    until: datetime


@action("sleep", effect="none", instant=True)
async def sleep(_context: ActionContext, data: SleepInput) -> SleepOutput | Wait:
    """Wait for a while, or until a time; no worker is held."""
    return Wait(kind="sleep", seconds=data.seconds, until=data.until)


class EventInput(_Input):
    """The name of the signal, and how long to wait at most.

    With ``match`` an event of that type whose payload holds it ends the wait as well, one that came since the execution
    was asked for included.
    """

    name: str = Field(min_length=1, max_length=200)
    match: dict[str, JsonValue] | None = None
    timeout: WaitDuration | None = None


@action("wait_for_event", effect="none", instant=True)
async def wait_for_event(_context: ActionContext, data: EventInput) -> AnyJson | Wait:
    """Wait until the execution gets a signal of that name, or an event that matches; its payload is the output.

    One that came before ends the wait at once, as it is recorded.
    """
    detail: dict[str, JsonValue] = {"name": data.name}
    if data.match is not None:
        detail["match"] = data.match
    return Wait(kind="event", seconds=data.timeout, detail=detail)


class ApprovalInput(_Input):
    """What the person who decides is told, and how long to wait at most."""

    message: str = Field(default="", max_length=2000)
    timeout: WaitDuration | None = None


class ApprovalOutput(BaseModel):
    """Who approved. A refusal fails the step."""

    approved: Literal[True]
    by: str
    comment: str | None = None
    at: datetime


@action("approval", effect="none", instant=True)
async def approval(_context: ActionContext, data: ApprovalInput) -> ApprovalOutput | Wait:
    """Wait until a person approves or refuses."""
    return Wait(kind="approval", seconds=data.timeout, detail={"message": data.message})


class RunInput(_Input):
    """Which workflow, with which input, and whether to wait for its end."""

    workflow: WorkflowName
    input: dict[str, JsonValue] = Field(default_factory=dict[str, JsonValue])
    wait: bool = True


@action("workflow.run", effect="none", instant=True)
async def run(_context: ActionContext, data: RunInput) -> AnyJson | Wait:
    """Start another workflow; its output is the step's, or with ``wait: false`` its execution's id."""
    return Wait(
        kind="execution",
        seconds=None if data.wait else 0.0,
        detail={"workflow": data.workflow, "input": data.input, "wait": data.wait},
    )
