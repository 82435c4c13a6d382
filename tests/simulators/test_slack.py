from __future__ import annotations

import json
from urllib.parse import urlencode

import httpx
import pytest

from aias.simulators import Simulators
from aias.simulators.slack import MESSAGE_LIMIT


async def test_a_message_is_taken_with_ok(sims: Simulators, client: httpx.AsyncClient) -> None:
    answer = await client.post(sims.slack.url, json={"text": "Rechnung für „Zoë“ ☕"})
    assert (answer.status_code, answer.text) == (200, "ok")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert sims.slack.records()[0]["text"] == "Rechnung für „Zoë“ ☕"


async def test_a_form_with_a_payload_is_taken_too(sims: Simulators, client: httpx.AsyncClient) -> None:
    body = urlencode({"payload": json.dumps({"text": "hello"})})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await client.post(sims.slack.url, content=body, headers=headers)).text == "ok"
    assert sims.slack.state()["messages"]["count"] == 1


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (b"", 400, "invalid_payload"),
        (b"{", 400, "invalid_payload"),
        (b"[]", 400, "invalid_payload"),
        (b"{}", 400, "no_text"),
        (b'{"text": ""}', 400, "no_text"),
        (b'{"text": "a", "blocks": 1}', 400, "invalid_payload"),
        (json.dumps({"attachments": [{}] * 101}).encode(), 400, "too_many_attachments"),
        (json.dumps({"blocks": [{"type": "divider"}]}).encode(), 200, "ok"),
    ],
)
async def test_a_message_that_can_not_be_is_refused_in_slacks_words(
    sims: Simulators, client: httpx.AsyncClient, body: bytes, status: int, word: str
) -> None:
    answer = await client.post(sims.slack.url, content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.text) == (status, word)
    assert sims.slack.state()["messages"]["count"] == (1 if status == 200 else 0)


async def test_another_webhook_is_not_there(sims: Simulators, client: httpx.AsyncClient) -> None:
    answer = await client.post(f"{sims.slack.base_url}/services/T0/B0/x", json={"text": "a"})
    assert (answer.status_code, answer.text) == (404, "no_service")


async def test_too_many_messages_are_told_to_wait(sims: Simulators, client: httpx.AsyncClient) -> None:
    sims.slack.faults.add({"match": {"operation": "webhook"}, "do": {"status": 429, "retry_after": 30}})
    answer = await client.post(sims.slack.url, json={"text": "a"})
    assert (answer.status_code, answer.text, answer.headers["Retry-After"]) == (429, "rate_limited", "30")
    assert sims.slack.state()["messages"]["count"] == 0


async def test_old_messages_are_dropped_but_counted(sims: Simulators, client: httpx.AsyncClient) -> None:
    sims.slack.messages.extend({"text": "old"} for _ in range(MESSAGE_LIMIT))
    sims.slack.message_count = MESSAGE_LIMIT
    await client.post(sims.slack.url, json={"text": "new"})
    assert sims.slack.state()["messages"] == {"count": MESSAGE_LIMIT + 1, "kept": MESSAGE_LIMIT}
    assert sims.slack.records()[-1]["text"] == "new"


async def test_a_long_message_is_kept_in_short(sims: Simulators, client: httpx.AsyncClient) -> None:
    await client.post(sims.slack.url, json={"text": "x" * 100_000})
    assert len(sims.slack.records()[0]["text"]) < 300
