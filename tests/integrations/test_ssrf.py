"""Attacks on ``http.request``: whatever a tenant writes, nothing that only this machine can reach is reached.

The canary is a real server on 127.0.0.1; it stands for what must not be reached and counts connections. The open
internet is a real server on 127.0.0.2, which the operator allows; names are resolved by the test, so that they can lie.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from aias.errors import PermanentError, StepError, TransientError
from aias.integrations.client import close_clients
from aias.integrations.egress import is_public

Answer = tuple[int, dict[str, str]]

_steps = count(1)


@dataclass
class Site:
    """A server that answers by path and notes what it was asked."""

    address: str
    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict[str, Answer])
    connections: int = 0
    requests: list[bytes] = field(default_factory=list[bytes])
    stays_open: bool = True

    @property
    def url(self) -> str:
        return f"http://{self.address}:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            is_open = True
            while is_open:
                request = await reader.readuntil(b"\r\n\r\n")
                self.requests.append(request)
                status, headers = self.answers.get(request.split(b" ")[1].decode(), (200, {}))
                is_open = self.stays_open
                told = {"content-length": "2", **headers} | ({} if is_open else {"connection": "close"})
                lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
                writer.write(f"HTTP/1.1 {status} X\r\n{lines}\r\n{{}}".encode())
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@dataclass
class Names:
    """The resolver: a name's answers one after the other, the last for ever; literal addresses are themselves."""

    known: dict[str, list[list[str]]] = field(default_factory=dict[str, list[list[str]]])
    asked: list[str] = field(default_factory=list[str])

    async def __call__(self, host: str, port: int, **more: Any) -> list[Any]:
        self.asked.append(host)
        answers = self.known.get(host)
        if answers is None:
            # What the C library makes of a literal in any spelling; it asks no name server.
            hints = {key: value for key, value in more.items() if key in {"type", "proto"}}
            return socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST, **hints)
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        families = [socket.AF_INET6 if ":" in address else socket.AF_INET for address in found]
        return [
            (family, socket.SOCK_STREAM, 6, "", (address, port))
            for family, address in zip(families, found, strict=True)
        ]


@pytest.fixture
async def sites() -> AsyncIterator[tuple[Site, Site]]:
    """The canary, and the site that may be called; both on one port, so that an address alone tells them apart."""
    canary, site = Site("127.0.0.1"), Site("127.0.0.2")
    first = await asyncio.start_server(canary.serve, canary.address, 0)
    canary.port = site.port = first.sockets[0].getsockname()[1]
    second = await asyncio.start_server(site.serve, site.address, site.port)
    yield canary, site
    await close_clients()
    first.close()
    second.close()


@pytest.fixture
def canary(sites: tuple[Site, Site]) -> Site:
    return sites[0]


@pytest.fixture
def site(sites: tuple[Site, Site], workspace: Any, monkeypatch: pytest.MonkeyPatch) -> Site:
    del workspace  # it allows all of this machine: what is set here comes after
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", f"{sites[1].address}:{sites[1].port}")
    return sites[1]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch, site: Site) -> Callable[..., Names]:
    """Lets names resolve as the test says, without any name server."""
    del site

    def resolve(**known: list[list[str]]) -> Names:
        made = Names({name.replace("_", "."): answers for name, answers in known.items()})
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", made)
        return made

    return resolve


async def refused(workspace: Any, url: str, **given: Any) -> StepError:
    """The error of a call that must not be made."""
    with pytest.raises((PermanentError, TransientError)) as caught:
        await workspace.call("http.request", {"url": url, **given}, step=f"step{next(_steps)}")
    return caught.value


# --- spellings ----------------------------------------------------------------------------------

SPELLINGS = [
    # dotted, short, decimal, octal, hexadecimal, mixed
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "017700000001", "0177.0.0.1", "0177.0.0.01", "0x7f000001", "0x7f.1",
    "0x7F.0x0.0x0.0x1", "127.0x0.0.01", "0", "0.0.0.0", "00.0.0.0",
    # trailing dots, in any script's shape
    "127.0.0.1.", "localhost.", "localhost..", "127.0.0.1\N{IDEOGRAPHIC FULL STOP}", "localhost\N{FULLWIDTH FULL STOP}",
    # letters and digits that a browser would read as others
    "LocalHost", "\N{CIRCLED LATIN SMALL LETTER L}ocalhost", "loc\N{SOFT HYPHEN}alhost",
    "\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT TWO}\N{FULLWIDTH DIGIT SEVEN}.0.0.1",
    "127\N{IDEOGRAPHIC FULL STOP}0\N{IDEOGRAPHIC FULL STOP}0\N{IDEOGRAPHIC FULL STOP}1",
    "\N{CIRCLED DIGIT ONE}\N{CIRCLED DIGIT TWO}\N{CIRCLED DIGIT SEVEN}.0.0.1", "\N{SUPERSCRIPT ONE}27.0.0.1",
    "%6c%6f%63%61%6c%68%6f%73%74", "127.0.0.1%00.example", "xn--localhost-.", "127.0.0.1%2f.example",
    # IPv6, and IPv4 in IPv6
    "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:7f00:0001]", "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]",
    "[2001:470:1:2:0:5efe:7f00:1]", "[::1%25lo]", "[::1%lo]", "[fe80::1%25eth0]", "[0000::1]",
]  # fmt: skip


