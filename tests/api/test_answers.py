"""Answers: conditional, narrowed, compressed, for browsers of others only where that is set."""

from __future__ import annotations

import gzip
import sys
from typing import Any

import httpx
import psycopg
import pytest

from aias.api import create_app
from aias.settings import Settings
from aias.workflows import run_workflow
from tests.api.conftest import NewClient

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Connection = psycopg.AsyncConnection[Any]


async def test_what_has_not_changed_is_304_and_what_has_is_not(client: NewClient) -> None:
    acme = await client("acme")
    url = (await acme.post("/v1/executions", json={"workflow": "greet", "input": {"name": "Ada"}})).headers["location"]
    first = await acme.get(url)
    tag = first.headers["etag"]
    for known in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
        same = await acme.get(url, headers={"If-None-Match": known})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert (await acme.get(url, headers={"If-None-Match": '"x"'})).status_code == 200
    await acme.post(f"{url}/cancel")
    changed = await acme.get(url, headers={"If-None-Match": tag})
    assert (changed.status_code, changed.headers["etag"] == tag) == (200, False)


async def test_fields_narrow_an_answer_and_each_item(client: NewClient) -> None:
    acme = await client("acme")
    url = (await acme.post("/v1/executions", json={"workflow": "greet", "input": {"name": "Ada"}})).headers["location"]
    assert (await acme.get(url, params={"fields": "status, input"})).json() == {
        "status": "queued",
        "input": {"name": "Ada"},
    }
    listed = (await acme.get("/v1/executions", params={"fields": "workflow"})).json()
    assert listed == {"items": [{"workflow": "greet"}], "next": None}
    for bad in ("", "nothing", "id,nothing", "id;drop table x", "__class__"):
        refused = await acme.get("/v1/executions", params={"fields": bad})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "query.fields")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"),
        ("gzip, zstd", "zstd"),
        ("zstd;q=0, gzip;q=0.5", "gzip"),
        ("identity", None),
        ("gzip;q=0", None),
        ("gzip;q=x", None),
    ],
)
async def test_an_answer_is_compressed_as_the_client_takes_it(
    client: NewClient, conn: Connection, tenants: dict[str, str], accepted: str, encoding: str | None
) -> None:
    acme = await client("acme")
    for number in range(5):
        await run_workflow(conn, tenants["acme"], "greet", {"name": str(number)})
    request = acme.build_request("GET", "/v1/executions", headers={"Accept-Encoding": accepted})
    answer = await acme.send(request, stream=True)
    raw = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    text = {"gzip": gzip.decompress, "zstd": zstd.decompress, None: bytes}[encoding](raw)
    assert len(httpx.Response(200, content=text).json()["items"]) == 5
    assert int(answer.headers["content-length"]) == len(raw)


async def test_other_sites_may_call_only_where_that_is_set(client: NewClient, settings: Settings) -> None:
    acme = await client("acme")
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    assert "access-control-allow-origin" not in (await acme.get("/v1/executions", headers=asked)).headers
    assert (await acme.options("/v1/executions", headers=asked)).status_code == 405
    app = create_app(settings.model_copy(update={"api_cors_origins": "https://app.example"}))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api.test") as open_to_one:
        allowed = await open_to_one.options("/v1/executions", headers=asked)
        assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, "https://app.example")
        refused = await open_to_one.options("/v1/executions", headers={**asked, "Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in refused.headers


async def test_the_page_to_try_it_loads_nothing_from_elsewhere(client: NewClient) -> None:
    nobody = await client(token=None)
    page = await nobody.get("/docs")
    assert page.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert "http" not in page.text.replace("HTTP", "")
    for name in ("swagger-ui-bundle.js", "swagger-ui.css", "docs.js", "favicon-32x32.png"):
        assert f"/docs/{name}" in page.text or name == "docs.js"
        assert (await nobody.get(f"/docs/{name}")).status_code == 200
    for bad in ("README", "..%2f__init__.py", "%2e%2e/app.py"):
        assert (await nobody.get(f"/docs/{bad}")).status_code == 404
    assert (await nobody.get("/openapi.json")).json()["openapi"] == "3.1.0"
