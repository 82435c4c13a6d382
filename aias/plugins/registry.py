"""The registry of actions, and the decorator that fills it."""

import inspect
import re
import types
import typing
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel

from aias.errors import ConfigurationError
from aias.plugins.action import Action, ActionContext, Effect, OnGate, RetryPolicy, Wait
from aias.staging import loading_plugin, staged

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
_MAX_NAME = 100
_MAX_TIMEOUT = 3600.0
_KIND = re.compile(r"[a-z][a-z0-9_]{0,62}")

F = TypeVar("F", bound=Callable[[ActionContext, Any], Awaitable[BaseModel | Wait | None]])


class Registry:
    """Actions by name. A name is taken once: a second function under it is a mistake, not an override."""

    def __init__(self) -> None:
        self._actions: dict[str, Action] = {}

    def add(self, action: Action) -> None:
        """Register ``action``; the same function again (a module imported twice) replaces itself.

        It belongs to the plugin that is being loaded, if one is.

        Raises:
            ConfigurationError: the name is malformed or taken by another function.
        """
        plugin = loading_plugin()
        if not _NAME.fullmatch(action.name) or len(action.name) > _MAX_NAME:
            raise ConfigurationError(f"action name {action.name!r} is not lower-case words joined by dots")
        known = self._actions.get(action.name)
        if known is not None and _origin(known) != _origin(action):
            raise ConfigurationError(
                f"action {action.name!r} is defined twice: by {_origin(known)} and by {_origin(action)}"
            )
        self._actions[action.name] = action if plugin is None else replace(action, plugin=plugin)

    def get(self, name: str) -> Action | None:
        """The action of that name, or none."""
        return self._actions.get(name)

    def all(self) -> dict[str, Action]:
        """Every action by name, sorted; a copy."""
        return dict(sorted(self._actions.items()))

    @contextmanager
    def scoped(self) -> Generator[None]:
        """Put the registry back as it was when the block ends: for tests and for trying a plugin.

        Load the installed plugins before: a module is imported once, and what it registered in here is gone afterwards.
        """
        before = dict(self._actions)
        try:
            yield
        finally:
            self._actions.clear()
            self._actions.update(before)

    def staged(self) -> "Registry":
        """Make it the registry that plugins fill; gives it back."""
        staged("actions", self._actions)
        return self


registry = Registry().staged()
"""The process's registry; ``load_plugins`` fills it."""


def action(  # noqa: PLR0913 (one argument per promise of an action)
    name: str,
    *,
    timeout: float = 30.0,
    effect: Effect = "idempotent",
    instant: bool = False,
    integration: str | None = None,
    ledger: bool = False,
    retry: RetryPolicy | None = None,
    on_gate: OnGate = "wait",
    gates: Sequence[str] = (),
    into: Registry | None = None,
) -> Callable[[F], F]:
    """Register an async function as the action ``name``.

    Args:
        name: lower-case words joined by dots, such as ``shopify.order_get``.
        timeout: seconds for one call; a step may set its own.
        effect: ``none`` for reads, ``idempotent`` where the idempotency key makes a second call harmless,
            ``at_most_once`` where nothing does.
        instant: pure and immediate; only with ``effect="none"``.
        integration: the kind of connection that it needs.
        ledger: every effect of it goes through ``integrations.effects.once``: after a crash it is simply called again.
        retry: how its failures are repeated, where the step says nothing else and the operator has no row of
            ``aias_private.retry_policies`` for it.
        on_gate: what a step does, unless it says otherwise, while a gate is closed: wait, or fail at once.
        gates: kinds of connection, beside its own, whose gates must be open: ``("shopify",)`` for what is of no use
            while the shop is down. They are looked at once before each call.
        into: another registry than the process's.

    Raises:
        ConfigurationError: the function, its annotations or the arguments can't make an action.
    """
    if instant and effect != "none":
        raise ConfigurationError(f"action {name!r}: an instant action has no effect outside")
    if not 0 < timeout <= _MAX_TIMEOUT:
        raise ConfigurationError(f"action {name!r}: timeout must be above 0 and at most {_MAX_TIMEOUT:g} s")
    if unfit := [kind for kind in gates if not _KIND.fullmatch(kind)]:
        raise ConfigurationError(f"action {name!r}: {unfit[0]!r} is no kind of connection")
    if instant and (gates or retry is not None):
        raise ConfigurationError(f"action {name!r}: an instant action passes no gate and is not repeated")

    def register(function: F) -> F:
        input_model, output_model = _models(name, function)
        doc = inspect.getdoc(function)
        (into or registry).add(
            Action(
                name=name,
                summary=doc.splitlines()[0] if doc else "",
                input_model=input_model,
                output_model=output_model,
                effect=effect,
                timeout=timeout,
                instant=instant,
                integration=integration,
                ledger=ledger,
                retry=retry,
                on_gate=on_gate,
                gates=tuple(gates),
                run=function,
            )
        )
        return function

    return register


def get_action(name: str) -> Action | None:
    """The registered action of that name, or none."""
    return registry.get(name)


def all_actions() -> dict[str, Action]:
    """Every registered action by name, sorted."""
    return registry.all()


def _origin(action: Action) -> str:
    return f"{getattr(action.run, '__module__', '?')}.{getattr(action.run, '__qualname__', '?')}"


def _models(name: str, function: Callable[..., Any]) -> tuple[type[BaseModel], type[BaseModel] | None]:
    """The pydantic models in a function's annotations: of its second argument and of its result."""
    if not inspect.iscoroutinefunction(function):
        raise ConfigurationError(f"action {name!r}: {function!r} is not an async function")
    parameters = list(inspect.signature(function).parameters.values())
    try:
        hints = typing.get_type_hints(function)
    except (NameError, TypeError) as error:
        raise ConfigurationError(f"action {name!r}: its annotations can't be read: {error}") from error
    expected_parameters = 2
    if len(parameters) != expected_parameters:
        raise ConfigurationError(f"action {name!r} must take (context, data)")
    input_model = hints.get(parameters[1].name)
    if not _is_model(input_model):
        raise ConfigurationError(f"action {name!r}: the second argument must be annotated with a pydantic model")
    if "return" not in hints:
        raise ConfigurationError(f"action {name!r}: the result must be annotated")
    return input_model, _output_model(name, hints["return"])


def _output_model(name: str, hint: Any) -> type[BaseModel] | None:
    """The model in ``Model``, ``Model | Wait``, ``Wait`` or ``None``."""
    members = typing.get_args(hint) if typing.get_origin(hint) in {typing.Union, types.UnionType} else (hint,)
    models = [member for member in members if member not in {Wait, type(None), None}]
    if len(models) > 1 or not all(_is_model(model) for model in models):
        raise ConfigurationError(f"action {name!r}: the result must be one pydantic model, a Wait or None")
    return models[0] if models else None


def _is_model(hint: Any) -> typing.TypeGuard[type[BaseModel]]:
    return isinstance(hint, type) and issubclass(hint, BaseModel)
