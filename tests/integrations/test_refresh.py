"""Tokens that end: refreshed once, ahead of their end or when they are refused, whatever happens in between."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from aias.errors import PermanentError, TransientError
from aias.integrations import (
    connect_app,
    forget_cached,
    list_health,
    list_integrations,
    refresh_due,
    refreshing,
)
from aias.integrations.refresh_queries import Credentials, claim_refresh
from aias.integrations.refreshing import LEASE, refresh
from aias.simulators import Simulators
from tests.integrations.oauth_help import connect_by_consent

ORDERS = ("shopify.order_list", {"first": 1})
SOON = timedelta(hours=2)


class Connected:
    """One connection to the local shop, by consent."""

    def __init__(self, workspace: Any, apps: Simulators, made: Any) -> None:
        self.workspace, self.pool, self.id = workspace, workspace.pool, made.id
        self.apps, self.oauth = apps, apps.shopify.oauth

    async def sql(self, query: Any, *given: Any) -> Any:
        async with self.pool.connection() as conn:
            cursor = await conn.execute(query, given)
            return await cursor.fetchall() if cursor.description else None

    async def row(self) -> Any:
        async with self.pool.connection() as conn:
            (row,) = await list_integrations(conn, tenant=self.workspace.tenant)
        return row

    async def credentials(self) -> Credentials:
        ((version,),) = await self.sql(
            "select credential_version from aias_private.integrations where id = %s", self.id
        )
        return Credentials(tenant_id=self.workspace.tenant_id, integration_id=self.id, credential_version=version)

    async def let_claim_run_out(self) -> None:
        await self.sql(
            "update aias_private.integrations set refresh_held_until = aias_private.now() where id = %s", self.id
        )

    async def let_pause_end(self) -> None:
        await self.sql("update aias_private.integrations set refresh_after = null where id = %s", self.id)

    async def audit(self, action: str) -> list[Any]:
        return await self.sql(
            "select detail from aias.audit_log where action = %s and object_id = %s", action, str(self.id)
        )


@pytest.fixture
async def shop(workspace: Any, apps: Simulators) -> Connected:
    made = Connected(workspace, apps, await connect_by_consent(workspace, "shopify", {"url": apps.shopify.url}))
    # the periodic rounds look at all tenants, and the database holds those of other tests
    await made.sql("delete from aias_private.integrations where tenant_id <> %s", workspace.tenant_id)
    return made


async def test_a_token_is_refreshed_ahead_of_its_end(shop: Connected, clock: Any) -> None:
    assert await refresh_due(shop.pool, ahead=timedelta(minutes=10)) == (0, 0)
    before = (await shop.row()).token_expires_at
    clock.forward(3000)
    assert await refresh_due(shop.pool, ahead=SOON) == (1, 0)
    assert (await shop.row()).token_expires_at > before
    assert shop.oauth.counts.refreshed == 1
    clock.forward(3000)  # the first token has ended by now
    assert await shop.workspace.call(*ORDERS)
    assert len(await shop.audit("integration.refreshed")) == 1


async def test_of_eight_who_refresh_at_once_one_asks_the_shop(shop: Connected) -> None:
    shop.oauth.rotation = "strict"
    of = await shop.credentials()
    assert await asyncio.gather(*(refresh(shop.pool, of) for _ in range(8))) == [True] * 8
    assert (shop.oauth.counts.refreshed, shop.oauth.counts.reused) == (1, 0)
    assert await shop.workspace.call(*ORDERS)


async def test_of_eight_periodic_rounds_at_once_one_asks_the_shop(shop: Connected) -> None:
    shop.oauth.rotation = "strict"
    done = await asyncio.gather(*(refresh_due(shop.pool, ahead=SOON) for _ in range(8)))
    assert all(failed == 0 for _, failed in done)
    assert (shop.oauth.counts.refreshed, shop.oauth.counts.reused) == (1, 0)


async def test_eight_steps_whose_token_is_refused_get_a_new_one_together(shop: Connected) -> None:
    shop.oauth.rotation = "strict"
    shop.oauth.expire_access_tokens()
    assert all(await asyncio.gather(*(shop.workspace.call(*ORDERS) for _ in range(8))))
    assert (shop.oauth.counts.refreshed, shop.oauth.counts.reused) == (1, 0)
    assert (await shop.row()).status == "connected"


async def test_a_step_refreshes_a_token_that_has_ended_before_it_calls(shop: Connected, clock: Any) -> None:
    clock.forward(3600)
    await shop.sql("update aias_private.integrations set token_expires_at = aias_private.now() where id = %s", shop.id)
    forget_cached()
    assert await shop.workspace.call(*ORDERS)
    assert 401 not in [entry.status for entry in shop.apps.shopify.journal.find()]


async def test_a_refused_refresh_revokes_the_connection_and_tells_its_owner(
    shop: Connected, workspaces_database_url: str
) -> None:
    async with await psycopg.AsyncConnection.connect(workspaces_database_url, autocommit=True) as listening:
        await listening.execute("listen aias_event")
        shop.oauth.revoke()
        with pytest.raises(PermanentError, match=r"refused to refresh its token \(invalid_grant\): connect it again"):
            await shop.workspace.call(*ORDERS)
        (heard,) = [notified async for notified in listening.notifies(timeout=60, stop_after=1)]
    told = json.loads(heard.payload)
    assert (told["type"], told["owner"]) == ("integration.revoked", "kim")
    assert told["integration_id"] == str(shop.id)
    ((detail,),) = await shop.audit("integration.revoked")
    assert detail["owner"] == "kim"
    row = await shop.row()
    assert row.status == "revoked"
    asked = shop.apps.shopify.journal.total
    with pytest.raises(PermanentError, match=r"shopify:default is revoked .*: connect it again"):
        await shop.workspace.call(*ORDERS)
    assert shop.apps.shopify.journal.total == asked  # later steps fail without a call
    assert await refresh_due(shop.pool, ahead=SOON) == (0, 0)


async def test_a_revoked_connection_works_when_it_is_connected_again(shop: Connected) -> None:
    shop.oauth.revoke()
    with pytest.raises(PermanentError):
        await shop.workspace.call(*ORDERS)
    made = await connect_by_consent(shop.workspace, "shopify", {"url": shop.apps.shopify.url})
    assert made.id == shop.id
    assert await shop.workspace.call(*ORDERS)
    assert (await shop.row()).status == "connected"


async def test_a_token_given_by_hand_that_is_refused_revokes_the_connection(workspace: Any, apps: Simulators) -> None:
    await workspace.connect("shopify", {"url": apps.shopify.url}, {"access_token": "wrong-0123456789"})
    with pytest.raises(PermanentError, match="refused the credentials"):
        await workspace.call(*ORDERS)
    with pytest.raises(PermanentError, match="is revoked"):
        await workspace.call(*ORDERS)


async def test_what_an_old_token_met_says_nothing_about_a_new_one(workspace: Any, apps: Simulators) -> None:
    config = {"url": apps.shopify.url}
    made = await workspace.connect("shopify", config, {"access_token": "wrong-0123456789"})
    of = Credentials(tenant_id=workspace.tenant_id, integration_id=made, credential_version=1)
    await workspace.connect("shopify", config, {"access_token": apps.shopify.token})
    async with workspace.pool.connection() as conn:
        await conn.execute(
            "select aias_private.set_integration_status(%s, %s, %s, 'revoked', 'x')",
            (of.tenant_id, of.integration_id, of.credential_version),
        )
    assert await workspace.call(*ORDERS)


async def test_a_refresh_whose_answer_was_lost_is_asked_again(shop: Connected) -> None:
    shop.apps.shopify.faults.add({"match": {"operation": "oauth.token"}, "do": {"drop_after_commit": True}})
    of = await shop.credentials()
    with pytest.raises(TransientError):
        await refresh(shop.pool, of)
    with pytest.raises(TransientError, match="could not be refreshed just now"):
        await refresh(shop.pool, of)  # not at once
    await shop.let_pause_end()
    assert await refresh(shop.pool, of)
    assert shop.oauth.counts.refreshed == 2
    assert await shop.workspace.call(*ORDERS)


@pytest.mark.parametrize("rotation", ["retry", "strict"])
async def test_a_crash_between_the_answer_and_its_storage_is_found_out(
    shop: Connected, monkeypatch: pytest.MonkeyPatch, rotation: Any
) -> None:
    shop.oauth.rotation = rotation
    of = await shop.credentials()

    class Crash(BaseException):
        pass

    async def crash(*_: Any, **__: Any) -> None:
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr("aias.integrations.refreshing._settle", crash)
        with pytest.raises(Crash):
            await refresh(shop.pool, of)
    await shop.let_claim_run_out()
    if rotation == "retry":  # as Shopify: the old refresh token is good until the new one was used
        assert await refresh(shop.pool, of)
        assert await shop.workspace.call(*ORDERS)
    else:
        with pytest.raises(PermanentError, match=r"interrupted at .* no longer taken \(invalid_grant\): connect it"):
            await refresh(shop.pool, of)
        assert (await shop.row()).status == "revoked"


async def test_while_one_refreshes_another_waits_for_a_claim_that_runs_out(
    shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = await shop.credentials()
    async with shop.pool.connection() as conn:
        claim = await claim_refresh(conn, of, holder="a dead process", lease=LEASE)
    assert claim.outcome == "granted"
    monkeypatch.setattr("aias.integrations.refreshing._PATIENCE", 0.2)
    with pytest.raises(TransientError, match="is being refreshed"):
        await refresh(shop.pool, of)
    assert shop.oauth.counts.refreshed == 0
    await shop.let_claim_run_out()
    assert await refresh(shop.pool, of)


async def test_new_tokens_are_stored_although_the_claim_ran_out_meanwhile(
    shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = await shop.credentials()
    settle = refreshing._settle

    async def late(*given: Any) -> None:
        await shop.let_claim_run_out()
        async with shop.pool.connection() as conn:
            await claim_refresh(conn, of, holder="the next", lease=LEASE)
        await settle(*given)

    monkeypatch.setattr("aias.integrations.refreshing._settle", late)
    assert await refresh(shop.pool, of)
    assert (await shop.credentials()).credential_version == 2
    assert await shop.workspace.call(*ORDERS)


async def test_a_connection_made_anew_during_a_refresh_keeps_its_new_tokens(
    shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = await shop.credentials()
    settle = refreshing._settle

    async def late(*given: Any) -> None:
        token = {"access_token": shop.apps.shopify.token}
        await shop.workspace.connect("shopify", {"url": shop.apps.shopify.url}, token)
        await settle(*given)

    monkeypatch.setattr("aias.integrations.refreshing._settle", late)
    await refresh(shop.pool, of)
    shop.oauth.revoke()
    assert await shop.workspace.call(*ORDERS)


async def test_an_app_that_the_shop_does_not_know_is_the_operators_matter(
    shop: Connected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIAS_SHOPIFY_CLIENT_SECRET", "planted-wrong-secret")
    for _ in range(3):
        with pytest.raises(TransientError, match="AIAS_SHOPIFY_CLIENT_ID or AIAS_SHOPIFY_CLIENT_SECRET is wrong"):
            await refresh(shop.pool, await shop.credentials())
        await shop.let_pause_end()
    row = await shop.row()
    assert row.status == "failing"
    assert "planted" not in str(row.status_reason)


async def test_an_apps_own_token_is_replaced_by_another_one(workspace: Any, apps: Simulators) -> None:
    whose = {"tenant": workspace.tenant, "user": "kim"}
    await connect_app(workspace.pool, **whose, kind="shopify", config={"url": apps.shopify.url})
    apps.shopify.oauth.expire_access_tokens()
    assert await workspace.call(*ORDERS)


async def test_waves_word_for_a_bad_token_is_understood_whatever_its_status(workspace: Any, apps: Simulators) -> None:
    await connect_by_consent(workspace, "wave", {"url": apps.wave.base_url})
    for status in (200, 400, 401):
        apps.wave.unauthenticated_status = status
        apps.wave.oauth.expire_access_tokens()
        assert await workspace.call("wave.business_list", {})
    assert apps.wave.oauth.counts.refreshed == 3


async def test_no_token_is_in_errors_audit_or_log(shop: Connected, caplog: Any) -> None:
    caplog.set_level("DEBUG")
    await refresh(shop.pool, await shop.credentials())
    shop.oauth.revoke()
    with pytest.raises(PermanentError) as caught:
        await shop.workspace.call(*ORDERS)
    secrets = [
        token
        for tokens in shop.oauth.issued.values()
        for token in (tokens.access, tokens.refresh, shop.oauth.client_secret)
        if token
    ]
    written = {
        **await shop.workspace.everything(),
        "log": [caplog.text],
        "error": [repr(caught.value), str(caught.value.to_json())],
    }
    for place, rows in written.items():
        for secret in secrets:
            assert not any(secret in row or secret.encode().hex() in row for row in rows), place


async def test_the_health_says_when_the_token_ends(shop: Connected) -> None:
    async with shop.pool.connection() as conn:
        (health,) = await list_health(conn, tenant=shop.workspace.tenant)
    assert health.token_expires_at == (await shop.row()).token_expires_at
