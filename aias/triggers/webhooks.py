"""Webhooks in: made, rotated, removed, listed. Each runs in the caller's transaction."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast, get_args
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row
from psycopg.types.json import Jsonb

from aias.errors import Conflict, InvalidArgument, NotFound, translated
from aias.integrations import connect
from aias.integrations.credentials import SealedFor, load_keyring
from aias.settings import Settings, get_settings
from aias.triggers.kinds import WebhookSecret
from aias.triggers.mapping import check_templates
from aias.triggers.models import Delivery, PrivacyRequest, Webhook
from aias.triggers.signatures import Style, key_of

__all__ = [
    "MadeWebhook",
    "change_webhook",
    "create_webhook",
    "find_webhook",
    "list_deliveries",
    "list_privacy_requests",
    "list_webhooks",
    "remove_webhook",
    "replay_delivery",
    "rotate_webhook",
    "settle_privacy_request",
]

_KEY_BYTES = 32
_SHORTEST_KEY, _LONGEST_KEY = 24, 64


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeWebhook:
    """A webhook with what is told once: the token of its address, and its secret."""

    id: UUID
    token: str | None = field(repr=False)
    """None where the address stays as it was."""
    secret: str = field(repr=False)


async def create_webhook(  # noqa: PLR0913 (a webhook has that many sides)
    conn: AsyncConnection[Any],
    tenant: str,
    name: str,
    *,
    style: Style,
    secret: str | None = None,
    workflow: str | None = None,
    condition: str | None = None,
    mapping: Mapping[str, Any] | None = None,
    config: Mapping[str, Any] | None = None,
    max_bytes: int = 1_000_000,
    settings: Settings | None = None,
) -> MadeWebhook:
    """Give others an address, ``/hooks/{token}``, to send webhooks to. Token and secret are told here and never again.

    ``secret`` is the sender's, where it gives one (Shopify's client secret); without it one is made. Without a
    ``workflow`` what comes in is emitted as an event. ``config`` names headers, for the style ``shared``.

    Raises:
        NotFound: there is no such tenant or workflow.
        Conflict: the name is taken.
        InvalidArgument: an argument is not valid; a template's mistake is told with its place.
        ConfigurationError: there is no usable master key.
    """
    if style not in get_args(Style):
        raise InvalidArgument(f"a style is one of {', '.join(get_args(Style))}", argument="p_style")
    check_templates(condition, mapping)
    chosen = _checked(style, secret) if secret is not None else new_secret(style)
    token = secrets.token_urlsafe(_KEY_BYTES)
    async with conn.transaction():
        if await _exists(conn, tenant, name):
            # before the secret of the one that is there would be overwritten
            raise Conflict(f"the webhook {name!r} exists", argument="p_name")
        integration = await connect(
            conn,
            tenant=tenant,
            kind="webhook_in",
            name=name,
            config=config or {},
            secret={"current": chosen},
            settings=settings,
        )
        async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
            await cursor.execute(
                "select aias.create_webhook(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                (
                    tenant,
                    name,
                    style,
                    integration,
                    hashlib.sha256(token.encode()).digest(),
                    workflow,
                    condition,
                    None if mapping is None else Jsonb(dict(mapping)),
                    max_bytes,
                ),
            )
            (made,) = await cursor.fetchall()
    return MadeWebhook(id=made, token=token, secret=chosen)


async def change_webhook(conn: AsyncConnection[Any], tenant: str, name: str, changes: Mapping[str, Any]) -> None:
    """Change what a webhook takes and starts; what ``changes`` does not name stays.

    It may name ``workflow`` (None: emit events), ``condition``, ``mapping``, ``max_bytes``, ``is_enabled`` and
    ``replay_window`` (seconds).

    Raises:
        NotFound: there is no such webhook or workflow.
        InvalidArgument: a change is not known or not valid; a template's mistake is told with its place.
    """
    check_templates(changes.get("condition"), changes.get("mapping"))
    webhook = await find_webhook(conn, name, tenant=tenant)
    async with translated():
        await conn.execute("select aias.change_webhook(%s, %s)", (webhook.id, Jsonb(dict(changes))))


async def rotate_webhook(
    conn: AsyncConnection[Any],
    tenant: str,
    name: str,
    *,
    secret: str | None = None,
    overlap: timedelta = timedelta(hours=24),
    new_token: bool = False,
    settings: Settings | None = None,
) -> MadeWebhook:
    """Change a webhook's secret; the old one is good for ``overlap`` yet; ``new_token`` gives it another address.

    Raises:
        NotFound: there is no such webhook.
        InvalidArgument: the secret is not of the style's form.
        ConfigurationError: the old secret can't be unsealed here.
    """
    webhook = await find_webhook(conn, name, tenant=tenant)
    style = cast("Style", webhook.style)
    chosen = _checked(style, secret) if secret is not None else new_secret(style)
    token = secrets.token_urlsafe(_KEY_BYTES) if new_token else None
    async with conn.transaction():
        await renew_secret(conn, tenant, "webhook_in", name, chosen, overlap=overlap, settings=settings)
        async with translated():
            await conn.execute(
                "select aias.rotate_webhook(%s, %s)",
                (webhook.id, None if token is None else hashlib.sha256(token.encode()).digest()),
            )
    return MadeWebhook(id=webhook.id, token=token, secret=chosen)


async def renew_secret(
    conn: AsyncConnection[Any],
    tenant: str,
    kind: str,
    name: str,
    secret: str,
    *,
    overlap: timedelta,
    settings: Settings | None = None,
) -> None:
    """Put a new secret in the place of a webhook's own, which is good for ``overlap`` yet.

    Raises:
        NotFound: there is no such webhook.
        ConfigurationError: the old secret can't be unsealed here.
    """
    former, config, now = await stored_secret(conn, tenant, kind, name, settings=settings)
    await connect(
        conn,
        tenant=tenant,
        kind=kind,
        name=name,
        config=config,
        secret={
            "current": secret,
            "previous": former.current.get_secret_value(),
            "previous_until": (now + overlap).timestamp(),
        },
        settings=settings,
    )


async def stored_secret(
    conn: AsyncConnection[Any], tenant: str, kind: str, name: str, *, settings: Settings | None = None
) -> tuple[WebhookSecret, dict[str, Any], datetime]:
    """Give the secret and the settings that a webhook's connection holds, and the database's now.

    Raises:
        NotFound: there is none.
        ConfigurationError: it can't be unsealed here.
    """
    async with translated():
        cursor = await conn.execute(
            "select tenant_id, id, config, secret, key_id, wrapped_key, master_key_id, now"
            " from aias.webhook_secret(%s, %s, %s)",
            (tenant, kind, name),
        )
        (row,) = await cursor.fetchall()
    tenant_id, integration, config, sealed, key_id, wrapped, master_key_id, now = row
    opened = load_keyring(settings or get_settings()).open(
        sealed,
        SealedFor(tenant_id=tenant_id, integration_id=integration, name=name),
        key_id=key_id,
        wrapped=wrapped,
        master_key_id=master_key_id,
    )
    return WebhookSecret.model_validate(opened), config, now


def new_secret(style: Style) -> str:
    """Make a secret of a style's form, 256 bits of it random."""
    if style == "standard":
        return "whsec_" + base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()
    return secrets.token_urlsafe(_KEY_BYTES)


