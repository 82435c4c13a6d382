"""What one rendering may spend: operations, memory, time. Everything a template does is charged here.

Why a budget and not a signal or a thread: templates are rendered inside the event loop of a worker, where a signal
would hit whatever happens to run, and a thread can't be stopped. Instead the compiled template contains no loop and
no growing operation of its own: ``sandbox`` rewrites each into a call of ours, and each call pays before it acts.
Between two payments lies at most one straight piece of template of 16 kB, so the clock is looked at often enough to
be a real limit.
"""

import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from typing import Any, Final, cast

from jinja2 import Undefined

from aias.errors import PermanentError

MAX_RESULT: Final = 1_000_000
"""Characters of one text or JSON document that a template makes."""
MAX_SECONDS: Final = 1.0
_MAX_OPERATIONS: Final = 2_000_000
_MAX_ALLOCATED: Final = 16_000_000
_LOOK_AT_CLOCK_EVERY: Final = 256


class TemplateError(PermanentError):
    """A template is malformed, reaches for what it may not, needs what is not there, or spends too much."""

    def __init__(self, message: str, *, place: str = "") -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.reason = message
        self.place = place

    def at(self, place: str) -> "TemplateError":
        """Give the same error with the JSON path of the template."""
        return TemplateError(self.reason, place=place)


class Budget:
    """The means of one rendering."""

    def __init__(self, *, seconds: float = MAX_SECONDS) -> None:
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._operations = _MAX_OPERATIONS
        self._allocated = _MAX_ALLOCATED
        self._until_look = _LOOK_AT_CLOCK_EVERY

    def spend(self, operations: int = 1) -> None:
        """Pay for work.

        Raises:
            TemplateError: nothing is left, or the time is over.
        """
        self._operations -= operations
        if self._operations < 0:
            raise TemplateError(f"takes more than {_MAX_OPERATIONS:,} operations")
        self._until_look -= operations
        if self._until_look < 0:
            self._until_look = _LOOK_AT_CLOCK_EVERY
            if time.monotonic() > self._deadline:
                raise TemplateError(f"takes longer than {self._seconds:g} s")

    def allocate(self, size: int) -> None:
        """Pay for a new text or list before it is made; ``size`` in characters or the like.

        Raises:
            TemplateError: it is too large, or all of them together are.
        """
        if size > MAX_RESULT:
            raise TemplateError(f"makes a value larger than {MAX_RESULT:,} characters")
        self._allocated -= size
        if self._allocated < 0:
            raise TemplateError(f"makes values of more than {_MAX_ALLOCATED:,} characters together")
        self.spend(1 + size // 64)

    def weigh(self, value: Any) -> int:
        """Pay for walking through ``value`` and give about the length of its JSON.

        Shared parts count as often as they occur: a list of a list of a list grows on paper, not in memory.
        """
        total, stack = 0, [value]
        while stack:
            node = stack.pop()
            self.spend()
            if isinstance(node, str):
                total += len(node) + 2
                self.spend(len(node) // 256)
            elif isinstance(node, dict):
                members = cast("dict[str, Any]", node)
                total += 2 + sum(len(str(key)) + 4 for key in members)
                self.spend(len(members))
                stack.extend(members.values())
            elif isinstance(node, list | tuple):
                items = cast("list[Any]", node)
                total += 2 + 2 * len(items)
                self.spend(len(items))
                stack.extend(items)
            else:
                total += 12
            if total > MAX_RESULT:
                raise TemplateError(f"handles a value larger than {MAX_RESULT:,} characters")
        return total


_current: ContextVar[Budget] = ContextVar("aias_template_budget")


def budget() -> Budget:
    """Give the budget of the rendering that is going on; one of its own outside of any (constants, in a compile)."""
    return _current.get(None) or Budget()


@contextmanager
def spending(own: Budget) -> Generator[None]:
    """Charge everything inside to ``own``."""
    token = _current.set(own)
    try:
        yield
    finally:
        _current.reset(token)


def settled(value: Any) -> Any:
    """Give ``value`` back, or raise what an undefined one has to say.

    Raises:
        UndefinedError: it is undefined.
    """
    if isinstance(value, Undefined):
        value._fail_with_undefined_error()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] (jinja's only way)
    return value


def kind_of(value: Any) -> str:
    """Name the JSON type of a value as a person would."""
    for types, name in _KINDS:
        if isinstance(value, types):
            return name
    return type(value).__name__


_KINDS: tuple[tuple[tuple[type, ...], str], ...] = (
    ((bool,), "true or false"),
    ((int, float), "a number"),
    ((Decimal,), "a decimal"),
    ((str,), "a text"),
    ((list, tuple), "a list"),
    ((dict,), "an object"),
    ((type(None),), "null"),
    ((Undefined,), "undefined"),
)