@pytest.mark.parametrize("host", SPELLINGS)
async def test_no_spelling_of_this_machine_is_called(workspace: Any, canary: Site, site: Site, host: str) -> None:
    await refused(workspace, f"http://{host}:{site.port}/")
    assert (canary.connections, site.connections) == (0, 0)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.2:{port}@127.0.0.1:{port}/", "http://127.0.0.2@127.0.0.1:{port}/",
        "http://127.0.0.1:{port}#@127.0.0.2:{port}/", "http://127.0.0.1:{port}\\@127.0.0.2:{port}/",
        "http://127.0.0.1:{port}?@127.0.0.2:{port}/", "http://127.0.0.2:{port}%20@127.0.0.1:{port}/",
        "http:/\\127.0.0.1:{port}/", "http:127.0.0.1:{port}/", "http:///127.0.0.1:{port}/", "//127.0.0.1:{port}/",
        "http://127.0.0.2:{port}\t@127.0.0.1:{port}/", " http://127.0.0.1:{port}/",
        "file://127.0.0.1:{port}/", "gopher://127.0.0.1:{port}/", "ftp://127.0.0.1:{port}/", "unix:/var/run/x",
        "http+unix://%2fvar%2frun%2fx/",
    ],
)  # fmt: skip
async def test_no_url_is_read_in_two_ways(workspace: Any, canary: Site, site: Site, url: str) -> None:
    error = await refused(workspace, url.format(port=site.port))
    assert isinstance(error, PermanentError)
    assert (canary.connections, site.connections) == (0, 0)


# --- addresses ----------------------------------------------------------------------------------

INNER = [
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.1.1", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "192.88.99.1", "240.0.0.1",
    # metadata services: AWS, GCP and Azure; ECS; Alibaba; Azure's wire server; Oracle; AWS and GCP over IPv6
    "169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254",
    "fd20:ce::254",
    "::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "fec0::1", "2001:db8::1", "3fff::1", "5f00::1",
    "100::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::10.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1",
    "2002:a9fe:a9fe::1", "2001:0:4136:e378:8000:63bf:5601:5601", "2001:4860:4860:0:200:5efe:a9fe:a9fe",
]  # fmt: skip


@pytest.mark.parametrize("address", INNER)
async def test_a_name_of_an_inner_address_is_refused_after_it_is_resolved(
    workspace: Any, canary: Site, site: Site, names: Any, address: str
) -> None:
    resolver = names(harmless_example=[[address]], both_example=[["93.184.215.14", address]])
    for host in ("harmless.example", "both.example"):
        error = await refused(workspace, f"http://{host}:{site.port}/")
        assert isinstance(error, PermanentError)
        assert "not a public address" in error.message
        assert address not in str(error.to_json())
        assert resolver.asked[-1] == host
    assert not is_public(ipaddress.ip_address(address))
    assert (canary.connections, site.connections) == (0, 0)


async def test_ports_of_other_services_are_refused_even_at_public_addresses(workspace: Any, names: Any) -> None:
    names(public_example=[["93.184.215.14"]])
    for port in (22, 25, 2375, 3306, 5432, 6379, 9200, 11211):
        error = await refused(workspace, f"http://public.example:{port}/")
        assert isinstance(error, PermanentError)
        assert f"port {port}" in error.message


# --- redirects ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/", "//127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/",
        "http://127.0.0.2:{port}@127.0.0.1:{port}/", "http://user@127.0.0.2:{port}/next",
        "http://169.254.169.254/latest/meta-data", "https://127.0.0.2:{port}/next", "http://127.0.0.2/next",
        "http://other.example:{port}/next", "file:///etc/passwd", "gopher://127.0.0.1:{port}/", "http://[::1",
    ],
)  # fmt: skip
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_leaves_the_host(
    workspace: Any, canary: Site, site: Site, names: Any, location: str, status: int
) -> None:
    names(other_example=[["127.0.0.2"]])
    site.answers["/start"] = (status, {"location": location.format(port=site.port)})
    await refused(workspace, f"{site.url}/start")
    assert canary.connections == 0
    assert b"/next" not in b"".join(site.requests)


async def test_a_redirect_within_the_host_is_followed_for_reads_alone(workspace: Any, site: Site) -> None:
    site.answers["/start"] = (307, {"location": "/end"})
    assert (await workspace.call("http.request", {"url": f"{site.url}/start"}))["status"] == 200
    assert [request.split(b" ")[1] for request in site.requests] == [b"/start", b"/end"]
    error = await refused(workspace, f"{site.url}/start", method="POST", text="x")
    assert "redirect" in error.message
    assert len(site.requests) == 3


