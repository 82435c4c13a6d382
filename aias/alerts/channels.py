"""Making channels: their settings checked, their secrets sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from aias import notify
from aias.alerts.kinds import checked_channel, checked_channel_secret
from aias.errors import InvalidArgument, NotFound
from aias.ids import uuid7
from aias.integrations import connect
from aias.integrations.credentials import SealedFor, TenantKey, load_keyring
from aias.settings import Settings, get_settings
from aias.triggers.signatures import key_of
from aias.triggers.webhooks import new_secret

__all__ = ["MadeChannel", "set_channel"]

_OPERATORS = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeChannel:
    """A channel; with the secret of a new webhook where one was made, which is told once."""

    id: UUID
    secret: str | None = field(repr=False)


async def set_channel(  # noqa: PLR0913 (whose, where to, and what it takes)
    conn: AsyncConnection[Any],
    tenant: str | None,
    name: str,
    *,
    kind: str,
    config: Mapping[str, Any] | None = None,
    secret: str | None = None,
    min_severity: str = "info",
    kinds: Sequence[str] | None = None,
    is_enabled: bool = True,
    settings: Settings | None = None,
) -> MadeChannel:
    """Say where a tenant is told, or the operators (None).

    ``secret`` is the mail account's password, the address of Slack's webhook, or what a webhook is signed with (made
    where a new one is given none); without it the stored one stays, unless the mail server or its account changes.

    Raises:
        NotFound: there is no such tenant.
        Conflict: there is a channel of that name and another kind.
        InvalidArgument: the settings, the secret or another argument is not valid.
        ConfigurationError: there is no usable master key.
    """
    checked = checked_channel(kind, config or {})
    made: str | None = None
    async with conn.transaction():
        try:
            known = await notify.find_channel(conn, tenant, name)
        except NotFound:
            known = None
        if secret is None and known is None and kind == "webhook":
            secret = made = new_secret("standard")
        elif secret is None and kind == "email" and checked["username"] is None:
            secret = ""  # a server without accounts; what is sealed is that there is no password
        place: dict[str, Any] = {}
        if secret is not None and kind != "dashboard":
            place = await _sealed(conn, tenant, name, known, _opened(kind, secret), settings or get_settings())
        channel = await notify.store_channel(
            conn,
            tenant,
            name,
            kind=kind,
            config=checked,
            min_severity=min_severity,
            kinds=kinds,
            is_enabled=is_enabled,
            **place,
        )
    return MadeChannel(id=channel, secret=made)


def _opened(kind: str, secret: str) -> dict[str, str]:
    if not secret and kind == "email":
        return {}
    found = checked_channel_secret(kind, secret)
    if kind == "webhook":
        try:
            key_of(secret)
        except ValueError as error:
            raise InvalidArgument(str(error), argument="p_secret") from None
    return found


async def _sealed(
    conn: AsyncConnection[Any],
    tenant: str | None,
    name: str,
    known: notify.Channel | None,
    secret: dict[str, str],
    settings: Settings,
) -> dict[str, Any]:
    """Seal a secret: a tenant's as a connection, the operators' under the key that is theirs."""
    if tenant is not None:
        integration = await connect(
            conn, tenant=tenant, kind="channel", name=name, config={}, secret=secret, settings=settings
        )
        return {"integration": integration}
    keyring = load_keyring(settings)
    fresh = TenantKey.new()
    wrapped = keyring.current.wrap(fresh, tenant_id=_OPERATORS)
    stored = await notify.add_operator_key(conn, key=fresh.id, wrapped=wrapped, master_key=keyring.current.id)
    key = keyring.unwrap(stored.wrapped, tenant_id=_OPERATORS, key_id=stored.key_id, master_key_id=stored.master_key_id)
    channel = uuid7() if known is None else known.id
    row = SealedFor(tenant_id=_OPERATORS, integration_id=channel, name=name)
    return {"channel": channel, "secret": key.seal(secret, row), "key_id": key.id}
