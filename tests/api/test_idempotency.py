"""Idempotency-Key: a POST that is sent again is not done again, whoever races."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import psycopg

from tests.api.conftest import NewClient

Connection = psycopg.AsyncConnection[Any]
BODY = {"workflow": "greet", "input": {"name": "Ada"}}
KEY = {"Idempotency-Key": "order-1"}


async def test_the_same_request_gets_the_same_answer_and_is_done_once(client: NewClient) -> None:
    acme = await client("acme")
    first = await acme.post("/v1/executions", json=BODY, headers=KEY)
    again = await acme.post("/v1/executions", json=BODY, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["location"] == first.headers["location"]
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert len((await acme.get("/v1/executions")).json()["items"]) == 1


async def test_twenty_at_once_are_one_execution(client: NewClient) -> None:
    acme = await client("acme")
    answers = await asyncio.gather(*(acme.post("/v1/executions", json=BODY, headers=KEY) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len([answer for answer in answers if "idempotent-replayed" not in answer.headers]) == 1
    assert len((await acme.get("/v1/executions")).json()["items"]) == 1


async def test_another_request_under_the_key_is_a_conflict(client: NewClient) -> None:
    acme = await client("acme")
    await acme.post("/v1/executions", json=BODY, headers=KEY)
    other = {**BODY, "input": {"name": "Bo"}}
    refused = await acme.post("/v1/executions", json=other, headers=KEY)
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (409, "$.idempotency_key")
    elsewhere = await acme.post("/v1/workflows/greet/disable", headers=KEY)
    assert elsewhere.status_code == 409
    assert (await acme.get("/v1/workflows/greet")).json()["is_enabled"] is True


async def test_a_key_after_an_error_may_try_again(client: NewClient) -> None:
    acme = await client("acme")
    await acme.post("/v1/workflows/greet/disable")
    assert (await acme.post("/v1/executions", json=BODY, headers=KEY)).status_code == 409
    await acme.post("/v1/workflows/greet/enable")
    assert (await acme.post("/v1/executions", json=BODY, headers=KEY)).status_code == 201


async def test_a_key_of_one_tenant_is_free_for_another(client: NewClient) -> None:
    acme, other = await client("acme"), await client("other")
    mine = await acme.post("/v1/executions", json=BODY, headers=KEY)
    theirs = await other.post("/v1/executions", json={**BODY, "input": {"name": "Bo"}}, headers=KEY)
    assert theirs.status_code == 201
    assert theirs.json()["id"] != mine.json()["id"]


async def test_what_a_rolled_back_request_took_is_taken_by_the_next(client: NewClient, conn: Connection) -> None:
    acme = await client("acme")
    async with conn.transaction(force_rollback=True):
        # another request with the key is under way, and comes to nothing
        await conn.execute(
            "select aias_private.claim_answer("
            "(select tenant_id from aias.api_keys where id = %s), 'order-1', sha256('another'))",
            (acme.headers["authorization"].split("_")[1],),
        )
        waiting = asyncio.create_task(acme.post("/v1/executions", json=BODY, headers=KEY))
        for _ in range(500):
            cursor = await conn.execute(
                "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%claim_answer%'"
            )
            if await cursor.fetchone() == (1,):
                break
            await asyncio.sleep(0.01)
        assert not waiting.done()
    assert (await waiting).status_code == 201


async def test_a_malformed_key_is_refused(client: NewClient) -> None:
    acme = await client("acme")
    for key in ("", "x" * 256, "with space", "ünicode"):
        headers = [(b"Idempotency-Key", key.encode())]
        assert (await acme.post("/v1/executions", json=BODY, headers=headers)).status_code == 422
    twice = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    assert (await acme.post("/v1/executions", json=BODY, headers=twice)).status_code == 422
    quoted = await acme.post("/v1/executions", json=BODY, headers={"Idempotency-Key": '"order-1"'})
    plain = await acme.post("/v1/executions", json=BODY, headers=KEY)
    assert plain.json()["id"] == quoted.json()["id"]


async def test_an_answer_with_a_secret_is_kept_nowhere(client: NewClient, conn: Connection) -> None:
    acme = await client("acme")
    body = {"name": "mine", "scopes": ["*"]}
    assert (await acme.post("/v1/keys", json=body, headers=KEY)).status_code == 422
    token = (await acme.post("/v1/keys", json=body)).json()["token"]
    cursor = await conn.execute(
        "select count(*) from aias_private.http_answers where position(%s in body) > 0", (token.encode(),)
    )
    assert await cursor.fetchone() == (0,)


async def test_answers_are_forgotten_after_a_day(client: NewClient, conn: Connection, set_clock: Any) -> None:
    acme = await client("acme")
    first = await acme.post("/v1/executions", json=BODY, headers=KEY)
    cursor = await conn.execute("select now() + interval '25 hours'")
    (tomorrow,) = await cursor.fetchone() or (datetime.now(UTC),)
    await set_clock(conn, tomorrow)
    try:
        second = await acme.post("/v1/executions", json=BODY, headers=KEY)
        assert second.json()["id"] != first.json()["id"]
        await set_clock(conn, tomorrow.replace(year=tomorrow.year + 1))
        await conn.execute("select aias_private.forget_answers()")
    finally:
        await set_clock(conn, None)
    cursor = await conn.execute("select count(*) from aias_private.http_answers")
    assert await cursor.fetchone() == (0,)
