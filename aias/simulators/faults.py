"""Failures ordered up: which calls they hit, how often, and what happens to them.

A fault is ``{"match": {...}, "times": 1, "do": {...}}``. In Python: ``sims.wave.faults.add({...})``; over HTTP: POST
it, or a list of them, to ``/_control/faults``. ``match`` and ``do`` are :class:`Match` and :class:`Do`; every field of
both is described there. The first fault that matches a call is the one that hits it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from aias.simulators.journal import Call, as_array, as_object

__all__ = ["Do", "Fault", "FaultBook", "GraphqlError", "HttpDate", "Match"]

_FAULT_LIMIT = 1000
_LONGEST = 3600.0

_HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,100}$")]
_HeaderText = Annotated[str, Field(pattern=r"^(?:[!-~](?:[ -~]{0,998}[!-~])?)?$")]
Seconds = Annotated[float, Field(ge=0, le=_LONGEST)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Match(_Model):
    """Which calls are meant. Every field that is given must fit; none given means every call."""

    operation: str | None = Field(
        default=None,
        description="The operation's name or a field it asks for: `order`, `invoiceCreate`, `business.invoices`; for "
        "REST `rest.order`, `rest.orders`; for Slack `webhook`; for SMTP `connect`, `mail`, `rcpt`, `data`.",
    )
    id: str | None = Field(
        default=None,
        description="One of the arguments, at any depth, is this text or ends with `/` and this text.",
    )
    variables: dict[str, Any] = Field(
        default_factory=dict[str, Any],
        description="Arguments by their dotted path, with the value each must have: `{'input.poNumber': 'A-1'}`.",
    )
    contains: str | None = Field(default=None, description="A text that occurs in the raw body.")
    header: str | None = Field(default=None, description="A text that occurs in one of the lines `name: value`.")
    nth: int | None = Field(default=None, ge=1, description="Only from the nth call that fits, counted from 1.")
    every: int | None = Field(default=None, ge=1, description="Only every so many: 3 hits the third, sixth, ...")

    def fits(self, call: Call, *, body: str, headers: Iterable[tuple[str, str]]) -> bool:
        """Whether the call is meant, leaving ``nth`` and ``every`` aside."""
        return (
            (self.operation is None or self.operation in call.operations)
            and (self.id is None or any(_is(value, self.id) for value in _texts(call.variables)))
            and all(_at(call.variables, path) == wanted for path, wanted in self.variables.items())
            and (self.contains is None or self.contains in body)
            and (self.header is None or any(self.header in f"{name}: {value}" for name, value in headers))
        )


def _is(value: str, wanted: str) -> bool:
    return value == wanted or value.endswith(f"/{wanted}")


def _texts(value: Any) -> Iterator[str]:
    if (fields := as_object(value)) is not None:
        for inner in fields.values():
            yield from _texts(inner)
    elif (items := as_array(value)) is not None:
        for inner in items:
            yield from _texts(inner)
    elif value is not None:
        yield str(value)


def _at(value: Any, path: str) -> Any:
    for part in path.split("."):
        if (fields := as_object(value)) is not None:
            value = fields.get(part)
        elif (items := as_array(value)) is not None and part.isdecimal() and int(part) < len(items):
            value = items[int(part)]
        else:
            return None
    return value


class HttpDate(_Model):
    """A Retry-After as a date, so many seconds from now (negative: already past)."""

    http_date: float = Field(ge=-_LONGEST * 24, le=_LONGEST * 24)

    def text(self, now: float) -> str:
        """The date in the format of RFC 9110."""
        return formatdate(now + self.http_date, usegmt=True)


class GraphqlError(_Model):
    """An error in the GraphQL answer, in the upstream's own shape."""

    message: str = "Simulated error"
    code: str = "INTERNAL_SERVER_ERROR"


_OUTCOMES = (
    "status",
    "body",
    "hang",
    "reset",
    "drop_after_commit",
    "truncate",
    "drip",
    "garbage",
    "html",
    "empty",
    "huge",
    "graphql_error",
    "internal_error",
    "throttled",
)
_PASSING = frozenset({"drop_after_commit", "truncate", "drip"})


