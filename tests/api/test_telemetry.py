"""``/v1/telemetry``: one event, many, in lines, compressed; what is bad is told, what is too much is refused."""

from __future__ import annotations

import gzip
import json
from typing import Any

import psycopg

from tests.api.conftest import NewClient

Connection = psycopg.AsyncConnection[Any]
LINES = {"Content-Type": "application/x-ndjson"}
JSON_GZIP = {"Content-Type": "application/json", "Content-Encoding": "gzip"}


async def test_events_come_alone_in_arrays_in_lines_and_compressed(client: NewClient) -> None:
    key = await client("acme", "telemetry:write", "telemetry:read")
    one = {"event_id": "e-1", "name": "opened", "user_id": "u", "properties": {"page": 1}}
    taken = {"accepted": 1, "duplicates": 0, "rejected": 0, "problems": []}
    answer = await key.post("/v1/telemetry", json=one)
    assert (answer.status_code, answer.json()) == (200, taken)
    many = [{**one, "event_id": f"e-{n}"} for n in range(5)]
    assert (await key.post("/v1/telemetry", json=many)).json() == {**taken, "accepted": 4, "duplicates": 1}
    lines = "\n".join(json.dumps({**one, "event_id": f"l-{n}"}) for n in range(3)) + "\n\n"
    assert (await key.post("/v1/telemetry", content=lines, headers=LINES)).json()["accepted"] == 3
    packed = gzip.compress(lines.replace("l-", "z-").encode())
    both = LINES | {"Content-Encoding": "gzip"}
    assert (await key.post("/v1/telemetry", content=packed, headers=both)).json()["accepted"] == 3
    packed = gzip.compress(json.dumps(many).encode()) + gzip.compress(b" ")
    assert (await key.post("/v1/telemetry", content=packed, headers=JSON_GZIP)).json()["duplicates"] == 5

    page = (await key.get("/v1/telemetry", params={"limit": 6})).json()
    rest = (await key.get(page["next"])).json()
    assert len(page["items"]) == 6
    assert len(rest["items"]) == 5
    assert rest["next"] is None
    ids = [item["event_id"] for item in page["items"] + rest["items"]]
    assert sorted(ids) == sorted(f"{kind}-{n}" for kind, count in (("e", 5), ("l", 3), ("z", 3)) for n in range(count))
    assert page["items"][0]["properties"] == {"page": 1}
    assert (await key.get("/v1/telemetry", params={"name": "closed"})).json()["items"] == []
    assert len((await key.get("/v1/telemetry", params={"user": "u"})).json()["items"]) == 11


async def test_bad_events_of_a_request_are_told_and_the_good_ones_taken(client: NewClient) -> None:
    key = await client("acme")
    lines = '{"name": "a"}\n{"name": \n7\n{"name": "b"}\n{"name": "x", "name": "y"}\n'
    answer = await key.post("/v1/telemetry", content=lines, headers=LINES)
    told = answer.json()
    assert (answer.status_code, told["accepted"], told["rejected"]) == (200, 2, 3)
    assert [problem["index"] for problem in told["problems"]] == [1, 2, 4]
    assert told["problems"][1]["reason"] == "an event is an object"
    all_bad = await key.post("/v1/telemetry", json=[{}, {"name": "a", "trace_id": "x"}])
    assert all_bad.status_code == 422
    assert [error["path"] for error in all_bad.json()["errors"]] == ["$[0]", "$[1]"]


async def test_what_can_not_be_read_is_refused_and_a_bomb_does_not_go_off(client: NewClient) -> None:
    key = await client("acme")
    bomb = gzip.compress(b" " * 200_000_000)
    for content, headers, status in (
        (b"", {"Content-Type": "application/json"}, 400),
        (b"\n \n", LINES, 400),
        (b"{", {"Content-Type": "application/json"}, 400),
        (b"7", {"Content-Type": "application/json"}, 400),
        (b"\xff", {"Content-Type": "application/json"}, 400),
        (b"{}", {"Content-Type": "text/csv"}, 415),
        (b"{}", {"Content-Type": "application/json", "Content-Encoding": "br"}, 415),
        (b"no gzip", JSON_GZIP, 400),
        (gzip.compress(b'{"name": "a"}')[:-9], JSON_GZIP, 400),
        (bomb, JSON_GZIP, 413),
        (json.dumps([{"name": "a"}] * 10_001).encode(), {"Content-Type": "application/json"}, 413),
    ):
        answer = await key.post("/v1/telemetry", content=content, headers=headers)
        assert answer.status_code == status, (content[:20], answer.text)
    assert (await key.get("/v1/telemetry")).json()["items"] == []
    assert (await (await client("acme", "telemetry:read")).post("/v1/telemetry", json={"name": "a"})).status_code == 403


async def test_beyond_the_plans_rate_the_answer_is_429_and_says_when(client: NewClient, conn: Connection) -> None:
    key, operator = await client("acme"), await client()
    slug = (await key.get("/v1/tenants")).json()["items"][0]["slug"]
    await conn.execute("select aias.set_plan(%s, 'free')", (slug,))
    answer = await key.post("/v1/telemetry", json=[{"name": "a"}] * 1_000)
    assert answer.json()["accepted"] == 1_000
    answer = await key.post("/v1/telemetry", json=[{"name": "a"}] * 500)
    assert answer.status_code == 429
    assert 25 <= int(answer.headers["Retry-After"]) <= 31
    # an operator's key says whose events they are, and falls under the tenant's rate
    answer = await operator.post("/v1/telemetry", params={"tenant": slug}, json=[{"name": "a"}] * 500)
    assert answer.status_code == 429
    assert (await operator.post("/v1/telemetry", params={"tenant": "nobody"}, json={"name": "a"})).status_code == 404
    assert (await operator.post("/v1/telemetry", json={"name": "a"})).status_code == 422
