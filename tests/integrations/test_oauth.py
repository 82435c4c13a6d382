"""Connecting by consent, against the local Shopify and the local Wave."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from aias.errors import (
    ConfigurationError,
    Conflict,
    Forbidden,
    InvalidArgument,
    NotFound,
    PermanentError,
    TooManyRequests,
)
from aias.integrations import connect_app, connect_tried, finish_oauth, list_health, list_integrations, start_oauth
from aias.simulators import Simulators
from aias.simulators.oauth import CLIENT_SECRET
from aias.simulators.oauth_shopify import SHOP_DOMAIN, sign
from tests.integrations.oauth_help import BACK, connect_by_consent, consent


async def start(workspace: Any, apps: Simulators, *, user: str = "kim", **more: Any) -> str:
    config = more.pop("config", {"url": apps.shopify.url})
    started = await start_oauth(
        workspace.pool, tenant=workspace.tenant, user=user, kind="shopify", config=config, redirect_uri=BACK, **more
    )
    return started.url


async def finish(workspace: Any, query: str, *, user: str = "kim") -> Any:
    return await finish_oauth(workspace.pool, tenant=workspace.tenant, user=user, query=query)


def resigned(query: str, **changes: str) -> str:
    """The answer with other parameters, and a signature that fits them."""
    given = {name: values[0] for name, values in parse_qs(query).items()} | changes
    return urlencode({**given, "hmac": sign(given, CLIENT_SECRET)})


async def test_a_shop_is_connected_by_consent_with_tokens_that_end(workspace: Any, apps: Simulators) -> None:
    made = await connect_by_consent(workspace, "shopify", {"url": apps.shopify.url})
    assert (made.kind, made.name, made.problem) == ("shopify", "default", None)
    assert "write_orders" in made.scopes
    assert await workspace.call("shopify.order_list", {"first": 1})
    async with workspace.pool.connection() as conn:
        (row,) = await list_integrations(conn, tenant=workspace.tenant)
        (health,) = await list_health(conn, tenant=workspace.tenant)
    assert (row.status, row.grant_type) == ("connected", "authorization_code")
    assert health.token_expires_at is not None
    assert health.last_ok_at is not None
    assert apps.shopify.oauth.counts.exchanged == 1


async def test_wave_is_connected_by_consent_and_names_the_business(workspace: Any, apps: Simulators) -> None:
    await connect_by_consent(workspace, "wave", {"url": apps.wave.base_url})
    async with workspace.pool.connection() as conn:
        (row,) = await list_integrations(conn, tenant=workspace.tenant)
    assert row.config["business_id"] == apps.wave.business_id
    assert await workspace.call("wave.business_list", {})


async def test_a_consent_for_another_business_is_refused(workspace: Any, apps: Simulators) -> None:
    with pytest.raises(Conflict, match="another business"):
        await connect_by_consent(workspace, "wave", {"url": apps.wave.base_url, "business_id": "other"})


async def test_pkce_is_used_where_the_operator_says_that_it_is_known(
    workspace: Any, apps: Simulators, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIAS_OAUTH_PKCE", "wave")
    await connect_by_consent(workspace, "wave", {"url": apps.wave.base_url})
    (code,) = apps.wave.oauth.codes.values()
    assert code.challenge is not None
    assert "code_challenge" not in await start(workspace, apps)


async def test_an_app_of_the_own_organisation_needs_no_consent(workspace: Any, apps: Simulators) -> None:
    made = await connect_app(
        workspace.pool, tenant=workspace.tenant, user="kim", kind="shopify", config={"url": apps.shopify.url}
    )
    assert made.problem is None
    assert await workspace.call("shopify.order_list", {"first": 1})


async def test_a_state_is_good_once(workspace: Any, apps: Simulators) -> None:
    query = await consent(await start(workspace, apps))
    await finish(workspace, query)
    with pytest.raises(Conflict, match="the state was used"):
        await finish(workspace, query)
    assert apps.shopify.oauth.counts.exchanged == 1
    assert await workspace.call("shopify.order_list", {"first": 1})


async def test_a_state_ends(workspace: Any, apps: Simulators) -> None:
    query = await consent(await start(workspace, apps, lasts=timedelta(seconds=-1)))
    with pytest.raises(Conflict, match="the state expired"):
        await finish(workspace, query)
    assert apps.shopify.oauth.counts.exchanged == 0


async def test_a_state_is_its_users_alone(workspace: Any, apps: Simulators) -> None:
    query = await consent(await start(workspace, apps))
    with pytest.raises(NotFound, match="the state is unknown"):
        await finish(workspace, query, user="mallory")
    async with workspace.pool.connection() as conn:
        await conn.execute("select aias.create_tenant(%s, 'pro')", (f"{workspace.tenant}-other",))
    with pytest.raises(NotFound, match="the state is unknown"):
        await finish_oauth(workspace.pool, tenant=f"{workspace.tenant}-other", user="kim", query=query)
    await finish(workspace, query)


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda query: query.replace("hmac=", "hmac=0"),
        lambda query: re.sub("hmac=[^&]*", "hmac=", query),
        lambda query: re.sub("hmac=[^&]*&?", "", query),
        lambda query: re.sub("code=[^&]*", "code=stolen", query),
        lambda query: query + "&extra=1",
        lambda query: resigned(query, shop="evil.example"),
        lambda query: resigned(query, shop="evil.example/x.myshopify.com"),
        lambda query: resigned(query, shop=f"{SHOP_DOMAIN}\n"),
    ],
    ids=["another hmac", "no hmac", "hmac missing", "code", "more", "no shop of Shopify's", "path", "line end"],
)
async def test_an_answer_that_shopify_did_not_sign_is_refused_and_uses_nothing_up(
    workspace: Any, apps: Simulators, spoilt: Any
) -> None:
    query = await consent(await start(workspace, apps))
    with pytest.raises(Forbidden):
        await finish(workspace, spoilt(query))
    assert apps.shopify.oauth.counts.exchanged == 0
    await finish(workspace, query)


async def test_an_answer_for_another_shop_is_refused_though_it_is_signed(workspace: Any, apps: Simulators) -> None:
    query = await consent(await start(workspace, apps, config={"shop": SHOP_DOMAIN}))
    with pytest.raises(Forbidden, match="another shop than simulated-goods"):
        await finish(workspace, resigned(query, shop="evil.myshopify.com"))
    assert apps.shopify.oauth.counts.exchanged == 0


@pytest.mark.parametrize("query", ["", "code=x", "state=", "%ff=1&state=x", "state=a&state=a", "&".join("abcd" * 20)])
async def test_what_is_no_answer_is_refused(workspace: Any, apps: Simulators, query: str) -> None:
    with pytest.raises(InvalidArgument):
        await finish(workspace, query)


async def test_a_refusal_of_the_user_is_told(workspace: Any, apps: Simulators) -> None:
    url = (
        await start_oauth(
            workspace.pool,
            tenant=workspace.tenant,
            user="kim",
            kind="wave",
            config={"url": apps.wave.base_url},
            redirect_uri=BACK,
        )
    ).url
    state = parse_qs(urlsplit(url).query)["state"][0]
    with pytest.raises(Conflict, match="access_denied"):
        await finish(workspace, urlencode({"state": state, "error": "access_denied"}))


async def test_a_code_that_is_not_taken_stores_nothing(workspace: Any, apps: Simulators) -> None:
    query = await consent(await start(workspace, apps))
    apps.shopify.oauth.codes.clear()
    with pytest.raises(Conflict, match="invalid_grant"):
        await finish(workspace, query)
    async with workspace.pool.connection() as conn:
        assert await list_integrations(conn, tenant=workspace.tenant) == []


async def test_without_an_app_of_ours_the_setting_is_named(
    workspace: Any, apps: Simulators, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIAS_SHOPIFY_CLIENT_SECRET")
    with pytest.raises(ConfigurationError, match="AIAS_SHOPIFY_CLIENT_ID and AIAS_SHOPIFY_CLIENT_SECRET"):
        await start(workspace, apps)


async def test_our_secret_goes_to_shopify_and_not_where_a_tenant_says(
    workspace: Any, apps: Simulators, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIAS_SHOPIFY_OAUTH_URL")
    with pytest.raises(InvalidArgument, match="OAuth needs the shop's name"):
        await start(workspace, apps)


async def test_consents_in_progress_are_bounded(workspace: Any, apps: Simulators) -> None:
    for _ in range(100):
        await start(workspace, apps)
    with pytest.raises(TooManyRequests):
        await start(workspace, apps)


async def test_refused_credentials_are_not_stored_and_replace_nothing(workspace: Any, apps: Simulators) -> None:
    given = {"tenant": workspace.tenant, "kind": "shopify", "config": {"url": apps.shopify.url}}
    await connect_tried(workspace.pool, **given, secret={"access_token": apps.shopify.token})
    with pytest.raises(PermanentError, match="nothing is stored") as caught:
        await connect_tried(workspace.pool, **given, secret={"access_token": "planted-0123456789"})
    assert "planted" not in f"{caught.value} {caught.value.detail}"
    assert await workspace.call("shopify.order_list", {"first": 1})


async def test_what_can_not_be_reached_is_stored_and_failing(workspace: Any) -> None:
    made = await connect_tried(
        workspace.pool,
        tenant=workspace.tenant,
        kind="shopify",
        config={"url": "http://127.0.0.1:1"},
        secret={"access_token": "planted-0123456789"},
    )
    assert "can't be reached" in str(made.problem)
    async with workspace.pool.connection() as conn:
        (health,) = await list_health(conn, tenant=workspace.tenant)
    assert (health.status, health.consecutive_failures) == ("failing", 1)


async def test_no_token_is_anywhere_but_sealed(workspace: Any, apps: Simulators, caplog: Any) -> None:
    query = await consent(await start(workspace, apps))
    caplog.set_level("DEBUG")
    made = await finish(workspace, query)
    (tokens,) = apps.shopify.oauth.issued.values()
    (code,) = apps.shopify.oauth.codes
    secrets = [tokens.access, tokens.refresh or "", code, CLIENT_SECRET]
    everything = await workspace.everything()
    written = {**everything, "log": [caplog.text], "repr": [repr(made)]}
    for place, rows in written.items():
        for secret in secrets:
            assert not any(secret in row or secret.encode().hex() in row for row in rows), place
