"""The actions ``http.request`` and ``http.call``: any HTTP service, with the same protections as the known ones.

``http.request`` goes to any public address. ``http.call`` goes to a connection of kind ``http``: below its address,
with its secret headers, which stand in no workflow and no log.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Literal, Self, cast

import httpx
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    SecretStr,
    ValidationError,
    model_validator,
)

from aias.errors import ConfigurationError, PermanentError
from aias.integrations import effects
from aias.integrations.client import Answer, Call, Limits, Upstream
from aias.integrations.connections import Connection, find_connection
from aias.integrations.egress import Egress
from aias.integrations.guard import Tally
from aias.integrations.kinds import HTTP
from aias.integrations.payload import dumps, loads, storable
from aias.integrations.redaction import masked
from aias.plugins import ActionContext, action
from aias.settings import get_settings

__all__ = ["http_call", "http_request"]

_MAX_ANSWER = 500_000
"""Bytes: the answer becomes the step's output, which is stored."""

_LONGEST_URL = 2048
_READS = frozenset({"GET", "HEAD"})
_NOT_ANSWERED = 0
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_HEADER_VALUE = re.compile(r"(?:[\x21-\x7e](?:[\x20-\x7e\t]{0,4000}[\x21-\x7e])?)?")
_BAD_URL = re.compile(r"[\x00-\x20\x7f\\]")

_OURS = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "http2-settings",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that say how a message is sent or to whom: a caller who sets them could smuggle another request."""


def _checked_url(value: str) -> str:
    if len(value) > _LONGEST_URL or _BAD_URL.search(value):
        raise ValueError("is too long for a URL, or holds spaces, backslashes or control characters")
    try:
        url = httpx.URL(value)
    except httpx.InvalidURL:
        raise ValueError("is no URL") from None
    if url.scheme not in {"http", "https"} or not url.host or not 0 < (url.port or 80) < 65536:  # noqa: PLR2004
        raise ValueError("is no http or https URL")
    if url.userinfo:
        raise ValueError("holds a user or a password: use a connection of kind http")
    return value


def _checked_path(value: str) -> str:
    if len(value) > _LONGEST_URL or _BAD_URL.search(value) or (value and value[0] not in "/?"):
        raise ValueError("is no path: it begins with / or ?, and holds no spaces, backslashes or control characters")
    if any(part in {".", ".."} for part in re.split(r"[/?#]|%2[fF]", value.replace("%2e", ".").replace("%2E", "."))):
        raise ValueError("holds . or .., which could leave the connection's address")
    return value


def _checked_headers(value: dict[str, str]) -> dict[str, str]:
    for name, text in value.items():
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(text):
            raise ValueError(f"{name[:100]!r} is no header: letters, digits and dashes, and a value on one line")
        if name.lower() in _OURS or name.lower().startswith("proxy-"):
            raise ValueError(f"{name!r} is not yours to set")
    return value


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")

    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    headers: Annotated[dict[str, str], AfterValidator(_checked_headers)] = Field(
        default_factory=dict[str, str], max_length=50
    )
    body: JsonValue = Field(default=None, alias="json", description="The body, sent as JSON.")
    text: str | None = Field(default=None, max_length=1_000_000, description="Instead of `json`: the body as it is.")
    timeout: float = Field(default=30.0, gt=0, le=30, description="Seconds for the whole call.")

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if self.body is not None and self.text is not None:
            raise ValueError("json and text: only one of the two is the body")
        return self


class HttpRequestInput(_Request):
    """Which request, to which public address."""

    url: Annotated[str, AfterValidator(_checked_url)]


class HttpCallInput(_Request):
    """Which request, to which path below the connection's address."""

    path: Annotated[str, AfterValidator(_checked_path)] = ""


class HttpOutput(BaseModel):
    """The answer. ``json`` where it was JSON, else ``text``; header names in lower case.

    ``status`` is 0 where a person said that the request was carried out, and no answer of the service is known.
    """

    status: int
    headers: dict[str, str]
    body: JsonValue = Field(default=None, alias="json")
    text: str | None = None


