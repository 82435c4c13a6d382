from __future__ import annotations

import asyncio
import gzip
import logging
import time
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr

from aias.errors import Deferred, PermanentError, StepError, TransientError
from aias.integrations.client import Call, Upstream

TOKEN = "planted-token-0123456789"

Make = Callable[..., Upstream]


async def hang(exchange: Any) -> None:
    await asyncio.Event().wait()


async def ok(exchange: Any) -> None:
    await exchange.answer()


async def test_an_answer_comes_back_whole(server: Any, upstream: Make) -> None:
    server.says(lambda x: x.answer(201, b'{"a":1}', x_request_id="r1"))
    answer = await upstream().call("POST", "/things", json={"n": "ä"})
    assert (answer.status, answer.body, answer.headers["x-request-id"]) == (201, b'{"a":1}', "r1")
    assert server.requests[0].startswith(b"POST /things HTTP/1.1\r\n")
    assert server.requests[0].endswith('{"n":"ä"}'.encode())


async def test_the_trace_and_our_idempotency_key_are_passed_on(server: Any, upstream: Make) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    server.says(ok)
    await upstream(headers={"X-Token": SecretStr(TOKEN)}).call(
        "GET", call=Call(idempotency_key="execution:step", trace_parent=trace)
    )
    request = server.requests[0].decode().lower()
    assert f"traceparent: {trace}" in request
    assert "idempotency-key: execution:step" in request
    assert f"x-token: {TOKEN}" in request
    assert "user-agent: aias/" in request


async def test_a_malformed_trace_is_left_out(server: Any, upstream: Make) -> None:
    server.says(ok)
    await upstream().call("GET", call=Call(trace_parent="00-x\r\nX-Evil: 1"))
    assert b"traceparent" not in server.requests[0].lower()
    assert b"evil" not in server.requests[0].lower()


@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 504, 520])
async def test_a_status_that_says_later_is_transient(server: Any, upstream: Make, status: int) -> None:
    server.says(lambda x: x.answer(status, b"busy", retry_after="7"))
    with pytest.raises(TransientError) as caught:
        await upstream().call("GET")
    assert caught.value.retry_after == 7.0
    assert caught.value.detail["status"] == status


async def test_a_call_that_is_too_much_is_put_off(server: Any, upstream: Make) -> None:
    server.says(lambda x: x.answer(429, b"busy", retry_after="7"), lambda x: x.answer(429, b"busy"))
    for seconds in (7.0, 1.0):
        with pytest.raises(Deferred) as caught:
            await upstream().call("GET")
        assert (caught.value.kind, caught.value.seconds) == ("gate", seconds)


@pytest.mark.parametrize("status", [400, 402, 404, 406, 409, 410, 422, 423, 430, 501])
async def test_a_status_that_says_no_is_permanent(server: Any, upstream: Make, status: int) -> None:
    server.says(lambda x: x.answer(status, b'{"errors":"Not Found"}'))
    with pytest.raises(PermanentError, match=f"test:main answered {status}"):
        await upstream().call("GET")


@pytest.mark.parametrize("status", [401, 403])
async def test_refused_credentials_name_the_connection(server: Any, upstream: Make, status: int) -> None:
    server.says(lambda x: x.answer(status, b"{}"))
    with pytest.raises(PermanentError, match=rf"test:main refused the credentials .*\({status}\): connect it again"):
        await upstream().call("GET")


async def test_503_twice_and_then_an_answer_is_two_errors_and_a_result(server: Any, upstream: Make) -> None:
    async def busy(exchange: Any) -> None:
        await exchange.answer(503)

    server.says(busy, busy, ok)
    for _ in range(2):
        with pytest.raises(TransientError):
            await upstream().call("GET")
    assert (await upstream().call("GET")).status == 200


async def test_a_server_that_never_answers_is_given_up_at_the_deadline(server: Any, upstream: Make) -> None:
    server.says(hang)
    started = time.monotonic()
    with pytest.raises(TransientError, match=r"did not answer within 0\.3 s"):
        await upstream(total=0.3).call("GET")
    assert time.monotonic() - started < 30


