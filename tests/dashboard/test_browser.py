"""Every page of the menu in a real browser, as each role: nothing serious for axe, a clean console, no other host."""

from __future__ import annotations

from typing import Any

import pytest

from aias.api import create_api_key
from tests.api.conftest import serve
from tests.dashboard.browser import walking
from tests.dashboard.conftest import Connection
from tests.dashboard.test_pages import ROLES

__all__ = ["serve"]

_RAISE = "select aias_private.raise_alert('error_rate', null, %s, 'warning', 'Too much fails', '{}')"
_MANNERS: dict[str, dict[str, Any]] = {
    "viewer": {"color_scheme": "light"},
    "owner": {"color_scheme": "dark"},
    "platform operator": {"color_scheme": "light", "viewport": {"width": 375, "height": 740}},
}


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_each_role_walks_every_page_of_the_menu(serve: Any, conn: Connection, tenants: dict[str, str]) -> None:
    served = await serve()
    for role, (tenant, scopes) in ROLES.items():
        slug = tenants[tenant] if tenant is not None else None
        key = await create_api_key(conn, tenant=slug, name=role, scopes=list(scopes))
        async with walking(served.url, **_MANNERS[role]) as walk:
            await walk.sign_in(key.token)
            paths = await walk.entries()
            assert "/" in paths
            for path in paths:
                await walk.goto(path)
                await walk.keep(f"{role.replace(' ', '-')}{path.replace('/', '-')}")
                width = await walk.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
                assert width <= 0, f"{path} is {width} pixels too wide"
            if role == "platform operator":
                await walk.goto("/")
                await walk.page.wait_for_function("() => 'htmx' in window")
                await conn.execute(_RAISE, ("seen",))
                await walk.page.locator("#overview").get_by_text("Too much fails").first.wait_for()
                await walk.look()


async def test_a_person_without_scripts_can_sign_in_read_and_sign_out(
    serve: Any, conn: Connection, tenants: dict[str, str]
) -> None:
    served = await serve()
    key = await create_api_key(conn, tenant=tenants["acme"], name="no scripts", scopes=["*:read"])
    async with walking(served.url, java_script_enabled=False) as walk:
        await walk.page.goto(f"{served.url}/sign-in")
        await walk.page.get_by_label("API key").fill(key.token)
        await walk.page.get_by_role("button", name="Sign in").click()
        await walk.page.get_by_role("heading", name="What is promised").wait_for()
        await walk.page.get_by_role("button", name="Sign out").click()
        await walk.page.get_by_text("You are signed out.").wait_for()
