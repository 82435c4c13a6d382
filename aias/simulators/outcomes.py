"""What a fault does to a call: every way in which an upstream fails its callers, as fields of :class:`Do`."""

from __future__ import annotations

from email.utils import formatdate
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = ["Do", "GraphqlError", "HttpDate", "UserError"]

_LONGEST = 3600.0

_HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,100}$")]
_HeaderText = Annotated[str, Field(pattern=r"^(?:[!-~](?:[ -~]{0,998}[!-~])?)?$")]
Seconds = Annotated[float, Field(ge=0, le=_LONGEST)]
Bytes = Annotated[int, Field(ge=0, le=2_000_000_000)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


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


class UserError(_Model):
    """A mutation's refusal: Shopify's ``userErrors``, Wave's ``inputErrors`` with ``didSucceed: false``."""

    message: str = "Simulated user error"
    field: tuple[str, ...] = ()
    code: str = "INVALID"


_OUTCOMES = (
    "status",
    "body",
    "hang",
    "reset",
    "drop_after_commit",
    "truncate",
    "truncated_json",
    "content_length",
    "drip",
    "raw",
    "garbage",
    "html",
    "empty",
    "huge",
    "bomb",
    "graphql_error",
    "user_errors",
    "internal_error",
    "throttled",
)

_PASSING = frozenset({"drop_after_commit", "truncate", "truncated_json", "content_length", "drip"})


def _is_given(value: object) -> bool:
    # By identity: 0 bytes or 0 seconds are something to ask for.
    return value is not None and value is not False and value != ()


class Do(_Model):
    """What happens to the call. One outcome, or none (then ``latency``, ``headers`` and ``content_type`` alone)."""

    latency: Seconds = Field(default=0, description="Seconds before anything else happens.")
    commit: bool = Field(
        default=False,
        description="Carry the operation out all the same: the caller sees a failure, the effect is there.",
    )
    commit_after: Seconds | None = Field(
        default=None,
        description="Carry the operation out so many seconds after the call came in, whatever the caller saw and did "
        "meanwhile. Goes with an outcome that replaces the answer, such as `hang`.",
    )
    linger: Seconds = Field(
        default=0, description="Seconds between the work, done or not, and the answer, whatever that is."
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
    reset: bool | Literal["early", "mid_body"] = Field(
        default=False,
        description="Cut the connection (TCP reset) without a word; `early`: before the request's body is read (only "
        "`match.header` is known then); `mid_body`: do the work, send half of the answer's body, cut.",
    )
    drop_after_commit: bool = Field(default=False, description="Do the work, then cut the connection.")
    truncate: Bytes | None = Field(default=None, description="Do the work, send so many bytes of the answer, end.")
    truncated_json: Bytes | None = Field(
        default=None,
        description="Do the work, answer with so many bytes of the body, and say that this is all of it.",
    )
    content_length: int | None = Field(
        default=None, ge=0, description="Do the work, claim this Content-Length, send the whole body, end."
    )
    drip: Seconds | None = Field(default=None, description="Do the work, send one byte each so many seconds.")
    raw: str | None = Field(
        default=None, max_length=1_000_000, description="These characters (Latin-1) instead of HTTP, then the end."
    )
    garbage: bool = Field(default=False, description="200, application/json, and bytes that are no JSON or UTF-8.")
    html: bool = Field(default=False, description="200 and an HTML page, as from a captive portal.")
    empty: bool = Field(default=False, description="200 and `{}`.")
    huge: Bytes | None = Field(default=None, description="200 and a JSON text of so many bytes.")
    bomb: Bytes | None = Field(
        default=None, description="200 and a JSON text of so many bytes, gzipped to about a thousandth."
    )
    graphql_error: GraphqlError | None = Field(default=None, description="200 and `errors` without data.")
    user_errors: tuple[UserError, ...] = Field(
        default=(), max_length=100, description="The mutation refuses, in the upstream's shape; over REST 422."
    )
    internal_error: bool = Field(default=False, description="200 and INTERNAL_SERVER_ERROR, as the upstream says it.")
    throttled: bool = Field(default=False, description="The upstream's own throttle answer.")

    @model_validator(mode="after")
    def _one_outcome(self) -> Self:
        chosen = self._chosen()
        if len(chosen - {"body"}) > 1 or ("body" in chosen and chosen - {"body", "status"}):
            raise ValueError(f"one outcome at a time, not {' and '.join(sorted(chosen))}")
        if self.commit_after is not None and (self.commit or not self.replaces):
            raise ValueError("commit_after goes with an outcome that replaces the answer, and without commit")
        if self.reset == "early" and (self.commit or self.latency or self.linger):
            raise ValueError("a reset before the request is read carries nothing out and waits for nothing")
        return self

    def _chosen(self) -> set[str]:
        return {name for name in _OUTCOMES if _is_given(getattr(self, name))}

    @property
    def passes(self) -> bool:
        """Whether the operation is carried out at once: asked for, or only the answer's way back is touched."""
        return self.commit or not self.replaces

    @property
    def replaces(self) -> bool:
        """Whether the real answer is replaced by something else (or by nothing)."""
        return bool(self._chosen() - _PASSING) and self.reset != "mid_body"

    def answer_headers(self, now: float) -> dict[str, str]:
        """The headers that the fault adds or replaces."""
        headers = dict(self.headers)
        if isinstance(self.retry_after, HttpDate):
            headers["Retry-After"] = self.retry_after.text(now)
        elif self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        if self.content_type is not None:
            headers["Content-Type"] = self.content_type
        return headers
