"""A real browser: Debian's Chromium, driven by playwright, which watches what no page may do."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, async_playwright

__all__ = ["Walk", "chromium", "walking"]

_AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text()
_AXE_RUN = "() => axe.run(document, {resultTypes: ['violations']}).then(found => JSON.stringify(found.violations))"
_GRAVE = {"serious", "critical"}
_ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-extensions"]


def chromium() -> str:
    """Where the browser is; skips the test without one, or fails it where AIAS_REQUIRE_BROWSER says so."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        reason = "there is no Chromium: apt-get install chromium"
        if os.environ.get("AIAS_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@dataclass
class Walk:
    """One browser with one page, and what was wrong on the way."""

    page: Page
    url: str
    wrong: list[str] = field(default_factory=list[str])

    async def goto(self, path: str) -> None:
        """Open a page, and look at it with axe."""
        answer = await self.page.goto(self.url + path, wait_until="load")
        assert answer is not None
        if answer.status != 200:
            self.wrong.append(f"{path}: {answer.status}")
        await self.look()

    async def look(self) -> None:
        """Note what axe finds serious on the page as it is."""
        if not await self.page.evaluate("() => 'axe' in window"):
            # by the debugger's way, which the page's policy does not concern
            await self.page.evaluate(_AXE + "; 0")
        found: list[dict[str, Any]] = json.loads(await self.page.evaluate(_AXE_RUN))
        for one in found:
            if one["impact"] in _GRAVE:
                where = [node["html"][:150] for node in one["nodes"][:3]]
                self.wrong.append(f"{urlsplit(self.page.url).path}: {one['id']}: {one['help']}: {where}")

    async def sign_in(self, key: str) -> None:
        """Sign in by a key, as a person does."""
        await self.goto("/sign-in")
        await self.page.get_by_label("API key").fill(key)
        await self.page.get_by_role("button", name="Sign in").click()
        await self.page.get_by_role("heading", name="Overview", level=1).wait_for()

    async def entries(self) -> list[str]:
        """Give the paths of the menu."""
        links = self.page.get_by_role("navigation", name="Areas").get_by_role("link")
        return [path for link in await links.all() if (path := await link.get_attribute("href")) is not None]

    async def keep(self, name: str) -> None:
        """Save a picture of the page, where AIAS_TEST_SCREENSHOTS names a folder."""
        folder = os.environ.get("AIAS_TEST_SCREENSHOTS")
        if folder:
            await self.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@asynccontextmanager
async def walking(url: str, **context: Any) -> AsyncIterator[Walk]:
    """Open a browser; at the end nothing may have been wrong: no error on the console, no request to another host."""
    host = urlsplit(url).netloc
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=_ARGUMENTS)
        page = await (await browser.new_context(**context)).new_page()
        page.set_default_timeout(60_000)
        walk = Walk(page=page, url=url)

        def console(message: Any) -> None:
            if message.type in {"error", "warning"}:
                walk.wrong.append(f"{page.url}: console: {message.text}")

        def request(asked: Any) -> None:
            if urlsplit(asked.url).netloc != host:
                walk.wrong.append(f"{page.url}: a request to {asked.url}")

        page.on("console", console)
        page.on("pageerror", lambda error: walk.wrong.append(f"{page.url}: {error}"))
        page.on("request", request)
        try:
            yield walk
        finally:
            await browser.close()
    assert walk.wrong == [], "\n".join(walk.wrong)
