"""The mail server of the platform's operators, for mails that go to one person and into no outbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row

from aias.alerts.kinds import ChannelSecret, EmailChannelConfig
from aias.errors import translated
from aias.integrations.connections import Connection
from aias.integrations.credentials import SealedFor, load_keyring
from aias.integrations.egress import Egress
from aias.integrations.kinds import EmailConfig, EmailSecret
from aias.settings import get_settings

__all__ = ["operator_mail"]

_NO_TENANT = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    id: UUID
    name: str
    config: dict[str, Any]
    secret: bytes = field(repr=False)
    key_id: str
    wrapped_key: bytes = field(repr=False)
    master_key_id: str


async def operator_mail(conn: AsyncConnection[Any]) -> Connection[EmailConfig, EmailSecret] | None:
    """Give the mail server of the operators' first enabled channel of the kind email; None where there is none.

    Raises:
        ConfigurationError: its secret is sealed under another master key.
    """
    async with translated(), conn.cursor(row_factory=class_row(_Found)) as cursor:
        await cursor.execute(
            "select m.id, m.name, m.config, m.secret, m.key_id, m.wrapped_key, m.master_key_id"
            " from aias_private.operator_mail() as m"
        )
        found = await cursor.fetchone()
    if found is None:
        return None
    row = SealedFor(tenant_id=_NO_TENANT, integration_id=found.id, name=found.name)
    settings = get_settings()
    opened = load_keyring(settings).open(
        found.secret, row, key_id=found.key_id, wrapped=found.wrapped_key, master_key_id=found.master_key_id
    )
    secret = ChannelSecret.model_validate(opened)
    return Connection(
        tenant_id=_NO_TENANT,
        id=found.id,
        kind="email",
        name=found.name,
        config=EmailChannelConfig.model_validate(found.config),
        secret=EmailSecret(password=secret.password),
        egress=Egress.parse(settings.egress_allow),
    )
