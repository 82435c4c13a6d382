"""What holds for every route: the key, problems, headers, health."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from aias.api import revoke_api_key
from tests.api.conftest import NewClient

Connection = psycopg.AsyncConnection[Any]


async def test_without_a_good_key_it_is_401_and_says_how(client: NewClient) -> None:
    nobody = await client(token=None)
    unknown = f"Bearer aias_{'0' * 16}_{'0' * 64}"
    for header in (None, "", "Bearer", "Bearer x", "Basic YTpi", unknown, f"bearer aias_{'0' * 16}_"):
        answer = await nobody.get("/v1/executions", headers={} if header is None else {"Authorization": header})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["type"] == "urn:aias:problem:unauthenticated"


async def test_a_key_with_another_secret_is_refused(client: NewClient) -> None:
    acme = await client("acme")
    token = acme.headers["authorization"]
    wrong = token[:-1] + ("0" if token[-1] != "0" else "1")
    assert (await acme.get("/v1/executions", headers={"Authorization": wrong})).status_code == 401
    assert (await acme.get("/v1/executions")).status_code == 200


async def test_a_revoked_key_is_refused_at_once(client: NewClient, conn: Connection) -> None:
    acme = await client("acme")
    assert (await acme.get("/v1/executions")).status_code == 200
    await revoke_api_key(conn, acme.headers["authorization"].split("_")[1])
    refused = await acme.get("/v1/executions")
    assert (refused.status_code, refused.json()["detail"]) == (401, "the key has been revoked")


async def test_an_expired_key_is_refused(client: NewClient, conn: Connection, set_clock: Any) -> None:
    acme = await client("acme", expires_at=datetime.now(UTC) + timedelta(hours=1))
    assert (await acme.get("/v1/executions")).status_code == 200
    await set_clock(conn, datetime.now(UTC) + timedelta(hours=2))
    refused = await acme.get("/v1/executions")
    await set_clock(conn, None)
    assert (refused.status_code, refused.json()["detail"]) == (401, "the key has expired")


async def test_a_missing_scope_is_named(client: NewClient) -> None:
    reader = await client("acme", "executions:read")
    assert (await reader.get("/v1/executions")).status_code == 200
    refused = await reader.post("/v1/executions", json={})
    assert refused.status_code == 403
    assert refused.json()["type"] == "urn:aias:problem:missing-scope"
    assert "executions:write" in refused.json()["detail"]


async def test_scopes_cover_what_they_say(client: NewClient) -> None:
    good, bad = ("*", "executions:*", "*:read", "executions:read"), ("executions:write", "jobs:*")
    cases = dict.fromkeys(good, 200) | dict.fromkeys(bad, 403)
    for scope, status in cases.items():
        one = await client("acme", scope)
        assert (await one.get("/v1/executions")).status_code == status


async def test_no_such_path_and_no_such_method_are_problems(client: NewClient) -> None:
    nobody = await client(token=None)
    absent = await nobody.get("/v1/nothing")
    assert (absent.status_code, absent.json()["type"]) == (404, "urn:aias:problem:not-found")
    wrong = await nobody.put("/v1/executions")
    assert (wrong.status_code, wrong.json()["type"]) == (405, "urn:aias:problem:method-not-allowed")
    assert {one.strip() for one in wrong.headers["allow"].split(",")} == {"GET", "HEAD", "POST"}


BAD_BODIES: list[tuple[bytes, int]] = [
    (b"{", 400),
    (b"", 422),
    (b"null", 422),
    (b"[]", 422),
    (b"7", 422),
    (b"\xff\xfe", 400),
    (b'{"workflow":"greet","input":{"name":NaN}}', 400),
    (b'{"workflow":"greet","input":{"name":1e5000}}', 400),
    (b'{"workflow":"greet","input":{"n":' + b"1" * 400 + b"}}", 400),
    (b'{"workflow":"greet","input":{"name":"\\u0000"}}', 400),
    (b'{"workflow":"greet","input":{"\\u0000":1}}', 400),
    (b'{"workflow":"greet","input":{"name":"\\ud800"}}', 400),
    (b'{"workflow":"greet","workflow":"greet"}', 400),
    (b'{"workflow":"greet","input":' + b'{"a":' * 100 + b"1" + b"}" * 101, 400),
    (b"[" * 100_000, 400),
    (b'{"workflow":"greet","tenant_id":"x"}', 422),
]


async def test_a_bad_body_is_told_and_starts_nothing(client: NewClient) -> None:
    acme = await client("acme")
    for body, status in BAD_BODIES:
        answer = await acme.post("/v1/executions", content=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == status, (body[:100], answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["errors"], body[:100]
    assert (await acme.get("/v1/executions")).json()["items"] == []


async def test_a_body_that_is_not_said_to_be_json_is_415(client: NewClient) -> None:
    acme = await client("acme")
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        answer = await acme.post("/v1/executions", content=b"{}", headers={"Content-Type": kind})
        assert answer.status_code == 415
    taken = await acme.post(
        "/v1/executions",
        content=b'{"workflow":"greet","input":{"name":"Ada"}}',
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    assert taken.status_code == 201


async def test_a_body_over_the_limit_is_413_whether_its_length_is_told_or_not(client: NewClient) -> None:
    acme = await client("acme")

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"x" * 100_000

    headers = {"Content-Type": "application/json"}
    contents: list[bytes | AsyncIterator[bytes]] = [b"x" * 3_000_000, parts()]
    for content in contents:
        answer = await acme.post("/v1/executions", content=content, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (413, "urn:aias:problem:body-too-large")


async def test_every_answer_has_an_id_and_security_headers(client: NewClient) -> None:
    nobody = await client(token=None)
    for path in ("/livez", "/v1/executions", "/nothing"):
        answer = await nobody.get(path)
        assert len(answer.headers["x-request-id"]) == 36
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert "server" not in answer.headers
    echoed = await nobody.get("/livez", headers={"X-Request-ID": "bad id"})
    assert echoed.headers["x-request-id"] != "bad id"


async def test_health_is_told_with_latencies(client: NewClient) -> None:
    nobody = await client(token=None)
    assert (await nobody.get("/livez")).json() == {"status": "ok"}
    assert (await nobody.get("/readyz")).json() == {"status": "ok"}
    answer = await nobody.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    # besides there is what workers found, if any has looked
    checks = {check["name"]: check for check in answer.json()["checks"] if check["checked_at"] is None}
    assert {name: check["status"] for name, check in checks.items()} == {
        "database": "ok",
        "schema": "ok",
        "workers": "failing",
    }
    assert all(check["latency_ms"] > 0 for check in checks.values())


async def test_head_is_get_without_the_body(client: NewClient) -> None:
    acme = await client("acme")
    answer = await acme.head("/v1/executions")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) > 0
