"""A browser that consents at once, for the tests of OAuth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from aias.integrations import finish_oauth, start_oauth

__all__ = ["BACK", "connect_by_consent", "consent"]

BACK = "http://127.0.0.1:8976/callback"


async def consent(url: str) -> str:
    """Open the address; gives the query string with which the upstream sends the browser back."""
    async with httpx.AsyncClient(timeout=10, trust_env=False, verify=False) as browser:
        answer = await browser.get(url)
    assert answer.status_code == 302, answer.text
    return urlsplit(answer.headers["location"]).query


async def connect_by_consent(workspace: Any, kind: str, config: Mapping[str, Any], **more: Any) -> Any:
    """The whole way."""
    whose = {"tenant": workspace.tenant, "user": "kim"}
    started = await start_oauth(workspace.pool, **whose, kind=kind, config=config, redirect_uri=BACK, **more)
    return await finish_oauth(workspace.pool, **whose, query=await consent(started.url))
