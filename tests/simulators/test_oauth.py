"""The OAuth endpoints of the local Shopify and the local Wave, asked as a browser and an app would."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from aias.simulators import Simulators, running_simulators
from aias.simulators.oauth import CLIENT_ID, CLIENT_SECRET

BACK = "http://127.0.0.1:1/callback"
APP = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


@pytest.fixture
async def sims(clock: Any) -> AsyncIterator[Simulators]:
    async with running_simulators(which=("shopify", "wave"), clock=clock) as running:
        yield running


class Shop:
    def __init__(self, sims: Simulators, client: httpx.AsyncClient) -> None:
        self.url, self.client, self.oauth = sims.shopify.url, client, sims.shopify.oauth

    async def consent(self, **more: str) -> dict[str, str]:
        query = {"client_id": CLIENT_ID, "scope": "read_orders", "redirect_uri": BACK, "state": "s 1", **more}
        answer = await self.client.get(f"{self.url}/admin/oauth/authorize", params=query)
        assert answer.status_code == 302
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    async def tokens(self, **form: str) -> httpx.Response:
        return await self.client.post(f"{self.url}/admin/oauth/access_token", data={**APP, **form})

    async def connect(self) -> dict[str, Any]:
        answer = await self.tokens(code=(await self.consent())["code"], expiring="1")
        assert answer.status_code == 200
        return answer.json()

    async def refresh(self, token: str) -> httpx.Response:
        return await self.tokens(grant_type="refresh_token", refresh_token=token)

    async def opens(self, token: str) -> bool:
        answer = await self.client.post(
            f"{self.url}/admin/api/2026-01/graphql.json",
            json={"query": "{ shop { name } }"},
            headers={"X-Shopify-Access-Token": token},
        )
        return answer.status_code == 200


@pytest.fixture
def shop(sims: Simulators, client: httpx.AsyncClient) -> Shop:
    return Shop(sims, client)


async def test_the_shop_signs_what_it_sends_back(shop: Shop) -> None:
    back = await shop.consent()
    assert set(back) == {"code", "hmac", "host", "shop", "state", "timestamp"}
    message = "&".join(f"{name}={back[name]}" for name in sorted(back) if name != "hmac")
    assert back["hmac"] == hmac.new(CLIENT_SECRET.encode(), message.encode(), hashlib.sha256).hexdigest()
    assert (back["state"], back["shop"]) == ("s 1", "simulated-goods.myshopify.com")


async def test_a_code_opens_the_shop_once_and_not_after_ten_minutes(shop: Shop, clock: Any) -> None:
    code = (await shop.consent())["code"]
    first = (await shop.tokens(code=code, expiring="1")).json()
    assert (first["expires_in"], first["scope"]) == (3600, "read_orders")
    assert await shop.opens(first["access_token"])
    assert (await shop.tokens(code=code, expiring="1")).json()["error"] == "invalid_grant"
    assert not await shop.opens(first["access_token"])  # a code that was used twice may have been stolen
    late = (await shop.consent())["code"]
    clock.forward(600)
    assert (await shop.tokens(code=late)).status_code == 400


async def test_a_token_without_expiring_never_ends_and_brings_no_refresh_token(shop: Shop, clock: Any) -> None:
    answer = (await shop.tokens(code=(await shop.consent())["code"])).json()
    assert set(answer) == {"access_token", "scope"}
    clock.forward(10 * 365 * 86_400)
    assert await shop.opens(answer["access_token"])


async def test_an_expired_token_is_refreshed_and_the_refresh_token_is_another(shop: Shop, clock: Any) -> None:
    first = await shop.connect()
    clock.forward(3600)
    assert not await shop.opens(first["access_token"])
    second = (await shop.refresh(first["refresh_token"])).json()
    assert second["refresh_token"] != first["refresh_token"]
    assert await shop.opens(second["access_token"])


async def test_the_shop_lets_a_refresh_be_asked_again_until_its_answer_is_used(shop: Shop) -> None:
    first = await shop.connect()
    await shop.refresh(first["refresh_token"])  # the answer is lost
    second = (await shop.refresh(first["refresh_token"])).json()
    third = (await shop.refresh(second["refresh_token"])).json()
    assert await shop.opens(third["access_token"])
    assert (await shop.refresh(first["refresh_token"])).json()["error"] == "invalid_grant"


async def test_with_strict_rotation_a_second_use_revokes_everything(shop: Shop) -> None:
    shop.oauth.rotation = "strict"
    first = await shop.connect()
    second = (await shop.refresh(first["refresh_token"])).json()
    assert (await shop.refresh(first["refresh_token"])).status_code == 400
    assert not await shop.opens(second["access_token"])
    assert (await shop.refresh(second["refresh_token"])).status_code == 400
    assert shop.oauth.counts.reused == 1


async def test_the_client_credentials_grant_gives_a_day(shop: Shop, clock: Any) -> None:
    answer = (await shop.tokens(grant_type="client_credentials")).json()
    assert answer["expires_in"] == 86_400
    assert "refresh_token" not in answer
    clock.forward(86_399)
    assert await shop.opens(answer["access_token"])
    clock.forward(1)
    assert not await shop.opens(answer["access_token"])


async def test_a_wrong_secret_is_refused(shop: Shop) -> None:
    code = (await shop.consent())["code"]
    answer = await shop.tokens(code=code, client_secret="wrong")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_wave_takes_forms_only_and_checks_pkce(sims: Simulators, client: httpx.AsyncClient) -> None:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(b"v" * 43).digest()).decode().rstrip("=")
    query = {"client_id": CLIENT_ID, "response_type": "code", "scope": "invoice:* offline_access"}
    query |= {"redirect_uri": BACK, "state": "s", "code_challenge": challenge, "code_challenge_method": "S256"}

    async def code() -> str:
        answer = await client.get(f"{sims.wave.base_url}/oauth2/authorize/", params=query)
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))["code"]

    token_url = f"{sims.wave.base_url}/oauth2/token/"
    form = {**APP, "grant_type": "authorization_code", "redirect_uri": BACK, "code": await code()}
    assert (await client.post(token_url, json=form)).json()["error"] == "invalid_request"
    assert (await client.post(token_url, data={**form, "code_verifier": "w" * 43})).status_code == 400
    given = (await client.post(token_url, data={**form, "code_verifier": "v" * 43})).json()
    assert given["businessId"] == sims.wave.business_id
    assert given["expires_in"] == 7200
    asked = await client.post(
        sims.wave.url,
        json={"query": "{ user { id } }"},
        headers={"Authorization": f"Bearer {given['access_token']}"},
    )
    assert asked.status_code == 200


async def test_tokens_can_be_expired_and_revoked_from_outside(shop: Shop, sims: Simulators) -> None:
    first = await shop.connect()
    control = f"{sims.shopify.control_url}/oauth"
    assert (await shop.client.post(control, params={"do": "expire"})).json()["live_access_tokens"] == 0
    assert not await shop.opens(first["access_token"])
    second = (await shop.refresh(first["refresh_token"])).json()
    await shop.client.post(control, params={"do": "revoke"})
    assert not await shop.opens(second["access_token"])
    assert (await shop.refresh(second["refresh_token"])).status_code == 400


async def test_the_journal_holds_neither_codes_nor_tokens(shop: Shop, sims: Simulators) -> None:
    first = await shop.connect()
    await shop.refresh(first["refresh_token"])
    journal = (await shop.client.get(f"{sims.shopify.control_url}/journal")).text
    assert "oauth.refresh_token" in journal
    for secret in (*first.values(), CLIENT_SECRET):
        if isinstance(secret, str) and secret != "read_orders":
            assert secret not in journal
