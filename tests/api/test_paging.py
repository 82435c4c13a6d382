"""Pages: nothing is skipped or told twice, whatever is inserted meanwhile."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from aias.workflows import apply_workflow, run_workflow
from tests.api.conftest import GREET, NewClient

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


# Executions of the last 30 days: one in twenty has failed, one in a thousand is of another workflow.
FILL = """
    insert into aias_private.executions (
        tenant_id, id, workflow_id, version, input, lane, status, created_at, finished_at, idempotency_key,
        trace_parent, error
    )
    select
        %(tenant)s,
        (left(aias_private.uuid7_floor(m.at)::text, 19) || substr(gen_random_uuid()::text, 20))::uuid,
        case when n %% 1000 = 0 then %(rare)s else %(common)s end,
        1,
        '{}',
        'bulk',
        case when n %% 20 = 7 then 'failed' else 'succeeded' end,
        m.at,
        m.at,
        'key-' || n,
        '00-' || md5(n::text) || '-00f067aa0ba902b7-01',
        case when n %% 20 = 7 then '{"message": "no"}'::jsonb end
    from generate_series(1, 100000) as n
    cross join lateral (select now() - interval '30 days' * n / 100000 as at) as m
"""


@pytest.mark.slow
async def test_a_page_of_100000_executions_is_read_by_an_index_whatever_narrows_it(
    conn: Connection, tenants: dict[str, str]
) -> None:
    await apply_workflow(conn, tenants["acme"], {**GREET, "name": "rare"})
    cursor = await conn.execute(
        "select w.tenant_id, w.id from aias.workflows as w where w.tenant = %s order by w.name", (tenants["acme"],)
    )
    (tenant, common), (_, rare) = await cursor.fetchall()
    await conn.execute(FILL, {"tenant": tenant, "common": common, "rare": rare})
    await conn.execute("analyze aias_private.executions")
    cursor = await conn.execute(
        "select id, trace_parent from aias_private.executions where tenant_id = %s order by id limit 1 offset 50000",
        (tenant,),
    )
    middle, trace = await cursor.fetchone() or (None, "")
    now = datetime.now(UTC)
    acme = {"p_tenant": tenant}
    narrowed: list[tuple[dict[str, Any], int]] = [
        ({}, 50),
        (acme, 50),
        ({"p_before": middle}, 50),
        ({"p_status": "failed"}, 50),
        ({"p_status": "succeeded"}, 50),
        ({"p_status": "running"}, 0),
        ({"p_workflow": "greet"}, 50),
        ({"p_workflow": "rare"}, 50),
        ({"p_since": now - timedelta(hours=1)}, 50),
        ({"p_since": now - timedelta(days=20)}, 50),
        ({"p_until": now - timedelta(days=20)}, 50),
        ({"p_since": now - timedelta(days=20), "p_until": now - timedelta(days=19, hours=20)}, 50),
        ({"p_since": now - timedelta(days=20), "p_status": "failed", "p_workflow": "greet"}, 50),
        ({"p_idempotency_key": "key-77777"}, 1),
        ({"p_idempotency_key": "nobody's"}, 0),
        ({"p_trace_id": trace.split("-")[1]}, 1),
    ]
    for filters, wanted in narrowed:
        for whose in (acme, {}):
            given = {**whose, **filters, "p_limit": 50}
            call = SQL("aias.find_executions({})").format(
                SQL(", ").join(SQL("{} => {}").format(Identifier(name), value) for name, value in given.items())
            )
            cursor = await conn.execute(SQL("select f.id from {} as f").format(call))
            rows = await cursor.fetchall()
            assert len(rows) == wanted or (not whose and len(rows) >= wanted), given
            cursor = await conn.execute(SQL("explain (analyze, buffers, format json) select from {}").format(call))
            ((((plan,),),),) = [await cursor.fetchall()]
            touched = plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
            # the table alone has some thousands; a row by an index that is not in its order may be a block
            assert touched < 1500, (given, touched)