def _checked(style: Style, secret: str) -> str:
    if not secret or not secret.isascii() or not secret.isprintable():
        raise InvalidArgument("a secret has visible ASCII characters", argument="p_secret")
    if style == "standard":
        try:
            length = len(key_of(secret))
        except ValueError as error:
            raise InvalidArgument(str(error), argument="p_secret") from None
        if not _SHORTEST_KEY <= length <= _LONGEST_KEY:
            raise InvalidArgument("a secret of Standard Webhooks has 24 to 64 bytes", argument="p_secret")
    return secret


async def _exists(conn: AsyncConnection[Any], tenant: str, name: str) -> bool:
    cursor = await conn.execute("select from aias.webhooks where tenant = %s and name = %s", (tenant, name))
    return await cursor.fetchone() is not None


async def remove_webhook(conn: AsyncConnection[Any], webhook: UUID) -> None:
    """Take nothing by a webhook any more, and forget its secret; its deliveries stay.

    Raises:
        NotFound: there is no such webhook.
    """
    async with translated():
        await conn.execute("select aias.remove_webhook(%s)", (webhook,))


async def list_webhooks(conn: AsyncConnection[Any], *, tenant: str | None = None, limit: int = 100) -> list[Webhook]:
    """List webhooks by tenant and name."""
    async with translated(), conn.cursor(row_factory=class_row(Webhook)) as cursor:
        await cursor.execute(
            "select tenant_id, tenant, id, name, style, workflow, condition, mapping, max_bytes, is_enabled,"
            " created_at, rotated_at, replay_window from aias.webhooks"
            " where (%(tenant)s::text is null or tenant = %(tenant)s) order by tenant, name limit %(limit)s",
            {"tenant": tenant, "limit": limit},
        )
        return await cursor.fetchall()