async def test_redirects_end(workspace: Any, site: Site) -> None:
    site.answers["/start"] = (302, {"location": "/start"})
    await refused(workspace, f"{site.url}/start")
    assert len(site.requests) == 4


# --- names that change their mind ---------------------------------------------------------------


async def test_the_connection_goes_to_the_address_that_was_checked(
    workspace: Any, canary: Site, site: Site, names: Any
) -> None:
    resolver = names(rebinding_example=[["127.0.0.2"], ["127.0.0.1"]])
    answer = await workspace.call("http.request", {"url": f"http://rebinding.example:{site.port}/"})
    assert (answer["status"], resolver.asked) == (200, ["rebinding.example"])
    assert f"host: rebinding.example:{site.port}".encode() in site.requests[0].lower()
    assert canary.connections == 0


async def test_a_reconnection_is_checked_anew(workspace: Any, canary: Site, site: Site, names: Any) -> None:
    names(rebinding_example=[["127.0.0.2"], ["127.0.0.1"]])
    site.stays_open = False
    url = f"http://rebinding.example:{site.port}/"
    await workspace.call("http.request", {"url": url})
    error = await refused(workspace, url, headers={"X-Second": "1"})
    assert isinstance(error, PermanentError)
    assert (canary.connections, site.connections) == (0, 1)


async def test_each_hop_of_a_redirect_is_checked_anew(workspace: Any, canary: Site, site: Site, names: Any) -> None:
    names(rebinding_example=[["127.0.0.2"], ["127.0.0.1"]])
    site.answers["/start"] = (302, {"location": "/end"})
    site.stays_open = False
    error = await refused(workspace, f"http://rebinding.example:{site.port}/start")
    assert isinstance(error, PermanentError)
    assert (canary.connections, len(site.requests)) == (0, 1)


async def test_the_second_address_of_a_name_is_checked_before_the_first_is_tried(
    workspace: Any, canary: Site, site: Site, names: Any
) -> None:
    names(double_example=[["127.0.0.2", "127.0.0.1"]])
    await refused(workspace, f"http://double.example:{site.port}/")
    assert (canary.connections, site.connections) == (0, 0)


# --- other ways round ---------------------------------------------------------------------------


async def test_a_proxy_of_the_environment_is_not_used(
    workspace: Any, canary: Site, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, canary.url)
    await workspace.call("http.request", {"url": site.url})
    assert (canary.connections, site.connections) == (0, 1)


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "OPTIONS", "get", "GET /x HTTP/1.1\r\nX:", ""])
async def test_no_other_method_is_sent(workspace: Any, site: Site, method: str) -> None:
    await refused(workspace, site.url, method=method)
    assert site.connections == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "1\r\nHost: evil"}, {"X-A": "1\r\n\r\nGET / HTTP/1.1"}, {"X-A": "1\nB: 2"}, {"X-A\r\nB": "1"},
        {"X-A": "a\x00b"}, {"X-A": "1\r\n folded"}, {"X-A": "\N{LATIN SMALL LETTER C WITH CARON}"}, {"Host": "evil"},
        {"Transfer-Encoding": "chunked"}, {"Content-Length": "0"}, {"Connection": "upgrade"}, {"Upgrade": "h2c"},
    ],
)  # fmt: skip
async def test_no_header_makes_a_second_request(workspace: Any, site: Site, headers: dict[str, str]) -> None:
    await refused(workspace, site.url, headers=headers)
    assert site.connections == 0


@pytest.mark.parametrize("path", ["/a\r\nX-B: 1", "/a b", "/a\x00", "/\N{LATIN SMALL LETTER C WITH CARON}\r\n"])
async def test_no_path_makes_a_second_request(workspace: Any, site: Site, path: str) -> None:
    await refused(workspace, f"{site.url}{path}")
    assert site.connections == 0


@pytest.mark.parametrize("kind", ["wave", "slack", "http", "email", "shopify"])
async def test_a_connection_is_held_to_the_same_rules(workspace: Any, canary: Site, site: Site, kind: str) -> None:
    url = f"http://127.0.0.1:{site.port}"
    settings: dict[str, tuple[dict[str, Any], dict[str, Any], str, dict[str, Any]]] = {
        "wave": ({"url": url, "business_id": "b"}, {"access_token": "t"}, "wave.business_list", {}),
        "slack": ({}, {"webhook_url": f"{url}/services/x"}, "slack.post", {"text": "x"}),
        "http": ({"url": url}, {"headers": {"X-Key": "k"}}, "http.call", {"path": "/a"}),
        "shopify": ({"url": url}, {"access_token": "t"}, "shopify.order_list", {}),
        "email": (
            {"host": "localhost", "port": site.port, "security": "none", "sender": "a@example.com"},
            {},
            "email.send",
            {"to": "b@example.com", "subject": "x", "text": "x"},
        ),
    }
    config, secret, action, data = settings[kind]
    await workspace.connect(kind, config, secret, name="inner")
    with pytest.raises(PermanentError, match="not a public address"):
        await workspace.call(action, data, connection="inner")
    assert canary.connections == 0
