"""The keys of tenants: had when something is to be sealed, rotated, erased.

Both rotations go in batches, each its own transaction, and can be broken off anywhere: run again they go on. Workers go
on meanwhile, since what is stored always names the key that opens it.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection

from aias.audit import set_actor
from aias.db import Pool
from aias.errors import ConfigurationError, NotFound
from aias.integrations import key_queries as queries
from aias.integrations.credentials import Keyring, SealedFor, TenantKey, load_keyring
from aias.settings import Settings, get_settings

__all__ = ["Rotation", "erase_keys", "rotate_master_key", "rotate_tenant_key", "sealing_key"]

_BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """What a rotation did: keys wrapped anew, secrets sealed anew, and those that could not be opened."""

    rewrapped: int = 0
    resealed: int = 0
    unreadable: tuple[str, ...] = ()
    """The connections, as ``tenant/name: why``; their credentials must be given again."""
    dropped: int = 0
    """Keys that nothing needed any more."""


async def sealing_key(conn: AsyncConnection[Any], tenant: str, keyring: Keyring) -> tuple[UUID, TenantKey]:
    """Give the tenant's id and the key to seal under, which is made when it is needed for the first time.

    Runs in the caller's transaction. Callers at once agree on one key.

    Raises:
        NotFound: there is no such tenant.
        ConfigurationError: the key can't be unwrapped here.
    """
    found = await queries.tenant_key(conn, tenant)
    if found.key_id is None:
        made = TenantKey.new()
        current = await queries.add_tenant_key(
            conn,
            tenant=tenant,
            key=made.id,
            wrapped=keyring.current.wrap(made, tenant_id=found.tenant_id),
            master_key=keyring.current.id,
        )
        if current == made.id:
            return found.tenant_id, made
        found = await queries.tenant_key(conn, tenant)
    return found.tenant_id, _unwrapped(found, keyring)


def _unwrapped(stored: queries.StoredKey, keyring: Keyring) -> TenantKey:
    if stored.key_id is None or stored.wrapped is None or stored.master_key_id is None:
        raise ConfigurationError("the tenant's key was erased just now: try again")
    return keyring.unwrap(
        stored.wrapped, tenant_id=stored.tenant_id, key_id=stored.key_id, master_key_id=stored.master_key_id
    )


async def rotate_master_key(pool: Pool, *, user: str | None = None, settings: Settings | None = None) -> Rotation:
    """Put every tenant's key under the current master key; secrets that it sealed by itself go under tenants' keys.

    ``AIAS_MASTER_KEY_PREVIOUS`` opens what the current one does not; afterwards nothing needs it. ``user`` is who the
    audit log names.

    Raises:
        ConfigurationError: a tenant's key is under neither of the two.
    """
    keyring = load_keyring(settings or get_settings())
    rewrapped = 0
    while True:
        async with pool.connection() as conn:
            batch = await queries.keys_under_other_masters(conn, keyring.current.id, limit=_BATCH)
        if not batch:
            break
        for stored in batch:
            rewrapped += await _rewrap(pool, user, stored, keyring)
    resealed, unreadable = await _reseal(pool, None, keyring)
    return Rotation(rewrapped=rewrapped, resealed=resealed, unreadable=unreadable)


@asynccontextmanager
async def _acting(pool: Pool, user: str | None) -> AsyncGenerator[AsyncConnection[Any]]:
    """Lend a connection in a transaction of its own, on the user's behalf."""
    async with pool.connection() as conn, conn.transaction():
        if user is not None:
            await set_actor(conn, user, is_local=True)
        yield conn


async def _rewrap(pool: Pool, user: str | None, stored: queries.StoredKey, keyring: Keyring) -> bool:
    key = _unwrapped(stored, keyring)
    async with _acting(pool, user) as conn:
        return await queries.rewrap_tenant_key(
            conn,
            tenant_id=stored.tenant_id,
            key=key.id,
            before=stored.wrapped or b"",
            wrapped=keyring.current.wrap(key, tenant_id=stored.tenant_id),
            master_key=keyring.current.id,
        )


async def rotate_tenant_key(
    pool: Pool, tenant: str, *, user: str | None = None, settings: Settings | None = None
) -> Rotation:
    """Give a tenant a new key and seal its secrets under it; the old key is forgotten when nothing needs it.

    Where an earlier rotation was broken off, that one is finished, and no further key is made. ``user`` is who the
    audit log names.

    Raises:
        NotFound: there is no such tenant, or it has no key yet.
        ConfigurationError: its key can't be unwrapped here.
    """
    keyring = load_keyring(settings or get_settings())
    async with pool.connection() as conn:
        current = await queries.tenant_key(conn, tenant)
        tenant_id = current.tenant_id
        if current.key_id is None:
            raise NotFound(f"the tenant {tenant!r} has no key: it has connected nothing", argument="p_tenant")
        stale = await queries.stale_secrets(conn, tenant_id=tenant_id, after=None, limit=_BATCH)
    was_broken_off = any(secret.wrapped is not None for secret in stale)
    resealed, unreadable = await _reseal(pool, tenant_id, keyring)
    if not (was_broken_off and resealed):
        await _replace(pool, user, tenant, current, keyring)
        more, unreadable = await _reseal(pool, tenant_id, keyring)
        resealed += more
    async with pool.connection() as conn:
        dropped = await queries.drop_tenant_keys(conn, tenant_id)
    return Rotation(resealed=resealed, unreadable=unreadable, dropped=dropped)


async def _replace(pool: Pool, user: str | None, tenant: str, old: queries.StoredKey, keyring: Keyring) -> None:
    made = TenantKey.new()
    async with _acting(pool, user) as conn:
        await queries.add_tenant_key(
            conn,
            tenant=tenant,
            key=made.id,
            wrapped=keyring.current.wrap(made, tenant_id=old.tenant_id),
            master_key=keyring.current.id,
            replaces=old.key_id,
        )


async def _reseal(pool: Pool, tenant_id: UUID | None, keyring: Keyring) -> tuple[int, tuple[str, ...]]:
    """Seal what is not under its tenant's current key; a secret that changes meanwhile is left to the next round."""
    resealed = 0
    unreadable: list[str] = []
    after: queries.StaleSecret | None = None
    while True:
        async with pool.connection() as conn:
            batch = await queries.stale_secrets(conn, tenant_id=tenant_id, after=after, limit=_BATCH)
        for secret in batch:
            try:
                resealed += await _reseal_one(pool, secret, keyring)
            except ConfigurationError as error:
                unreadable.append(f"{secret.tenant}/{secret.name}: {error.message}")
        if len(batch) < _BATCH:
            return resealed, tuple(unreadable)
        after = batch[-1]


async def _reseal_one(pool: Pool, stale: queries.StaleSecret, keyring: Keyring) -> bool:
    row = SealedFor(tenant_id=stale.tenant_id, integration_id=stale.integration_id, name=stale.name)
    secret = keyring.open(
        stale.secret, row, key_id=stale.key_id, wrapped=stale.wrapped, master_key_id=stale.master_key_id
    )
    async with pool.connection() as conn:
        _, key = await sealing_key(conn, stale.tenant, keyring)
        return await queries.reseal_integration(
            conn,
            tenant_id=stale.tenant_id,
            integration=stale.integration_id,
            before=stale.secret,
            sealed=key.seal(secret, row),
            key=key.id,
        )


async def erase_keys(conn: AsyncConnection[Any], tenant: str) -> int:
    """Erase a tenant's keys and give their number: its credentials can't be read again, here or in any copy.

    Raises:
        NotFound: there is no such tenant.
    """
    return await queries.erase_tenant_keys(conn, tenant)