class Do(_Model):
    """What happens to the call. One outcome, or none (then ``latency``, ``headers`` and ``content_type`` alone)."""

    latency: Seconds = Field(default=0, description="Seconds before anything else happens.")
    commit: bool = Field(
        default=False,
        description="Carry the operation out all the same: the caller sees a failure, the effect is there.",
    )
    status: int | None = Field(default=None, ge=200, le=599, description="Answer with this HTTP (or SMTP) status.")
    body: str | None = Field(default=None, max_length=1_000_000, description="The body of the answer, literally.")
    headers: dict[_HeaderName, _HeaderText] = Field(default_factory=dict, description="Headers to add or replace.")
    content_type: _HeaderText | None = Field(default=None, description="The content type to claim.")
    retry_after: int | float | HttpDate | _HeaderText | None = Field(
        default=None,
        description="A Retry-After header: 1, 2.0, `{'http_date': 30}`, or any text literally, garbage included.",
    )
    hang: Seconds | None = Field(default=None, description="Keep silent for so many seconds, then cut the connection.")
    reset: bool = Field(default=False, description="Cut the connection (TCP reset) without a word.")
    drop_after_commit: bool = Field(default=False, description="Do the work, then cut the connection.")
    truncate: int | None = Field(default=None, ge=0, description="Do the work, send so many bytes of the answer, cut.")
    drip: Seconds | None = Field(default=None, description="Do the work, send one byte each so many seconds.")
    garbage: bool = Field(default=False, description="200, application/json, and bytes that are no JSON or UTF-8.")
    html: bool = Field(default=False, description="200 and an HTML page, as from a captive portal.")
    empty: bool = Field(default=False, description="200 and `{}`.")
    huge: int | None = Field(default=None, ge=0, le=2_000_000_000, description="200 and a JSON text of so many bytes.")
    graphql_error: GraphqlError | None = Field(default=None, description="200 and `errors` without data.")
    internal_error: bool = Field(default=False, description="200 and INTERNAL_SERVER_ERROR, as the upstream says it.")
    throttled: bool = Field(default=False, description="The upstream's own throttle answer.")

    @model_validator(mode="after")
    def _one_outcome(self) -> Self:
        chosen = [name for name in _OUTCOMES if getattr(self, name) not in (None, False)]
        if len(set(chosen) - {"body"}) > 1 or ("body" in chosen and set(chosen) - {"body", "status"}):
            raise ValueError(f"one outcome at a time, not {' and '.join(chosen)}")
        return self

    @property
    def passes(self) -> bool:
        """Whether the operation is carried out: asked for, or nothing but the answer's way back is touched."""
        return self.commit or any(getattr(self, name) not in (None, False) for name in _PASSING) or not self.replaces

    @property
    def replaces(self) -> bool:
        """Whether the real answer is replaced by something else (or by nothing)."""
        return any(getattr(self, name) not in (None, False) for name in _OUTCOMES if name not in _PASSING)

    def answer_headers(self, now: float) -> dict[str, str]:
        """The headers that the fault adds to whatever is answered."""
        headers = dict(self.headers)
        if isinstance(self.retry_after, HttpDate):
            headers["Retry-After"] = self.retry_after.text(now)
        elif self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        if self.content_type is not None:
            headers["Content-Type"] = self.content_type
        return headers


class Fault(_Model):
    """A failure ordered up. ``times`` is how often it strikes; None is without end."""

    match: Match = Match()
    times: int | None = Field(default=1, ge=1)
    do: Do


_FAULTS: TypeAdapter[list[Fault]] = TypeAdapter(list[Fault])


@dataclass(slots=True, kw_only=True)
class _Armed:
    id: int
    fault: Fault
    seen: int = 0
    used: int = 0

    def strikes(self) -> bool:
        """Count a call that fits; True when the fault hits it."""
        self.seen += 1
        match, times = self.fault.match, self.fault.times
        if (times is not None and self.used >= times) or self.seen < (match.nth or 1):
            return False
        if match.every is not None and (self.seen - (match.nth or 1) + 1) % match.every:
            return False
        self.used += 1
        return True

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            **self.fault.model_dump(mode="json", exclude_defaults=True),
            "times": self.fault.times,
            "seen": self.seen,
            "used": self.used,
        }


class FaultBook:
    """The faults of one server, in the order in which they were added."""

    def __init__(self) -> None:
        self._armed: list[_Armed] = []
        self._last = 0

    def add(self, *faults: Fault | Mapping[str, Any]) -> list[int]:
        """Arm these faults; their ids.

        Raises:
            ValueError: one of them is malformed (a pydantic ``ValidationError`` that says where), or there are more
                than 1000.
        """
        parsed = _FAULTS.validate_python([f if isinstance(f, Fault) else dict(f) for f in faults])
        if len(self._armed) + len(parsed) > _FAULT_LIMIT:
            raise ValueError(f"more than {_FAULT_LIMIT} faults: remove some first")
        ids: list[int] = []
        for fault in parsed:
            self._last += 1
            self._armed.append(_Armed(id=self._last, fault=fault))
            ids.append(self._last)
        return ids

    def take(self, call: Call, *, body: str, headers: Iterable[tuple[str, str]]) -> tuple[int, Do] | None:
        """The fault that hits this call, counted as used; None when the call goes through."""
        lines = list(headers)
        for armed in self._armed:
            if armed.fault.match.fits(call, body=body, headers=lines) and armed.strikes():
                return armed.id, armed.fault.do
        return None

    def remove(self, fault_id: int) -> bool:
        """Disarm one; False when there is none with this id."""
        before = len(self._armed)
        self._armed = [armed for armed in self._armed if armed.id != fault_id]
        return len(self._armed) < before

    def clear(self) -> None:
        """Disarm all."""
        self._armed.clear()

    def to_json(self) -> list[dict[str, Any]]:
        """All of them, with how often each fitted and struck."""
        return [armed.to_json() for armed in self._armed]
