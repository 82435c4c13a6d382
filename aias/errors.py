"""Every error that AIAS raises on purpose, in one tree.

::

    AiasError                       .message, .exit_code
      ConfigurationError            a setting is missing or malformed
      DatabaseError                 PostgreSQL is unreachable, or its schema is behind or ahead of this code
      SqlError                      raised by one of our SQL functions: .sqlstate, .argument, .detail
        Forbidden          JR403    the role or tenant may not do this
        NotFound           JR404    no such object, or not this tenant's
        Conflict           JR409    the object's state, or a key already used, forbids it
        InvalidArgument    JR422    an argument is malformed; .argument names it
        TooManyRequests    JR429    a limit or a quota is used up; .retry_after in seconds where known
      StepError                     raised by an action: .detail, .to_json()
        TransientError              worth another attempt: .retry_after in seconds where the upstream said so
        PermanentError              never to be tried again
        Deferred                    not now: .kind, .until or .seconds; costs no attempt
        OutcomeUnknown              made, and whether it took effect can't be found out
      DefinitionError               a workflow definition with problems: .problems

The SQLSTATEs are our own class JR; ``tests/db/test_errors.py`` holds that this tree and the codes raised in
``sql/`` are the same set. Exit codes of the command line stand here too, one per class, and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, ClassVar, Literal

import psycopg

__all__ = [
    "AiasError",
    "ConfigurationError",
    "Conflict",
    "DatabaseError",
    "Deferred",
    "DefinitionError",
    "Forbidden",
    "InvalidArgument",
    "NotFound",
    "OutcomeUnknown",
    "PermanentError",
    "Problem",
    "SqlError",
    "StepError",
    "TooManyRequests",
    "TransientError",
    "from_sqlstate",
    "sql_error",
    "translated",
]


class AiasError(Exception):
    """Anything that AIAS refuses or could not do; ``str()`` is one message for a person."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ConfigurationError(AiasError):
    """One or more settings are missing or malformed; the message names each."""

    exit_code = 2


class DatabaseError(AiasError):
    """PostgreSQL can't be used: unreachable, won't start, or its schema is behind or ahead of this code."""


class SqlError(AiasError):
    """An error that one of our SQL functions raised with a SQLSTATE of class JR."""

    sqlstate: ClassVar[str] = ""

    def __init__(self, message: str, *, argument: str | None = None, detail: str | None = None) -> None:
        super().__init__(message)
        self.argument = argument
        self.detail = detail


class Forbidden(SqlError):
    """The role or the tenant may not do this."""

    sqlstate = "JR403"


class NotFound(SqlError):
    """There is no such object, or none of this tenant's."""

    sqlstate = "JR404"
    exit_code = 3


class Conflict(SqlError):
    """The state of the object, or a key that is already used, forbids it."""

    sqlstate = "JR409"
    exit_code = 4


class InvalidArgument(SqlError):
    """An argument is malformed; ``argument`` names it."""

    sqlstate = "JR422"
    exit_code = 2


class TooManyRequests(SqlError):
    """A limit or a quota is used up; ``retry_after`` (seconds) says when to come back, where that is known."""

    sqlstate = "JR429"

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait, which the SQL function put into the error's detail; None where it did not say."""
        try:
            seconds = json.loads(self.detail or "null")["retry_after"]
        except (ValueError, KeyError, TypeError):
            return None
        return float(seconds) if isinstance(seconds, int | float) else None


class StepError(AiasError):
    """An action failed; the engine records ``to_json()`` as the step's error."""

    def __init__(self, message: str, *, detail: Any = None) -> None:
        super().__init__(message)
        self.detail = detail

    def to_json(self) -> dict[str, Any]:
        """Give the error as it is stored: type and message, and the detail where there is one."""
        stored: dict[str, Any] = {"type": type(self).__name__, "message": self.message}
        if self.detail is not None:
            stored["detail"] = self.detail
        return stored


class TransientError(StepError):
    """The step is worth another attempt; ``retry_after`` (seconds) is the upstream's wish and wins over the policy."""

    def __init__(self, message: str, *, retry_after: float | None = None, detail: Any = None) -> None:
        super().__init__(message, detail=detail)
        self.retry_after = retry_after

    def to_json(self) -> dict[str, Any]:
        """Add the upstream's wish to what every step error says."""
        stored = super().to_json()
        if self.retry_after is not None:
            stored["retry_after"] = self.retry_after
        return stored


class PermanentError(StepError):
    """Another attempt would fail the same way."""


class Deferred(StepError):
    """The step is to come back later: nothing was done for it, so it costs no attempt.

    Raised before an upstream is touched (its gate is closed, its limit is used up, an earlier call of the same effect
    may still show itself), or when the upstream refused for load. ``until``, or ``seconds`` from now by the database's
    clock, says when to come back; neither means that the step waits until it is woken. ``detail`` names what it waits
    for (``gate`` or ``key``).
    """

    def __init__(
        self,
        message: str,
        *,
        kind: Literal["gate", "limit", "effect"],
        until: datetime | None = None,
        seconds: float | None = None,
        detail: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message, detail=detail)
        self.kind: Literal["gate", "limit", "effect"] = kind
        self.until = until
        self.seconds = seconds


class OutcomeUnknown(StepError):
    """A call was made, and whether it took effect can't be found out.

    It is never repeated by itself: the step's ``on_unknown`` decides, whatever its action says of its effect.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with a definition, and where (a JSON path such as ``$.steps[2].needs[0]``)."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class DefinitionError(AiasError):
    """A workflow definition has problems; all of them are in ``problems``, each with its path."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems) or "the definition is not valid")
        self.problems = list(problems)


_BY_SQLSTATE: dict[str, type[SqlError]] = {
    cls.sqlstate: cls for cls in (Forbidden, NotFound, Conflict, InvalidArgument, TooManyRequests)
}


def from_sqlstate(error: psycopg.Error) -> SqlError | None:
    """Give our error for a psycopg error that carries one of our SQLSTATEs; None for any other."""
    diag = error.diag
    return sql_error(
        error.sqlstate or "", diag.message_primary or str(error), argument=diag.column_name, detail=diag.message_detail
    )


def sql_error(sqlstate: str, message: str, *, argument: str | None, detail: str | None) -> SqlError | None:
    """Give our error for one of our SQLSTATEs; None for any other."""
    cls = _BY_SQLSTATE.get(sqlstate)
    return None if cls is None else cls(message, argument=argument or None, detail=detail or None)


class translated:  # noqa: N801 (used like a function)
    """Turn our SQLSTATEs into our errors around a block: ``with translated():`` or ``async with translated():``.

    Any other error passes through unchanged. The psycopg error stays as the cause.
    """

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, _type: type[BaseException] | None, error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        """Raise our error in place of psycopg's where it is one of ours."""
        if isinstance(error, psycopg.Error) and (ours := from_sqlstate(error)) is not None:
            raise ours from error

    async def __aenter__(self) -> None:
        """Nothing to prepare."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Do the same around asynchronous code."""
        self.__exit__(kind, error, traceback)
