"""Pages: nothing is skipped or told twice, whatever is inserted meanwhile."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.sql import SQL

from aias.workflows import run_workflow
from tests.api.conftest import NewClient

Connection = psycopg.AsyncConnection[Any]


async def start(conn: Connection, tenants: dict[str, str], count: int) -> list[str]:
    return [str(await run_workflow(conn, tenants["acme"], "greet", {"name": str(n)})) for n in range(count)]


def following(answer: httpx.Response) -> str | None:
    link = answer.headers.get("link")
    if link is None:
        return None
    match = re.fullmatch(r'<([^>]+)>; rel="next"', link)
    assert match is not None
    assert answer.json()["next"] == match[1]
    return match[1]


async def test_pages_hold_what_was_there_once_each_while_more_is_started(
    client: NewClient, conn: Connection, tenants: dict[str, str]
) -> None:
    acme = await client("acme")
    first = await start(conn, tenants, 25)
    seen: list[str] = []
    url: str | None = "/v1/executions?limit=10"
    while url is not None:
        answer = await acme.get(url)
        assert answer.status_code == 200
        seen += [item["id"] for item in answer.json()["items"]]
        assert len(answer.json()["items"]) <= 10
        await start(conn, tenants, 3)
        url = following(answer)
    assert seen == first[::-1]


async def test_the_last_page_has_no_next_even_when_it_is_full(
    client: NewClient, conn: Connection, tenants: dict[str, str]
) -> None:
    acme = await client("acme")
    await start(conn, tenants, 10)
    answer = await acme.get("/v1/executions", params={"limit": 10})
    assert (len(answer.json()["items"]), answer.json()["next"], "link" in answer.headers) == (10, None, False)


async def test_filters_and_fields_go_along_to_the_next_page(
    client: NewClient, conn: Connection, tenants: dict[str, str]
) -> None:
    acme = await client("acme")
    await start(conn, tenants, 3)
    answer = await acme.get("/v1/executions", params={"limit": 1, "workflow": "greet", "fields": "id,status"})
    url = following(answer)
    assert url is not None
    assert (await acme.get(url)).json()["items"][0].keys() == {"id", "status"}


@pytest.mark.parametrize("limit", ["0", "-1", "501", "1000000000000000000000", "x", ""])
async def test_a_limit_out_of_range_is_422(client: NewClient, limit: str) -> None:
    acme = await client("acme")
    refused = await acme.get("/v1/executions", params={"limit": limit})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (422, "query.limit")


async def test_a_forged_or_foreign_cursor_is_400(client: NewClient, conn: Connection, tenants: dict[str, str]) -> None:
    acme, other = await client("acme"), await client("other")
    await start(conn, tenants, 3)
    url = following(await acme.get("/v1/executions", params={"limit": 1}))
    assert url is not None
    cursor = httpx.URL(url).params["cursor"]
    values = json.loads(base64.urlsafe_b64decode(cursor + "=="))

    def forged(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    deep = base64.urlsafe_b64encode(b"[" * 700).decode()
    for bad in (
        "",
        "x",
        "%00",
        forged([]),
        forged({}),
        forged([values[0], 7]),
        forged([values[0]]),
        forged([*values, 1]),
        deep,
    ):
        assert (await acme.get("/v1/executions", params={"cursor": bad})).status_code == 400, bad
    assert (await other.get("/v1/executions", params={"cursor": cursor})).status_code == 400
    assert (await acme.get("/v1/executions", params={"cursor": cursor, "status": "queued"})).status_code == 400
    assert (await acme.get("/v1/workflows", params={"cursor": cursor})).status_code == 400
    assert (await acme.get("/v1/executions", params={"cursor": cursor})).status_code == 200


async def test_a_page_is_read_from_where_it_begins_however_much_there_is(
    conn: Connection, tenants: dict[str, str]
) -> None:
    (model,) = await start(conn, tenants, 1)
    cursor = await conn.execute("select tenant_id, workflow_id from aias_private.executions where id = %s", (model,))
    tenant_id, workflow_id = await cursor.fetchone() or (None, None)
    await conn.execute(
        "insert into aias_private.executions (tenant_id, id, workflow_id, version, input, lane, status, finished_at)"
        " select %s, aias_private.uuid7(), %s, 1, '{}', 'bulk', 'cancelled', now() from generate_series(1, 20000)",
        (tenant_id, workflow_id),
    )
    await conn.execute("analyze aias_private.executions")
    cursor = await conn.execute(
        "select id from aias_private.executions where tenant_id = %s order by id limit 1 offset 10000", (tenant_id,)
    )
    (middle,) = await cursor.fetchone() or (None,)
    for filters in ("", ", p_status => 'cancelled'", ", p_status => 'failed'", ", p_workflow => 'greet'"):
        explain = SQL(
            "explain (analyze, buffers, format json) select from aias.find_executions("  # pyright: ignore[reportArgumentType]
            f"p_tenant => {{}}, p_before => {{}}, p_limit => 5{filters})"
        ).format(tenant_id, middle)
        # the first call of a session reads the catalog as well
        await conn.execute(explain)
        cursor = await conn.execute(explain)
        ((((plan,),),),) = [await cursor.fetchall()]
        touched = plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
        assert touched < 150, (filters, touched)
