"""Connections: connect a tenant to a service, and hand an action what it needs to call it.

A kind of connection is two pydantic models: its settings, which anybody of the tenant may see, and its secret, whose
fields are ``SecretStr``. Both are checked when the connection is made, so that a step never meets a malformed one.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from psycopg import AsyncConnection
from pydantic import BaseModel, SecretStr, ValidationError

from aias.db import Pool
from aias.errors import ConfigurationError, InvalidArgument, NotFound, PermanentError, SqlError, TransientError
from aias.ids import uuid7
from aias.integrations import queries
from aias.integrations.credentials import SealedFor, load_keyring
from aias.integrations.egress import Egress
from aias.integrations.guard import Guard
from aias.integrations.keys import sealing_key
from aias.integrations.kinds import Kind, kinds
from aias.integrations.queries import FoundIntegration, Granted
from aias.integrations.reaching import own_database
from aias.integrations.refresh_queries import Credentials
from aias.integrations.refreshing import Renewal, refresh
from aias.plugins import ActionContext
from aias.settings import Settings, get_settings

__all__ = [
    "Connection",
    "checked_config",
    "checked_secret",
    "connect",
    "disconnect",
    "find_connection",
    "forget_cached",
    "open_connection",
]

_CACHED_FOR = 30.0
"""Seconds that a worker goes on with a connection that was renewed elsewhere."""

_SHORTEST_TOKEN = 60.0
"""Seconds that a token must be good for to be used; one that ends earlier is refreshed first."""

Config = TypeVar("Config", bound=BaseModel)
Secret = TypeVar("Secret", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection(Generic[Config, Secret]):
    """A connection, opened: ready to be used by an action. Its repr shows no secret."""

    tenant_id: UUID
    id: UUID
    kind: str
    name: str
    config: Config
    secret: Secret = field(repr=False)
    egress: Egress = field(repr=False)
    guard: Guard | None = field(default=None, repr=False)
    """What stands before every call: hand it to ``Upstream``."""
    renewal: Renewal | None = field(default=None, repr=False)
    """What is done when its token is refused: hand it to ``TokenUpstream``."""
    credential_version: int | None = None
    """Which of its credentials these are."""

    @property
    def credentials(self) -> Credentials:
        """Which credentials of which connection these are."""
        return Credentials(tenant_id=self.tenant_id, integration_id=self.id, credential_version=self.credential_version)

    @property
    def label(self) -> str:
        """How messages name it: ``shopify:main``."""
        return f"{self.kind}:{self.name}"


_cache: dict[tuple[UUID, str, str | None], tuple[float, Connection[Any, Any]]] = {}


async def connect(  # noqa: PLR0913 (whose, what, and with which credentials)
    conn: AsyncConnection[Any],
    *,
    tenant: str,
    kind: str,
    name: str = "default",
    config: Mapping[str, Any],
    secret: Mapping[str, Any],
    settings: Settings | None = None,
    granted: Granted | None = None,
    is_sample: bool = False,
) -> UUID:
    """Connect a tenant to a service, or renew a connection; its id comes back, the same for a renewed one.

    Runs in the caller's transaction. The secret is sealed before it leaves this process. ``granted`` says how long its
    tokens last, where they came by OAuth. One that ``is_sample`` reaches the local servers: steps must name it.

    Raises:
        InvalidArgument: an unknown kind, or settings or a secret that don't fit it; values are not shown.
        NotFound: there is no such tenant.
        ConfigurationError: there is no usable master key.
        Conflict: the tenant's keys were rotated in this very moment: try again; or the name is a sample's.
    """
    shape = kinds().get(kind)
    if shape is None:
        known = ", ".join(kinds())
        raise InvalidArgument(f"there is no kind of connection {kind!r} (there are {known})", argument="p_kind")
    checked = checked_config(shape, config)
    hidden = checked_secret(shape, secret)
    keyring = load_keyring(settings or get_settings())
    ids = await queries.integration_id(conn, tenant=tenant, kind=kind, name=name)
    if ids is None:
        raise NotFound(f"there is no tenant {tenant!r}", argument="p_tenant")
    tenant_id, known_id = ids
    integration = known_id or uuid7()
    _, key = await sealing_key(conn, tenant, keyring)
    sealed = key.seal(_revealed(hidden), to=SealedFor(tenant_id=tenant_id, integration_id=integration, name=name))
    await queries.connect_integration(
        conn,
        tenant=tenant,
        kind=kind,
        name=name,
        config=checked,
        sealed=sealed,
        key_id=key.id,
        integration=integration,
        granted=granted,
        is_sample=is_sample,
    )
    forget_cached()
    return integration


async def disconnect(conn: AsyncConnection[Any], *, tenant: str, kind: str, name: str = "default") -> None:
    """Forget a connection and its credentials.

    Raises:
        NotFound: there is no such tenant or connection.
    """
    await queries.disconnect_integration(conn, tenant=tenant, kind=kind, name=name)
    forget_cached()


async def find_connection(context: ActionContext, kind: Kind[Config, Secret]) -> Connection[Config, Secret]:
    """Give the connection that the step names, or its tenant's only one of the kind, with the secret unsealed.

    Kept in memory for 30 s. A token that is about to end is refreshed first.

    Raises:
        PermanentError: there is none, or several and the step names none, or its secret can't be unsealed here, or its
            credentials were revoked: the message says what to do.
        TransientError: its token has ended and can't be refreshed just now.
        Deferred: the database can't be reached just now.
    """
    key = (context.tenant_id, kind.name, context.connection)
    kept = _cache.get(key)
    if kept is not None and kept[0] > time.monotonic():
        return _equipped(context.pool, context.tenant, cast("Connection[Config, Secret]", kept[1]))
    found = await _found(context.pool, context.tenant_id, kind, context.connection)
    opened = _opened(context.tenant_id, kind, found)
    left = _left(found)
    if left is None or left > _SHORTEST_TOKEN:
        kept_for = _CACHED_FOR if left is None else min(_CACHED_FOR, left - _SHORTEST_TOKEN)
        _cache[key] = (time.monotonic() + kept_for, opened)
    return _equipped(context.pool, context.tenant, opened)


async def open_connection(
    pool: Pool, *, tenant_id: UUID, tenant: str, kind: Kind[Config, Secret], name: str
) -> Connection[Config, Secret]:
    """Give a connection as it is stored now, revoked or not: to try it.

    Raises:
        PermanentError: there is no such connection, or its secret can't be unsealed here.
        TransientError: its token has ended and can't be refreshed just now.
    """
    found = await _found(pool, tenant_id, kind, name, is_tried=True)
    return _equipped(pool, tenant, _opened(tenant_id, kind, found))


def _equipped(pool: Pool, tenant: str, opened: Connection[Config, Secret]) -> Connection[Config, Secret]:
    """Give the connection with its guard and its renewal: of the caller's own pool, so not kept in memory with it."""
    guard = Guard(
        pool=pool,
        tenant_id=opened.tenant_id,
        tenant=tenant,
        integration_id=opened.id,
        kind=opened.kind,
        name=opened.name,
    )
    renewal = Renewal(
        pool=pool,
        of=opened.credentials,
        kind=opened.kind,
        name=opened.name,
        on_change=forget_cached,
    )
    return replace(opened, guard=guard, renewal=renewal)


