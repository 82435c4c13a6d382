"""The keys of tenants in the database: made once, rotated in steps that can be broken off, erased."""

from __future__ import annotations

import asyncio
import base64
from typing import Any
from uuid import uuid4

import pytest

from aias.errors import ConfigurationError, NotFound, PermanentError
from aias.integrations import connect, erase_keys, forget_cached, keys, rotate_master_key, rotate_tenant_key
from aias.integrations.connections import find_connection
from aias.integrations.credentials import MasterKey, SealedFor, load_keyring
from aias.integrations.keys import sealing_key
from aias.integrations.kinds import SHOPIFY
from aias.settings import get_settings
from tests.integrations.first_version import seal

CONFIG = {"url": "http://127.0.0.1:1"}


@pytest.fixture(autouse=True)
async def alone(workspace: Any) -> None:
    """The master key's rotation goes over all tenants, and the database holds those of other tests."""
    await sql(workspace, "delete from aias_private.tenant_keys where tenant_id <> %s", workspace.tenant_id)
    await sql(workspace, "delete from aias_private.integrations where tenant_id <> %s", workspace.tenant_id)


async def sql(workspace: Any, query: Any, *given: Any) -> Any:
    async with workspace.pool.connection() as conn:
        cursor = await conn.execute(query, given)
        return await cursor.fetchall() if cursor.description else None


async def make(workspace: Any, *names: str) -> None:
    for name in names:
        await workspace.connect("shopify", CONFIG, {"access_token": f"planted-{name}"}, name=name)


async def token(workspace: Any, name: str) -> str:
    forget_cached()
    found = await find_connection(workspace.context(connection=name), SHOPIFY)
    return found.secret.access_token.get_secret_value()


async def key_rows(workspace: Any) -> list[tuple[str, str, str]]:
    return await sql(
        workspace,
        "select id, status, master_key_id from aias_private.tenant_keys where tenant_id = %s order by created_at, id",
        workspace.tenant_id,
    )


def new_master(monkeypatch: pytest.MonkeyPatch) -> MasterKey:
    """Let the settings hold a new master key, and the one of now as the one before."""
    old, new = load_keyring(get_settings()).current, MasterKey.new()
    monkeypatch.setenv("AIAS_MASTER_KEY_PREVIOUS", base64.b64encode(old.key).decode())
    monkeypatch.setenv("AIAS_MASTER_KEY", base64.b64encode(new.key).decode())
    return new


async def test_a_tenant_has_one_key_whoever_connects_first(workspace: Any) -> None:
    await asyncio.gather(*(make(workspace, f"n{number}") for number in range(8)))
    ((key, status, _),) = await key_rows(workspace)
    assert status == "current"
    used = await sql(
        workspace, "select distinct key_id from aias_private.integrations where tenant_id = %s", workspace.tenant_id
    )
    assert used == [(key,)]
    assert [await token(workspace, f"n{number}") for number in range(8)] == [f"planted-n{n}" for n in range(8)]