async def find_webhook(conn: AsyncConnection[Any], name: str, *, tenant: str) -> Webhook:
    """Give a tenant's webhook by its name.

    Raises:
        NotFound: there is none.
    """
    async with translated(), conn.cursor(row_factory=class_row(Webhook)) as cursor:
        await cursor.execute(
            "select tenant_id, tenant, id, name, style, workflow, condition, mapping, max_bytes, is_enabled,"
            " created_at, rotated_at, replay_window from aias.webhooks where tenant = %s and name = %s",
            (tenant, name),
        )
        found = await cursor.fetchone()
    if found is None:
        raise NotFound(f"there is no webhook {name!r}", argument="p_webhook")
    return found


async def list_deliveries(
    conn: AsyncConnection[Any],
    *,
    tenant: str | None = None,
    webhook: str | None = None,
    status: str | None = None,
    topic: str | None = None,
    holds: Any = None,
    before: UUID | None = None,
    limit: int = 100,
) -> list[Delivery]:
    """List what came in, the newest first; ``holds`` is JSON that the payload must hold."""
    async with translated(), conn.cursor(row_factory=class_row(Delivery)) as cursor:
        await cursor.execute(
            "select tenant_id, tenant, id, webhook_id, webhook, delivery_id, source_event_id, topic, account, headers,"
            " payload, status, execution_id, event_id, error, duplicate_count, replayed_from_id, received_at,"
            " redacted_at from aias.webhook_deliveries"
            " where (%(tenant)s::text is null or tenant = %(tenant)s)"
            " and (%(webhook)s::text is null or webhook = %(webhook)s)"
            " and (%(status)s::text is null or status = %(status)s)"
            " and (%(topic)s::text is null or topic = %(topic)s)"
            " and (%(holds)s::jsonb is null or payload @> %(holds)s)"
            " and (%(before)s::uuid is null or id < %(before)s)"
            " order by id desc limit %(limit)s",
            {
                "tenant": tenant,
                "webhook": webhook,
                "status": status,
                "topic": topic,
                "holds": None if holds is None else Jsonb(holds),
                "before": before,
                "limit": limit,
            },
        )
        return await cursor.fetchall()


async def replay_delivery(conn: AsyncConnection[Any], delivery: UUID) -> int:
    """Decide on a delivery again, with the webhook as it is now; gives the id of the job that does.

    Raises:
        NotFound: there is no such delivery, or its webhook is gone.
        Conflict: its data were redacted.
    """
    async with translated(), conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select aias.replay_delivery(%s)", (delivery,))
        (job,) = await cursor.fetchall()
        return job


async def list_privacy_requests(
    conn: AsyncConnection[Any], *, tenant: str | None = None, status: str | None = None, limit: int = 100
) -> list[PrivacyRequest]:
    """List what customers and shops have asked of their data, the next due first."""
    async with translated(), conn.cursor(row_factory=class_row(PrivacyRequest)) as cursor:
        await cursor.execute(
            "select tenant_id, tenant, id, kind, account, customer_id, order_ids, delivery_id, status, due_at, found,"
            " note, created_at, searched_at, settled_at, settled_by from aias.privacy_requests"
            " where (%(tenant)s::text is null or tenant = %(tenant)s)"
            " and (%(status)s::text is null or status = %(status)s) order by due_at, id limit %(limit)s",
            {"tenant": tenant, "status": status, "limit": limit},
        )
        return await cursor.fetchall()


async def settle_privacy_request(conn: AsyncConnection[Any], request: UUID, note: str) -> None:
    """Note that a privacy request was seen to, and how.

    Raises:
        NotFound: there is no such request.
        Conflict: it is settled.
    """
    async with translated():
        await conn.execute("select aias.settle_privacy_request(%s, %s)", (request, note))
