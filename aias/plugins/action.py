"""One action: its models, its promises, and the one way to call it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from pydantic import BaseModel, JsonValue, ValidationError

from aias.errors import ConfigurationError, PermanentError

Effect = Literal["none", "idempotent", "at_most_once"]
"""What a call does outside: nothing; something that the idempotency key makes repeatable; something that must not be
repeated blindly."""

OnUnknown = Literal["fail", "retry", "ask"]
"""What becomes of a step when nobody knows whether its call took effect."""

OnGate = Literal["wait", "fail"]
"""What a step does while a gate before its call is closed."""

WaitKind = Literal["sleep", "event", "approval", "execution"]

_MAX_PROBLEMS = 10
_MOST_ATTEMPTS = 100
_LARGEST_FACTOR = 100
_LONGEST_DELAY = 365 * 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionContext:
    """Who calls: everything that an action may know of the step that it serves."""

    tenant_id: UUID
    tenant: str
    """The tenant's slug."""
    execution_id: UUID
    workflow: str
    step_id: str
    item: int | None
    """Position in the fan-out, from 0; none outside of one."""
    attempt: int
    """This call's number, from 1."""
    idempotency_key: str
    """``<execution>:<step>`` or ``<execution>:<step>:<item>``: the same on every retry and after a crash."""
    connection: str | None
    """The step's ``connection:``; none means the tenant's only one of the kind."""
    pool: AsyncConnectionPool[AsyncConnection[Any]]
    trace_parent: str | None
    """W3C traceparent, for the upstream's request headers."""
    is_deferred: bool = False
    """Whether this call was put off before, because a gate was closed or a limit used up."""
    execution_attempt: int = 0
    """The fencing token: the claim of the execution that this call belongs to; 0 outside of one: no effect begins."""
    effect: Effect = "idempotent"
    """What the call does outside: the step's word, or else the action's."""
    on_unknown: OnUnknown = "fail"
    """The step's word on a call of which nobody knows whether it took effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """What a suspending action returns: the step waits, and no worker is held meanwhile.

    At most one of ``until`` and ``seconds`` is given; neither means that the wait has no end of its own.
    ``seconds`` counts from the database's clock, so that a worker whose own clock is wrong does no harm.
    """

    kind: WaitKind
    until: datetime | None = None
    seconds: float | None = None
    detail: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How an action's failures are repeated, where nobody says otherwise; None leaves a value to the system's default.

    Delays are in seconds, grow by ``factor`` and are cut by jitter.
    """

    max_attempts: int | None = None
    initial: float | None = None
    factor: float | None = None
    max_delay: float | None = None

    def __post_init__(self) -> None:
        """Refuse what no policy can be.

        Raises:
            ConfigurationError: a value is out of range.
        """
        if self.max_attempts is not None and not 1 <= self.max_attempts <= _MOST_ATTEMPTS:
            raise ConfigurationError(f"retry: max_attempts lies between 1 and {_MOST_ATTEMPTS}")
        if self.factor is not None and not 1 <= self.factor <= _LARGEST_FACTOR:
            raise ConfigurationError(f"retry: factor lies between 1 and {_LARGEST_FACTOR}")
        if not all(delay is None or 0 < delay <= _LONGEST_DELAY for delay in (self.initial, self.max_delay)):
            raise ConfigurationError("retry: a delay is above 0 s and at most a year")

    def to_json(self) -> dict[str, float]:
        """The values that are given."""
        values = {name: getattr(self, name) for name in ("max_attempts", "initial", "factor", "max_delay")}
        return {name: value for name, value in values.items() if value is not None}


Run = Callable[[ActionContext, Any], Awaitable[BaseModel | Wait | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A registered action."""

    name: str
    summary: str
    """First line of the function's docstring."""
    input_model: type[BaseModel]
    output_model: type[BaseModel] | None
    """None where the action has nothing to tell (its output is null)."""
    effect: Effect
    timeout: float
    """Seconds for one call, unless the step sets its own."""
    instant: bool
    """Pure and immediate: the engine writes no 'running' row before the call."""
    integration: str | None
    """The kind of connection that it needs, such as ``shopify``."""
    run: Run
    ledger: bool = False
    """Its effects stand in the ledger (``integrations.effects``), which knows after a crash what may be sent again."""
    retry: RetryPolicy | None = None
    """How its failures are repeated, where the step says nothing else and the operator has no policy for it."""
    on_gate: OnGate = "wait"
    """What a step does while a gate is closed, unless it says otherwise."""
    gates: tuple[str, ...] = ()
    """Kinds of connection, beside its own, whose gates must be open before each call."""
    plugin: str = "aias"
    """Whose it is: the distribution that brought it."""

    async def call(self, context: ActionContext, data: JsonValue) -> JsonValue | Wait:
        """Check ``data``, run the action, hand back plain JSON (decimals as strings) or the wait.

        Raises:
            PermanentError: the input does not fit the action's model; the message names every field.
            Exception: whatever the action raised.
        """
        try:
            model = self.input_model.model_validate(data)
        except ValidationError as error:
            raise PermanentError(f"{self.name}: bad input: {describe(error)}") from error
        result = await self.run(context, model)
        if result is None or isinstance(result, Wait):
            return result
        return result.model_dump(mode="json", by_alias=True)


def describe(error: ValidationError) -> str:
    """All fields that are wrong, in one line, without the values (an input may hold a secret)."""
    errors = error.errors(include_url=False, include_input=False, include_context=False)
    told = [f"{'.'.join(str(part) for part in item['loc']) or 'input'}: {item['msg']}" for item in errors]
    if len(told) > _MAX_PROBLEMS:
        told = [*told[:_MAX_PROBLEMS], f"and {len(told) - _MAX_PROBLEMS} more"]
    return "; ".join(told)
