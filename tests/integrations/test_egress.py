from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import Any

import pytest

from aias.errors import ConfigurationError, PermanentError, TransientError
from aias.integrations.client import Upstream
from aias.integrations.egress import Egress, is_public

PRIVATE = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
    "100.100.100.200", "169.254.169.254", "168.63.129.16", "192.0.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1",
    "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::",
    "2001:db8::1", "2001:0:4136:e378:8000:63bf:f5ff:fffe",
]  # fmt: skip
PUBLIC = ["93.184.215.14", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_inner_address_is_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_open_internet_is(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "host", ["localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1", "::1", "0", "localhost."]
)
async def test_no_spelling_of_this_machine_gets_a_connection(host: str) -> None:
    seen = 0

    def connected(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal seen
        seen += 1
        writer.close()

    canary = await asyncio.start_server(connected, "127.0.0.1", 0)
    port = canary.sockets[0].getsockname()[1]
    spelled = f"[{host}]" if ":" in host else host
    with pytest.raises((PermanentError, TransientError), match=r"not a public address|can't be resolved|malformed"):
        await Upstream(name="http:x", base_url=f"http://{spelled}:{port}/").call("GET")
    canary.close()
    await canary.wait_closed()
    assert seen == 0


class FakeNames:
    """A resolver whose answers a test chooses; loopback is the only network there is here."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self, _host: str, port: int, **_: Any) -> list[Any]:
        self.asked += 1
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]


def resolve_with(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> FakeNames:
    names = FakeNames(*answers)
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", names)
    return names


async def test_one_inner_address_among_public_ones_refuses_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_with(monkeypatch, ["93.184.215.14", "127.0.0.1"])
    with pytest.raises(PermanentError, match=r"evil\.example is not a public address") as caught:
        await Egress().resolve("evil.example", 443)
    assert "127.0.0.1" not in str(caught.value)


async def test_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch, server: Any
) -> None:
    async def ok(exchange: Any) -> None:
        await exchange.answer()

    server.says(ok)
    names = resolve_with(monkeypatch, ["127.0.0.1"], ["10.0.0.1"])
    service = Upstream(
        name="http:x",
        base_url=f"http://shop.example:{server.port}/",
        egress=Egress.parse(f"shop.example:{server.port}"),
    )
    assert (await service.call("GET")).status == 200
    assert names.asked == 1
    assert f"host: shop.example:{server.port}" in server.requests[0].decode().lower()


async def test_a_name_that_turns_inward_later_is_refused_later(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_with(monkeypatch, ["93.184.215.14"], ["127.0.0.1"])
    assert await Egress().resolve("rebinding.example", 443) == ["93.184.215.14"]
    with pytest.raises(PermanentError):
        await Egress().resolve("rebinding.example", 443)


@pytest.mark.parametrize("port", [22, 25, 5432, 6379, 9200])
async def test_ports_of_other_services_are_refused(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    resolve_with(monkeypatch, ["93.184.215.14"])
    with pytest.raises(PermanentError, match=f"port {port}"):
        await Egress().resolve("shop.example", port)


async def test_the_next_address_is_tried_when_one_does_not_connect(
    monkeypatch: pytest.MonkeyPatch, server: Any
) -> None:
    async def ok(exchange: Any) -> None:
        await exchange.answer()

    server.says(ok)
    resolve_with(monkeypatch, ["127.77.77.77", "127.0.0.1"])
    service = Upstream(name="http:x", base_url=f"http://shop.example:{server.port}", egress=Egress.parse("127.0.0.0/8"))
    assert (await service.call("GET")).status == 200


@pytest.mark.parametrize(
    ("allow", "host", "port", "address", "expected"),
    [
        ("127.0.0.1", "localhost", 9, "127.0.0.1", True),
        ("127.0.0.1:80", "localhost", 80, "127.0.0.1", True),
        ("127.0.0.1:80", "localhost", 81, "127.0.0.1", False),
        ("127.0.0.1", "localhost", 9, "::ffff:127.0.0.1", True),
        ("[::1]:80", "x", 80, "::1", True),
        ("::1", "x", 80, "::1", True),
        ("10.0.0.0/8", "x", 1, "10.9.9.9", True),
        ("10.0.0.0/8", "x", 1, "11.0.0.1", False),
        ("Erp.Example:9000", "erp.example.", 9000, "10.0.0.1", True),
        ("erp.example:9000", "erp.example", 9001, "10.0.0.1", False),
        ("erp.example", "sub.erp.example", 80, "10.0.0.1", False),
        (" 127.0.0.1 , ::1 ,", "x", 80, "::1", True),
        ("", "x", 80, "127.0.0.1", False),
    ],
)
def test_the_allow_list_names_hosts_addresses_and_networks(
    allow: str, host: str, port: int, address: str, *, expected: bool
) -> None:
    assert Egress.parse(allow).allows(host, port, ipaddress.ip_address(address)) is expected


@pytest.mark.parametrize("allow", ["127.0.0.1:x", "127.0.0.1:0", "127.0.0.1:65536", "10.0.0.0/99", "a b"])
def test_a_malformed_entry_is_named(allow: str) -> None:
    with pytest.raises(ConfigurationError, match="AIAS_EGRESS_ALLOW"):
        Egress.parse(allow)


async def test_a_name_that_is_unknown_may_be_known_later() -> None:
    with pytest.raises(TransientError, match="can't be resolved"):
        await Egress().resolve("no-such-host.invalid", 80)


@pytest.mark.parametrize("url", ["http://" + "a" * 70 + ".example/", "http://a..example/", "http://\x00/"])
async def test_a_name_that_can_not_be_is_an_error_of_ours(url: str) -> None:
    with pytest.raises((PermanentError, TransientError)):
        await Upstream(name="http:x", base_url=url).call("GET")
