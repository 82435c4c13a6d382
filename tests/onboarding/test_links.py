"""The links of mails over HTTP: no sign-in, and only what the system made."""

from __future__ import annotations

from uuid import uuid4

import httpx

from aias.api import create_app
from aias.settings import Settings
from tests.onboarding.post import Post


async def test_a_post_unsubscribes_a_get_only_asks_and_a_click_leads_to_our_own_pages(
    post: Post, database_url: str
) -> None:
    user = await post.person()
    (row,) = await post.rows("select aias_private.link_token(%s) as token", user)
    app = create_app(Settings.model_validate({"database_url": database_url}))
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://aias.test") as client,
    ):
        address = f"/mail/unsubscribe/{row['token']}"
        asked = await client.get(address)
        assert (asked.status_code, "<form" in asked.text) == (200, True)
        assert "unsubscribed" not in (await post.progress(user)).values()
        done = await client.post(address, data={"List-Unsubscribe": "One-Click"})
        assert (done.status_code, "You are unsubscribed." in done.text) == (200, True)
        assert (await client.post(address)).text == done.text
        assert set((await post.progress(user)).values()) == {"unsubscribed"}
        assert (await client.get(address)).text == done.text
        for method in ("GET", "POST"):
            assert (await client.request(method, "/mail/unsubscribe/" + "A" * 43)).status_code == 404
        picture = await client.get(f"/mail/open/{uuid4()}.gif")
        assert (picture.status_code, picture.headers["content-type"]) == (200, "image/gif")
        led = await client.get(f"/mail/click/{uuid4()}/docs")
        assert (led.status_code, led.headers["location"]) == (303, "/docs")
        assert (await client.get(f"/mail/click/{uuid4()}/elsewhere")).status_code == 404