def forget_cached() -> None:
    """Drop every connection that is kept in memory; the next use reads it anew."""
    _cache.clear()


async def _found(
    pool: Pool, tenant_id: UUID, kind: Kind[Config, Secret], name: str | None, *, is_tried: bool = False
) -> FoundIntegration:
    """Read the connection; with a token that is about to end it is read again after a refresh."""
    try:
        async with own_database(pool) as conn:
            found = await queries.find_integration(conn, tenant_id=tenant_id, kind=kind.name, name=name)
        if found.status == "revoked" and not is_tried:
            raise PermanentError(f"{kind.name}:{found.name} is revoked ({found.status_reason}): connect it again")
        left = _left(found)
        if found.grant_type is None or left is None or left > _SHORTEST_TOKEN or found.status == "revoked":
            return found
        try:
            of = Credentials(tenant_id=tenant_id, integration_id=found.id, credential_version=found.credential_version)
            await refresh(pool, of)
        except TransientError:
            if left <= 0:
                raise
            return found
        async with own_database(pool) as conn:
            return await queries.find_integration(conn, tenant_id=tenant_id, kind=kind.name, name=found.name)
    except SqlError as error:
        raise PermanentError(error.message) from error


def _left(found: FoundIntegration) -> float | None:
    """Seconds that its token is still good for; none where it does not end."""
    return None if found.token_lasts is None else found.token_lasts.total_seconds()


def _opened(tenant_id: UUID, kind: Kind[Config, Secret], found: FoundIntegration) -> Connection[Config, Secret]:
    try:
        settings = get_settings()
        secret = load_keyring(settings).open(
            found.secret,
            SealedFor(tenant_id=tenant_id, integration_id=found.id, name=found.name),
            key_id=found.key_id,
            wrapped=found.wrapped_key,
            master_key_id=found.master_key_id,
        )
        return Connection(
            tenant_id=tenant_id,
            id=found.id,
            kind=kind.name,
            name=found.name,
            config=kind.config.model_validate(found.config),
            secret=kind.secret.model_validate(secret),
            egress=Egress.parse(settings.egress_allow),
            credential_version=found.credential_version,
        )
    except ConfigurationError as error:
        raise PermanentError(error.message) from error
    except ValidationError as error:
        raise PermanentError(f"the {kind.name} connection is malformed: {_problems(error)}: connect again") from None


def checked_config(kind: Kind[Any, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the settings of a connection as they are stored.

    Raises:
        InvalidArgument: they don't fit the kind.
    """
    return _checked(kind.config, given, "p_config").model_dump(mode="json")


def checked_secret(kind: Kind[Any, Secret], given: Mapping[str, Any]) -> Secret:
    """Give a connection's secret, read and hidden.

    Raises:
        InvalidArgument: it does not fit the kind; values are not shown.
    """
    return _checked(kind.secret, given, "p_secret")


def _checked(shape: type[Config], given: Mapping[str, Any], argument: str) -> Config:
    try:
        return shape.model_validate(dict(given))
    except ValidationError as error:
        raise InvalidArgument(_problems(error), argument=argument) from None


def _problems(error: ValidationError) -> str:
    told = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(f"{'.'.join(str(part) for part in item['loc']) or 'value'}: {item['msg']}" for item in told)


def _revealed(secret: BaseModel) -> dict[str, Any]:
    """Give the secret as plain JSON, to be sealed at once."""
    return {name: _plain(value) for name, value in secret if value is not None}


def _plain(value: object) -> Any:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in cast("dict[str, object]", value).items()}
    return value
