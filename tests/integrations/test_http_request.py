from __future__ import annotations

import json
from typing import Any

import pytest

from aias.errors import Deferred, PermanentError, TransientError


def body(server: Any, number: int = 0) -> bytes:
    return server.requests[number].split(b"\r\n\r\n", 1)[1]


async def test_a_request_gives_status_headers_and_json(workspace: Any, server: Any) -> None:
    server.says(lambda x: x.answer(201, b'{"price": 0.1, "big": 1.12345678901234567890, "n": 5}', x_total="3"))
    data = {"method": "POST", "url": f"{server.url}/a?b=c#d", "headers": {"X-Mine": "1"}, "json": {"k": [1, "ä"]}}
    answer = await workspace.call("http.request", data)
    assert answer["status"] == 201
    assert answer["json"] == {"price": 0.1, "big": "1.12345678901234567890", "n": 5}
    assert answer["headers"]["x-total"] == "3"
    request = server.requests[0].decode().lower()
    assert request.startswith("post /a?b=c http/1.1")
    assert "x-mine: 1" in request
    assert f"idempotency-key: {workspace.execution_id}:step" in request
    assert json.loads(body(server)) == {"k": [1, "ä"]}


async def test_text_goes_and_comes_as_it_is(workspace: Any, server: Any) -> None:
    server.says(lambda x: x.answer(200, "grüß\x00".encode(), content_type="text/plain"))
    data = {"method": "PUT", "url": server.url, "text": "a=b", "headers": {"content-type": "text/x-plain"}}
    answer = await workspace.call("http.request", data)
    assert answer["text"] == "grüß\N{REPLACEMENT CHARACTER}"
    assert answer["json"] is None
    assert body(server) == b"a=b"
    assert server.requests[0].decode().lower().count("content-type") == 1


@pytest.mark.parametrize(
    "url",
    [
        "", "/path", "ftp://x.example/", "file:///etc/passwd", "gopher://x.example", "unix:/run/x", "javascript:1",
        "http://", "http:///x", "http://user:pass@x.example/", "http://user@x.example/", "http://evil\\@x.example/",
        "http://x.example/ y", "http://x.example/\r\nX: 1", "http://x.example/\x00", "http://x.example/" + "a" * 2048,
        "http://[::1", "http://x.example:99999/",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(refuses: Any, url: str) -> None:
    refuses("http.request", {"url": url}, "url")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "1\r\nX-B: 2"}, {"X-A": "1\n"}, {"X A": "1"}, {"": "1"}, {"X-A:": "1"}, {"X-A": "\x00"}, {"X-Ä": "1"},
        {"X-A": "ä"}, {"Host": "evil"}, {"content-length": "5"}, {"Transfer-Encoding": "chunked"},
        {"connection": "close"}, {"Proxy-Authorization": "x"}, {"Accept-Encoding": "br"}, {"X-A": " padded "},
    ],
)  # fmt: skip
def test_a_header_that_could_smuggle_is_refused(refuses: Any, headers: dict[str, str]) -> None:
    refuses("http.request", {"url": "https://x.example", "headers": headers}, "headers")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"method": "TRACE"}, "method"),
        ({"timeout": 0}, "timeout"),
        ({"timeout": 31}, "timeout"),
        ({"json": {}, "text": "x"}, ""),
        ({"follow": True}, "follow"),
    ],
)
def test_other_bad_input_is_named(refuses: Any, given: dict[str, Any], field: str) -> None:
    refuses("http.request", {"url": "https://x.example", **given}, field)


async def test_this_machine_is_not_reached_unless_it_is_allowed(
    workspace: Any, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.says(lambda x: x.answer())
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "")
    for url in (server.url, server.url.replace("127.0.0.1", "localhost"), "http://169.254.169.254/latest/meta-data"):
        with pytest.raises(PermanentError, match="not a public address"):
            await workspace.call("http.request", {"url": url})
    assert server.requests == []
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", f"127.0.0.1:{server.port}")
    assert (await workspace.call("http.request", {"url": server.url}))["status"] == 200


async def test_a_redirect_inward_is_not_followed(workspace: Any, server: Any) -> None:
    server.says(lambda x: x.answer(302, location="http://169.254.169.254/latest/meta-data"))
    with pytest.raises(PermanentError, match="redirect"):
        await workspace.call("http.request", {"url": server.url})


async def test_a_malformed_allow_list_is_an_error_that_names_it(
    workspace: Any, server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "127.0.0.1:x")
    with pytest.raises(PermanentError, match="AIAS_EGRESS_ALLOW"):
        await workspace.call("http.request", {"url": server.url})


@pytest.mark.parametrize(("status", "kind"), [(404, PermanentError), (500, TransientError), (429, Deferred)])
async def test_a_refusal_is_an_error(workspace: Any, server: Any, status: int, kind: type[Exception]) -> None:
    server.says(lambda x: x.answer(status, b"no"))
    with pytest.raises(kind, match=str(status)):
        await workspace.call("http.request", {"url": server.url})


async def test_an_answer_too_large_to_be_stored_is_refused(workspace: Any, server: Any) -> None:
    server.says(lambda x: x.answer(200, b"x" * 500_001))
    with pytest.raises(TransientError, match="larger than 500000 bytes"):
        await workspace.call("http.request", {"url": server.url})


async def test_a_timeout_of_the_step_is_kept(workspace: Any, server: Any) -> None:
    async def slow(exchange: Any) -> None:
        await exchange.reader.read()

    server.says(slow)
    with pytest.raises(TransientError, match=r"within 0\.2 s"):
        await workspace.call("http.request", {"url": server.url, "timeout": 0.2})


# --- connections --------------------------------------------------------------------------------


async def test_a_connection_adds_its_secret_headers(workspace: Any, server: Any) -> None:
    server.says(lambda x: x.answer(200, b"[]"))
    await workspace.connect("http", {"url": f"{server.url}/api/"}, {"headers": {"X-Key": "planted-0123456789"}})
    answer = await workspace.call("http.call", {"path": "/orders?page=1", "headers": {"X-Key": "mine", "X-A": "b"}})
    assert answer["json"] == []
    request = server.requests[0].decode().lower()
    assert request.startswith("get /api/orders?page=1 ")
    assert "x-key: planted-0123456789" in request
    assert "x-a: b" in request
    assert "mine" not in request


@pytest.mark.parametrize(
    "path",
    ["orders", "/../admin", "/a/..", "/%2e%2e/x", "/a/%2E./b", "/a%2f..%2fb", "@evil.example", ".evil.example",
     "/a b", "/a\\b", "/a\r\nX: 1", ":80/"],
)  # fmt: skip
def test_a_path_that_would_leave_the_address_is_refused(refuses: Any, path: str) -> None:
    refuses("http.call", {"path": path}, "path")


async def test_a_path_is_appended_whatever_it_looks_like(workspace: Any, server: Any) -> None:
    server.says(lambda x: x.answer())
    await workspace.connect("http", {"url": f"{server.url}/api"}, {"headers": {"X-Key": "planted-0123456789"}})
    await workspace.call("http.call", {"path": "//evil.example/"})
    assert server.requests[0].startswith(b"GET /api//evil.example/ ")