async def test_the_master_key_is_rotated_while_both_keys_work(workspace: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    await make(workspace, "a", "b")
    new = new_master(monkeypatch)
    assert await token(workspace, "a") == "planted-a"  # before
    done = await rotate_master_key(workspace.pool)
    assert (done.rewrapped, done.resealed, done.unreadable) == (1, 0, ())
    assert [master for _, _, master in await key_rows(workspace)] == [new.id]
    monkeypatch.delenv("AIAS_MASTER_KEY_PREVIOUS")
    assert await token(workspace, "b") == "planted-b"
    assert (await rotate_master_key(workspace.pool)).rewrapped == 0


async def test_a_rotation_of_the_master_key_that_was_broken_off_goes_on(
    workspace: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [f"{workspace.tenant}-{number}" for number in range(3)]
    async with workspace.pool.connection() as conn:
        for tenant in others:
            await conn.execute("select aias.create_tenant(%s, 'pro')", (tenant,))
            await connect(conn, tenant=tenant, kind="shopify", config=CONFIG, secret={"access_token": "planted"})
    new = new_master(monkeypatch)
    rewrap, calls = keys._rewrap, 0

    async def broken_off(*given: Any) -> bool:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        return await rewrap(*given)

    with monkeypatch.context() as patched:
        patched.setattr(keys, "_rewrap", broken_off)
        with pytest.raises(KeyboardInterrupt):
            await rotate_master_key(workspace.pool)
    done = await rotate_master_key(workspace.pool)
    assert done.rewrapped == 2
    masters = await sql(workspace, "select distinct master_key_id from aias_private.tenant_keys")
    assert masters == [(new.id,)]


async def test_without_the_key_before_the_rotation_says_what_is_missing(
    workspace: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make(workspace, "a")
    new_master(monkeypatch)
    monkeypatch.delenv("AIAS_MASTER_KEY_PREVIOUS")
    with pytest.raises(ConfigurationError, match="AIAS_MASTER_KEY_PREVIOUS"):
        await rotate_master_key(workspace.pool)


async def test_secrets_of_the_first_version_open_and_go_under_the_tenants_key(
    workspace: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    master = load_keyring(get_settings()).current
    row = SealedFor(tenant_id=workspace.tenant_id, integration_id=uuid4(), name="old")
    sealed = seal(master, {"access_token": "planted-old"}, row)
    await sql(
        workspace,
        "select aias.connect_integration(%s, 'shopify', 'old', %s::jsonb, %s, %s, %s)",
        *(workspace.tenant, '{"url": "http://127.0.0.1:1"}', sealed, master.id, row.integration_id),
    )
    assert await token(workspace, "old") == "planted-old"
    new_master(monkeypatch)
    assert (await rotate_master_key(workspace.pool)).resealed == 1
    monkeypatch.delenv("AIAS_MASTER_KEY_PREVIOUS")
    assert await token(workspace, "old") == "planted-old"


async def test_a_tenants_key_is_replaced_and_the_old_one_forgotten(workspace: Any) -> None:
    await make(workspace, "a", "b", "c")
    ((old, _, _),) = await key_rows(workspace)
    done = await rotate_tenant_key(workspace.pool, workspace.tenant, user="kim")
    assert (done.resealed, done.dropped) == (3, 1)
    audited = "select actor from aias.audit_log where action = 'tenant_key.rotated' and tenant_id = %s"
    assert await sql(workspace, audited, workspace.tenant_id) == [("kim",)]
    ((key, status, _),) = await key_rows(workspace)
    assert (key != old, status) == (True, "current")
    assert [await token(workspace, name) for name in "abc"] == ["planted-a", "planted-b", "planted-c"]


@pytest.mark.parametrize("stage", [1, 2, 3])
async def test_a_rotation_of_a_tenants_key_that_was_broken_off_is_finished_with_the_same_key(
    workspace: Any, monkeypatch: pytest.MonkeyPatch, stage: int
) -> None:
    await make(workspace, "a", "b", "c")
    reseal, calls = keys._reseal_one, 0

    async def broken_off(*given: Any) -> bool:
        nonlocal calls
        calls += 1
        if calls == stage:
            raise KeyboardInterrupt
        return await reseal(*given)

    with monkeypatch.context() as patched:
        patched.setattr(keys, "_reseal_one", broken_off)
        with pytest.raises(KeyboardInterrupt):
            await rotate_tenant_key(workspace.pool, workspace.tenant)
    assert [status for _, status, _ in sorted(await key_rows(workspace), key=lambda row: row[1])] == [
        "current",
        "retired",
    ]
    new = next(key for key, status, _ in await key_rows(workspace) if status == "current")
    assert [await token(workspace, name) for name in "abc"] == ["planted-a", "planted-b", "planted-c"]
    done = await rotate_tenant_key(workspace.pool, workspace.tenant)
    assert (done.resealed, done.dropped) == (4 - stage, 1)
    assert [key for key, _, _ in await key_rows(workspace)] == [new]
    assert [await token(workspace, name) for name in "abc"] == ["planted-a", "planted-b", "planted-c"]


async def test_a_secret_that_changes_during_a_rotation_keeps_its_new_value(
    workspace: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make(workspace, "a")
    reseal = keys._reseal_one

    async def late(pool: Any, stale: Any, keyring: Any) -> bool:
        await workspace.connect("shopify", CONFIG, {"access_token": "planted-new"}, name="a")
        return await reseal(pool, stale, keyring)

    monkeypatch.setattr(keys, "_reseal_one", late)
    await rotate_tenant_key(workspace.pool, workspace.tenant)
    assert await token(workspace, "a") == "planted-new"


async def test_a_key_is_not_dropped_while_something_is_being_sealed_under_it(workspace: Any) -> None:
    await make(workspace, "a")
    async with workspace.pool.connection() as conn:
        tenant_id, key = await sealing_key(conn, workspace.tenant, load_keyring(get_settings()))
        await rotate_tenant_key(workspace.pool, workspace.tenant)
        row = SealedFor(tenant_id=tenant_id, integration_id=uuid4(), name="late")
        sealed = key.seal({"access_token": "planted-late"}, row)
        with pytest.raises(Exception, match="is gone: seal again"):
            await conn.execute(
                "select aias.connect_integration(%s, 'shopify', 'late', '{}', %s, %s, %s)",
                (workspace.tenant, sealed, key.id, row.integration_id),
            )


async def test_erasing_a_tenants_key_makes_its_secrets_unreadable_also_in_copies(workspace: Any) -> None:
    await make(workspace, "a")
    ring = load_keyring(get_settings())
    copy = await sql(workspace, "select secret, key_id, id from aias_private.integrations where name = 'a'")
    async with workspace.pool.connection() as conn:
        assert await erase_keys(conn, workspace.tenant) == 1
    forget_cached()
    with pytest.raises(PermanentError, match=r"revoked \(the credentials were erased\): connect it again"):
        await token(workspace, "a")
    ((sealed, key_id, integration),) = copy
    row = SealedFor(tenant_id=workspace.tenant_id, integration_id=integration, name="a")
    with pytest.raises(ConfigurationError, match="were erased"):
        ring.open(sealed, row, key_id=key_id, wrapped=None, master_key_id=None)
    assert not any("planted" in row for rows in (await workspace.everything()).values() for row in rows)
    await make(workspace, "a")
    assert await token(workspace, "a") == "planted-a"


async def test_a_tenant_that_connected_nothing_has_no_key_to_rotate(workspace: Any) -> None:
    with pytest.raises(NotFound, match="has no key"):
        await rotate_tenant_key(workspace.pool, workspace.tenant)


async def test_an_application_gets_its_own_tenants_key_only(workspace: Any) -> None:
    await make(workspace, "a")
    other = f"{workspace.tenant}-other"
    await sql(workspace, "select aias.create_tenant(%s, 'pro')", other)
    async with workspace.pool.connection() as conn, conn.transaction(force_rollback=True):
        await conn.execute("set local role aias_app")
        await conn.execute("select set_config('aias.tenant_id', %s, true)", (str(workspace.tenant_id),))
        _, key = await sealing_key(conn, workspace.tenant, load_keyring(get_settings()))
        assert key.id
        with pytest.raises(NotFound):
            await sealing_key(conn, other, load_keyring(get_settings()))