@action("http.request", timeout=35.0, effect="idempotent", ledger=True)
async def http_request(context: ActionContext, data: HttpRequestInput) -> HttpOutput:
    """Send a request to a public address; an answer that is not 2xx is an error.

    The step's idempotency key goes along as ``Idempotency-Key``; a request that got no answer is sent again under it.
    One that its service would carry out twice all the same needs ``effect: at_most_once`` on its step. Private,
    loopback, link-local and metadata addresses are refused, whatever name they hide behind; ``AIAS_EGRESS_ALLOW``
    lists exceptions.
    """
    url = httpx.URL(data.url).copy_with(fragment=None)
    try:
        egress = Egress.parse(get_settings().egress_allow)
    except ConfigurationError as error:
        raise PermanentError(error.message) from error
    upstream = Upstream(
        name=f"http:{url.host}",
        base_url=str(url),
        limits=_limits(data),
        egress=egress,
        guard=Tally(pool=context.pool, tenant_id=context.tenant_id),
    )
    return await _made(upstream, "", context, data, None)


@action("http.call", timeout=35.0, effect="idempotent", integration="http", ledger=True)
async def http_call(context: ActionContext, data: HttpCallInput) -> HttpOutput:
    """Send a request below the address of an HTTP connection, with its secret headers.

    As ``http.request`` in everything else.
    """
    connection = await find_connection(context, HTTP)
    headers: dict[str, SecretStr] = dict(connection.secret.headers)
    upstream = Upstream(
        name=connection.label,
        base_url=connection.config.url,
        headers=headers,
        limits=_limits(data),
        egress=connection.egress,
        guard=connection.guard,
    )
    return await _made(upstream, data.path, context, data, connection)


def _limits(data: _Request) -> Limits:
    return Limits(total=min(data.timeout, get_settings().call_timeout), max_bytes=_MAX_ANSWER)


async def _made(
    upstream: Upstream, path: str, context: ActionContext, data: _Request, connection: Connection[Any, Any] | None
) -> HttpOutput:
    """Make a request that only reads at once, and any other through the ledger of effects."""
    if data.method in _READS or context.effect == "none":
        return await _send(upstream, path, context, data)
    answered: HttpOutput | None = None

    async def send(_key: str) -> JsonValue:
        nonlocal answered
        answered = await _send(upstream, path, context, data)
        return _kept(answered)

    known = await effects.once(
        context,
        connection,
        operation=data.method if connection is not None else f"{data.method} {upstream.name}"[:100],
        request={"url": upstream.base_url + path, **data.model_dump(mode="json", exclude={"url", "path", "timeout"})},
        send=send,
        keyed=context.effect == "idempotent",
    )
    return answered or _told(known)


def _kept(answer: HttpOutput) -> JsonValue:
    """What the ledger keeps of an answer: all of it, or all but a body that is too large."""
    whole = answer.model_dump(mode="json", by_alias=True)
    if len(dumps(whole)) <= effects.LARGEST_RESPONSE:
        return whole
    return {**whole, "json": None, "text": None}


def _told(known: JsonValue) -> HttpOutput:
    """Give an answer as the ledger has it; what a person said instead of one is its body."""
    try:
        return HttpOutput.model_validate(known)
    except ValidationError:
        return HttpOutput(status=_NOT_ANSWERED, headers={}, json=known)


async def _send(upstream: Upstream, path: str, context: ActionContext, data: _Request) -> HttpOutput:
    call = Call.of(context)
    content = data.text.encode() if data.text is not None else None
    answer = await upstream.call(data.method, path, json=data.body, content=content, headers=data.headers, call=call)
    body, text = _read(upstream, answer, call)
    kept = [(name, value) for name, value in answer.headers.items() if name != "set-cookie"]
    headers = {name: storable(value) for name, value in kept[:50]}
    told: dict[str, Any] = masked({"headers": headers, "json": body, "text": text}, upstream.secrets)
    told["headers"] = {name: value[:4000] for name, value in told["headers"].items()}
    return HttpOutput(status=answer.status, **told)


def _read(upstream: Upstream, answer: Answer, call: Call) -> tuple[JsonValue, str | None]:
    if not answer.body:
        return None, None
    if "json" in answer.headers.get("content-type", ""):
        return _plain(upstream.read_json(answer, call=call)), None
    try:
        return _plain(loads(answer.body)), None
    except ValueError:
        return None, storable(answer.body.decode("utf-8", "replace"))


def _plain(value: Any) -> JsonValue:
    """Decimals as numbers where a number holds them exactly, else as strings."""
    match value:
        case Decimal():
            number = float(value)
            return number if Decimal(repr(number)) == value else format(value, "f")
        case list():
            return [_plain(item) for item in cast("list[Any]", value)]
        case dict():
            return {key: _plain(item) for key, item in cast("dict[str, Any]", value).items()}
        case _:
            return value
