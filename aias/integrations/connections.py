"""Connections: connect a tenant to a service, and hand an action what it needs to call it.

A kind of connection is two pydantic models: its settings, which anybody of the tenant may see, and its secret, whose
fields are ``SecretStr``. Both are checked when the connection is made, so that a step never meets a malformed one.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from psycopg import AsyncConnection
from pydantic import BaseModel, SecretStr, ValidationError

from aias.errors import ConfigurationError, InvalidArgument, NotFound, PermanentError, SqlError
from aias.integrations import queries
from aias.integrations.credentials import SealedFor, load_master_key
from aias.integrations.egress import Egress
from aias.integrations.guard import Guard
from aias.integrations.kinds import Kind, kinds
from aias.plugins import ActionContext
from aias.settings import Settings, get_settings

__all__ = ["Connection", "connect", "disconnect", "find_connection", "forget_cached"]

_CACHED_FOR = 30.0
"""Seconds that a worker goes on with a connection that was renewed elsewhere."""

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

    @property
    def label(self) -> str:
        """How messages name it: ``shopify:main``."""
        return f"{self.kind}:{self.name}"


_cache: dict[tuple[UUID, str, str | None], tuple[float, Connection[Any, Any]]] = {}


async def connect(
    conn: AsyncConnection[Any],
    *,
    tenant: str,
    kind: str,
    name: str = "default",
    config: Mapping[str, Any],
    secret: Mapping[str, Any],
    settings: Settings | None = None,
) -> UUID:
    """Connect a tenant to a service, or renew a connection; its id comes back, the same for a renewed one.

    Runs in the caller's transaction. The secret is sealed before it leaves this process.

    Raises:
        InvalidArgument: an unknown kind, or settings or a secret that don't fit it; values are not shown.
        NotFound: there is no such tenant.
        ConfigurationError: there is no usable master key.
    """
    shape = kinds().get(kind)
    if shape is None:
        known = ", ".join(kinds())
        raise InvalidArgument(f"there is no kind of connection {kind!r} (there are {known})", argument="p_kind")
    checked = _checked(shape.config, config, "p_config")
    hidden = _checked(shape.secret, secret, "p_secret")
    key = load_master_key(settings or get_settings())
    ids = await queries.integration_id(conn, tenant=tenant, kind=kind, name=name)
    if ids is None:
        raise NotFound(f"there is no tenant {tenant!r}", argument="p_tenant")
    tenant_id, known_id = ids
    integration = known_id or _uuid7()
    sealed = key.seal(_revealed(hidden), to=SealedFor(tenant_id=tenant_id, integration_id=integration, name=name))
    await queries.connect_integration(
        conn,
        tenant=tenant,
        kind=kind,
        name=name,
        config=checked.model_dump(mode="json"),
        sealed=sealed,
        key_id=key.id,
        integration=integration,
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

    Kept in memory for 30 s.

    Raises:
        PermanentError: there is none, or several and the step names none, or its secret can't be unsealed here.
    """
    key = (context.tenant_id, kind.name, context.connection)
    kept = _cache.get(key)
    if kept is not None and kept[0] > time.monotonic():
        return _guarded(context, cast("Connection[Config, Secret]", kept[1]))
    opened = await _open(context, kind)
    _cache[key] = (time.monotonic() + _CACHED_FOR, opened)
    return _guarded(context, opened)


def _guarded(context: ActionContext, opened: Connection[Config, Secret]) -> Connection[Config, Secret]:
    """Give the connection with its guard: of the caller's own pool, so not kept in memory with it."""
    guard = Guard(
        pool=context.pool,
        tenant_id=context.tenant_id,
        tenant=context.tenant,
        integration_id=opened.id,
        kind=opened.kind,
        name=opened.name,
    )
    return replace(opened, guard=guard)


def forget_cached() -> None:
    """Drop every connection that is kept in memory; the next use reads it anew."""
    _cache.clear()


async def _open(context: ActionContext, kind: Kind[Config, Secret]) -> Connection[Config, Secret]:
    try:
        async with context.pool.connection() as conn:
            found = await queries.find_integration(
                conn, tenant_id=context.tenant_id, kind=kind.name, name=context.connection
            )
        settings = get_settings()
        secret = load_master_key(settings).unseal(
            found.secret,
            SealedFor(tenant_id=context.tenant_id, integration_id=found.id, name=found.name),
            key_id=found.key_id,
        )
        return Connection(
            tenant_id=context.tenant_id,
            id=found.id,
            kind=kind.name,
            name=found.name,
            config=kind.config.model_validate(found.config),
            secret=kind.secret.model_validate(secret),
            egress=Egress.parse(settings.egress_allow),
        )
    except (SqlError, ConfigurationError) as error:
        raise PermanentError(error.message) from error
    except ValidationError as error:
        raise PermanentError(f"the {kind.name} connection is malformed: {_problems(error)}: connect again") from None


def _uuid7() -> UUID:
    """Make a UUIDv7 (RFC 9562): the seal names the id, so it is needed before the database can give one."""
    milliseconds = time.time_ns() // 1_000_000
    return UUID(int=(milliseconds << 80) | (7 << 76) | (secrets.randbits(12) << 64) | (2 << 62) | secrets.randbits(62))


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
