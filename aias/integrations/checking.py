"""Trying a connection: the smallest call that shows whether its credentials work and changes nothing.

========  =============================================================================================================
shopify   the shop's name, in GraphQL (one point)
wave      the business, in GraphQL
email     connects, says EHLO, encrypts and logs in as the connection says, and takes its leave: no mail
slack     an empty message: a webhook that is alive answers ``no_text``, one that is gone says so; nothing is shown
http      GET of its address: any answer but 401, 403 and 5xx will do
========  =============================================================================================================
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import structlog
from pydantic import BaseModel

from aias.db import Pool
from aias.errors import Deferred, NotFound, PermanentError, StepError
from aias.integrations import queries, refresh_queries
from aias.integrations.client import Call, Upstream
from aias.integrations.connections import Connection, checked_config, checked_secret, forget_cached, open_connection
from aias.integrations.egress import Egress
from aias.integrations.kinds import kinds
from aias.integrations.outcome import status_error
from aias.integrations.redaction import redact
from aias.integrations.refresh_queries import Credentials
from aias.integrations.shopify.client import shopify_upstream
from aias.integrations.smtp import smtp_login
from aias.integrations.wave.client import wave_graphql
from aias.settings import get_settings
from aias.staging import register_once, staged

__all__ = ["Checked", "can_be_tried", "check_connection", "register_check", "try_credentials"]

Check = Callable[[Connection[Any, Any]], Awaitable[None]]

_log = structlog.stdlib.get_logger(__name__)

_REFUSED = {401, 530, 534, 535, 538}
"""HTTP's and SMTP's words for credentials that are not good (RFC 9110, RFC 4954)."""

_GONE = {403, 404, 410}
"""Slack's for a webhook that was taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What trying a connection came to; ``is_working`` is None where it could not be tried."""

    tenant: str
    kind: str
    name: str
    is_working: bool | None
    is_refused: bool = False
    """Whether the credentials themselves were refused."""
    latency_ms: int | None = None
    detail: str | None = None


class _Shop(BaseModel):
    name: str


class _ShopData(BaseModel):
    shop: _Shop


class _Business(BaseModel):
    id: str


class _BusinessData(BaseModel):
    business: _Business | None


async def _shopify(connection: Connection[Any, Any]) -> None:
    await shopify_upstream(connection, Call()).query("query checkShop { shop { name } }", {}, _ShopData)


async def _wave(connection: Connection[Any, Any]) -> None:
    business = connection.config.business_id
    document = "query checkBusiness($businessId: ID!) { business(id: $businessId) { id } }"
    found = await wave_graphql(connection, Call()).query(document, {"businessId": business}, _BusinessData)
    if found.business is None:
        raise PermanentError(f"{connection.label}: there is no business {business}, or not for this token")


async def _email(connection: Connection[Any, Any]) -> None:
    await smtp_login(connection)


async def _slack(connection: Connection[Any, Any]) -> None:
    upstream = Upstream(
        name=connection.label,
        base_url=connection.secret.webhook_url.get_secret_value(),
        secret_url=True,
        egress=connection.egress,
        guard=connection.guard,
    )
    answer = await upstream.call("POST", json={"text": ""}, operation="check", check=False)
    if answer.status != 400 or b"no_text" not in answer.body:  # noqa: PLR2004 (what a live webhook answers)
        raise status_error(connection.label, answer.status, answer.headers, answer.body, secrets=upstream.secrets)


async def _http(connection: Connection[Any, Any]) -> None:
    upstream = Upstream(
        name=connection.label,
        base_url=connection.config.url,
        headers=connection.secret.headers,
        egress=connection.egress,
        guard=connection.guard,
    )
    answer = await upstream.call("GET", operation="check", check=False)
    if answer.status in {401, 403} or answer.status >= 500:  # noqa: PLR2004
        raise status_error(connection.label, answer.status, answer.headers, answer.body, secrets=upstream.secrets)


_checks: dict[str, Check] = staged(
    "checks", {"shopify": _shopify, "wave": _wave, "email": _email, "slack": _slack, "http": _http}
)


def register_check(kind: str, check: Check) -> Check:
    """Say how a kind of connection is tried: a call that changes nothing and raises a ``StepError`` if it fails.

    Raises:
        ConfigurationError: a plugin is being loaded, and the kind has a check.
    """
    register_once(_checks, kind, check, what="a check of")
    return check


def can_be_tried(kind: str) -> bool:
    """Whether there is a way to try connections of this kind."""
    return kind in _checks


async def try_credentials(kind: str, config: Mapping[str, Any], secret: Mapping[str, Any]) -> None:
    """Try credentials that are not stored yet; returns where they work, or where there is no way to tell.

    Raises:
        InvalidArgument: they don't fit the kind.
        PermanentError: they are refused.
        TransientError: the service can't be reached just now.
    """
    shape = kinds().get(kind)
    check = _checks.get(kind)
    if shape is None or check is None:
        return
    connection = Connection(
        tenant_id=UUID(int=0),
        id=UUID(int=0),
        kind=kind,
        name="new",
        config=shape.config.model_validate(checked_config(shape, config)),
        secret=checked_secret(shape, secret),
        egress=Egress.parse(get_settings().egress_allow),
    )
    await check(connection)


async def check_connection(pool: Pool, *, tenant_id: UUID, integration_id: UUID) -> Checked:
    """Try a stored connection, note what came of it in its health, and give that.

    One that works is ``connected`` afterwards, whatever it was; one that does not is ``failing``, or ``revoked`` where
    its credentials were refused. A closed gate or a used-up limit leaves it as it was.

    Raises:
        NotFound: the connection is gone.
    """
    async with pool.connection() as conn:
        found = await queries.integration_by_id(conn, tenant_id=tenant_id, integration=integration_id)
    if found is None:
        raise NotFound(f"there is no connection {integration_id}", argument="p_integration")
    started = time.monotonic()
    version: int | None = None
    working: bool | None = None
    error: StepError | None = None
    shape, check = kinds().get(found.kind), _checks.get(found.kind)
    if shape is not None and check is not None:
        try:
            connection = await open_connection(
                pool, tenant_id=tenant_id, tenant=found.tenant, kind=shape, name=found.name
            )
            version = connection.credential_version
            await check(connection)
            working = True
        except Deferred as caught:
            error = caught
        except StepError as caught:
            working, error = False, caught
    checked = Checked(
        tenant=found.tenant,
        kind=found.kind,
        name=found.name,
        is_working=working,
        is_refused=working is False and error is not None and _is_refusal(found.kind, error),
        latency_ms=round((time.monotonic() - started) * 1000) if check is not None else None,
        detail=redact(error.message) if error is not None else None if check else "there is no way to try it",
    )
    # A token may have been refreshed within the check: that it works was then seen with newer credentials.
    of = Credentials(
        tenant_id=tenant_id, integration_id=integration_id, credential_version=None if working else version
    )
    async with pool.connection() as conn:
        await refresh_queries.record_check(
            conn,
            of,
            is_working=checked.is_working,
            is_refused=checked.is_refused,
            latency_ms=checked.latency_ms,
            error=checked.detail,
        )
    forget_cached()
    _log.debug("connection checked", kind=checked.kind, name=checked.name, working=checked.is_working)
    return checked


def _is_refusal(kind: str, error: StepError) -> bool:
    detail: Any = error.detail
    told = cast("dict[str, Any]", detail) if isinstance(detail, dict) else {}
    if "UNAUTHENTICATED" in told.get("codes", ()):
        return True
    return told.get("status") in (_REFUSED | _GONE if kind == "slack" else _REFUSED)