async def test_a_server_that_drips_does_not_outlast_the_deadline(server: Any, upstream: Make) -> None:
    async def drip(exchange: Any) -> None:
        await exchange.send(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        for _ in range(1000):
            await exchange.send(b"x")
            await asyncio.sleep(0.05)

    server.says(drip)
    with pytest.raises(TransientError, match="did not answer within"):
        await upstream(read=5.0, total=0.5).call("GET")


async def test_silence_in_the_middle_is_transient(server: Any, upstream: Make) -> None:
    async def stop(exchange: Any) -> None:
        await exchange.send(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nx")
        await hang(exchange)

    server.says(stop)
    with pytest.raises(TransientError, match="stopped answering"):
        await upstream(read=0.2).call("GET")


async def reset(exchange: Any) -> None:
    exchange.reset()


async def cut(exchange: Any) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{")
    exchange.writer.close()


async def close_at_once(exchange: Any) -> None:
    exchange.writer.close()


async def garbage(exchange: Any) -> None:
    await exchange.send(b"\x00\x01 this is no HTTP\r\n\r\n")


@pytest.mark.parametrize("fault", [reset, cut, close_at_once, garbage])
async def test_a_broken_connection_is_transient(server: Any, upstream: Make, fault: Any) -> None:
    server.says(fault)
    with pytest.raises(TransientError, match="test:main broke the connection"):
        await upstream().call("POST", json={})


async def test_a_closed_port_is_transient(server: Any, upstream: Make) -> None:
    here = upstream()
    closed = Upstream(name="test:main", base_url="http://127.0.0.1:1", egress=here.egress)
    with pytest.raises(TransientError, match="can't be reached: connection refused"):
        await closed.call("GET")


@pytest.mark.parametrize(
    "body", [b"<html>Bad gateway</html>", b'{"data": {"order": {"id": 1', b"", b"\xff\xfe{\x00}\x00", b"1e5000"]
)
async def test_an_unreadable_answer_is_transient_at_first_and_then_permanent(
    server: Any, upstream: Make, body: bytes
) -> None:
    server.says(lambda x: x.answer(200, body))
    service = upstream()
    for attempt, expected in ((1, TransientError), (4, TransientError), (5, PermanentError)):
        call = Call(attempt=attempt)
        answer = await service.call("GET", call=call)
        with pytest.raises(expected, match="can't be read"):
            service.read_json(answer, call=call)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_a_packed_answer_is_unpacked(server: Any, upstream: Make, coding: str) -> None:
    body = gzip.compress(b'{"a":1}') if coding == "gzip" else zlib.compress(b'{"a":1}')
    server.says(lambda x: x.answer(200, body, content_encoding=coding))
    assert (await upstream().call("GET")).body == b'{"a":1}'


@pytest.mark.parametrize(
    ("coding", "body"),
    [("gzip", gzip.compress(b"{}" * 500, mtime=0)[:-9]), ("gzip", b"no gzip"), ("br", b"x"), ("gzip, gzip", b"x")],
)
async def test_broken_or_unknown_packing_can_not_be_read(server: Any, upstream: Make, coding: str, body: bytes) -> None:
    server.says(lambda x: x.answer(200, body, content_encoding=coding))
    with pytest.raises(TransientError, match="can't be read"):
        await upstream().call("GET")


async def test_an_answer_beyond_the_limit_is_given_up_while_it_streams(server: Any, upstream: Make) -> None:
    async def endless(exchange: Any) -> None:
        await exchange.send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        while True:
            await exchange.send(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

    server.says(endless)
    with pytest.raises(TransientError, match="larger than 100000 bytes"):
        await upstream(max_bytes=100_000).call("GET")


async def test_a_bomb_is_not_unpacked_beyond_the_limit(server: Any, upstream: Make) -> None:
    bomb = gzip.compress(b"\x00" * 50_000_000)
    server.says(lambda x: x.answer(200, bomb, content_encoding="gzip"))
    with pytest.raises(TransientError, match="larger than 100000 bytes"):
        await upstream(max_bytes=100_000).call("GET")


async def test_a_get_follows_a_redirect_within_its_origin(server: Any, upstream: Make) -> None:
    async def moved(exchange: Any) -> None:
        await exchange.answer(302, location="/new")

    server.says(moved, ok)
    assert (await upstream().call("GET", "/old")).status == 200
    assert server.requests[1].startswith(b"GET /new ")


@pytest.mark.parametrize(
    "location", ["http://169.254.169.254/", "http://127.0.0.1:1/", "//other.invalid/", "https://x"]
)
async def test_a_redirect_elsewhere_is_not_followed(server: Any, upstream: Make, location: str) -> None:
    server.says(lambda x: x.answer(302, location=location))
    with pytest.raises(PermanentError, match="redirect"):
        await upstream().call("GET")
    assert len(server.requests) == 1


async def test_a_post_follows_no_redirect_at_all(server: Any, upstream: Make) -> None:
    server.says(lambda x: x.answer(307, location="/again"))
    with pytest.raises(PermanentError, match="redirect to /again"):
        await upstream().call("POST", json={})
    assert len(server.requests) == 1


async def test_redirects_in_a_circle_end(server: Any, upstream: Make) -> None:
    server.says(lambda x: x.answer(302, location="/again"))
    with pytest.raises(PermanentError, match="redirect"):
        await upstream().call("GET")
    assert len(server.requests) == 4


async def test_connections_are_kept_for_the_next_call(server: Any, upstream: Make) -> None:
    ports: set[Any] = set()

    async def answer(exchange: Any) -> None:
        ports.add(exchange.writer.get_extra_info("peername"))
        await exchange.answer()

    server.says(answer)
    for _ in range(5):
        await upstream().call("GET")
    assert len(ports) == 1


async def test_proxies_of_the_environment_are_ignored(
    server: Any, upstream: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    server.says(ok)
    assert (await upstream().call("GET")).status == 200


# --- secrets ------------------------------------------------------------------------------------


async def echo(exchange: Any) -> None:
    """An upstream that throws the caller's own headers back at it."""
    await exchange.answer(500, exchange.request)


async def test_a_token_that_the_upstream_echoes_is_masked_in_the_error(server: Any, upstream: Make) -> None:
    server.says(echo)
    service = upstream(
        headers={"X-Shopify-Access-Token": SecretStr(TOKEN), "Authorization": SecretStr(f"Bearer {TOKEN}")}
    )
    with pytest.raises(StepError) as caught:
        await service.call("POST", json={})
    assert TOKEN not in str(caught.value.to_json())
    assert "redacted" in str(caught.value.to_json())


async def test_the_token_is_in_no_repr_and_no_log(
    server: Any, upstream: Make, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    server.says(ok, echo)
    service = upstream(headers={"X-Shopify-Access-Token": SecretStr(TOKEN)})
    await service.call("GET")
    with pytest.raises(TransientError):
        await service.call("GET")
    printed = capsys.readouterr()
    for shown in (repr(service), str(service), caplog.text, printed.out, printed.err):
        assert TOKEN not in shown


async def test_a_secret_address_is_in_no_error_and_no_log(
    server: Any, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], upstream: Make
) -> None:
    caplog.set_level(logging.DEBUG)
    server.says(echo)
    service = Upstream(
        name="slack:main",
        base_url=f"{server.url}/services/T000/B000/planted-in-the-path",
        secret_url=True,
        egress=upstream().egress,
    )
    with pytest.raises(TransientError) as caught:
        await service.call("POST", json={})
    shown = f"{caught.value.to_json()} {service!r} {caplog.text} {capsys.readouterr()}"
    assert "planted-in-the-path" not in shown


async def test_a_header_that_can_not_be_sent_does_not_show_its_value(upstream: Make) -> None:
    service = upstream(headers={"X-Token": SecretStr("planted\r\nX-Evil: 1")})
    with pytest.raises(PermanentError, match="malformed") as caught:
        await service.call("GET")
    assert "planted" not in str(caught.value)
    assert caught.value.__cause__ is None
