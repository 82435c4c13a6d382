"""Where calls may go: public addresses, on the ports of the web, unless the operator allows more.

A workflow's URL comes from a tenant, so a call must not reach what only the worker's machine can reach: loopback,
private networks, link-local addresses, a cloud's metadata service. A name is resolved here, once, and **every** address
that it has must be fit; the connection then goes to one of the checked addresses and not to the name again, so a second
answer of the name server (DNS rebinding) changes nothing. Each connection and each redirect passes here anew.

``AIAS_EGRESS_ALLOW`` lists exceptions: ``host``, ``host:port``, ``address``, ``[v6]:port`` or a network such as
``10.1.0.0/16``, separated by commas. It is how the local servers are reached in development.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from aias.errors import ConfigurationError, PermanentError, TransientError

__all__ = ["Egress", "GuardedTransport"]

_PORTS = frozenset({80, 443, 8080, 8443})
_SMTP_PORTS = frozenset({25, 465, 587, 2525})
_ALL_PORTS = 0

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Globally routable by the registry's word, and yet the inside of a cloud (Azure's wire server).
_METADATA = frozenset({ipaddress.ip_address("168.63.129.16")})
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Not everybody's, whatever the registry that this Python knows says: protocol assignments (Oracle's metadata service
# answers at 192.0.0.192), the relays of 6to4, documentation (RFC 9637).
_CLOSED: tuple[Network, ...] = tuple(
    ipaddress.ip_network(one) for one in ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")
)
_UNICAST = ipaddress.ip_network("2000::/3")
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})


@dataclass(frozen=True, slots=True)
class Egress:
    """The rules: what is allowed beyond public addresses on web ports."""

    hosts: frozenset[tuple[str, int]] = frozenset()
    networks: tuple[tuple[Network, int], ...] = ()

    @classmethod
    def parse(cls, allow: str) -> Egress:
        """Read the setting.

        Raises:
            ConfigurationError: an entry that is neither a host, an address nor a network, or a bad port.
        """
        hosts: set[tuple[str, int]] = set()
        networks: list[tuple[Network, int]] = []
        for entry in (part.strip() for part in allow.split(",")):
            if not entry:
                continue
            host, port = _split(entry)
            try:
                networks.append((ipaddress.ip_network(host, strict=False), port))
            except ValueError:
                if "/" in host or not host or any(character.isspace() for character in host):
                    raise ConfigurationError(f"AIAS_EGRESS_ALLOW: {entry!r} is no host, address or network") from None
                hosts.add((host.lower().rstrip("."), port))
        return cls(hosts=frozenset(hosts), networks=tuple(networks))

    def allows(self, host: str, port: int, address: Address) -> bool:
        """Whether an exception covers this name or this address at this port."""
        name = host.lower().rstrip(".")
        if (name, port) in self.hosts or (name, _ALL_PORTS) in self.hosts:
            return True
        plain = _unwrapped(address)
        return any(
            plain in network and listed in (port, _ALL_PORTS)
            for network, listed in self.networks
            if network.version == plain.version
        )

    async def resolve(self, host: str, port: int, *, smtp: bool = False) -> list[str]:
        """Give the addresses of ``host``, all of them checked, in the order in which to try them.

        Raises:
            PermanentError: an address or the port is not allowed.
            TransientError: the name can't be resolved just now.
        """
        found = await _lookup(host, port)
        ports = _SMTP_PORTS if smtp else _PORTS
        strange = [address for address in found if not self.allows(host, port, address)]
        if not all(is_public(address) for address in strange):
            # The address is not told: a tenant must not map the network by reading errors.
            raise PermanentError(f"{host} is not a public address; AIAS_EGRESS_ALLOW can allow it")
        if strange and port not in ports:
            raise PermanentError(f"port {port} of {host} is not allowed; AIAS_EGRESS_ALLOW can allow it")
        return [str(address) for address in found]


def is_public(address: Address) -> bool:
    """Whether the address is the open internet's: not private, shared, local, multicast, reserved or metadata.

    Addresses that carry another inside (IPv4-mapped, 6to4, Teredo, NAT64, ISATAP) are judged by what they carry, too.
    """
    plain = _unwrapped(address)
    if isinstance(plain, ipaddress.IPv6Address):
        if plain in _NAT64:
            return is_public(ipaddress.IPv4Address(int(plain) & 0xFFFFFFFF))
        if plain not in _UNICAST or not all(is_public(carried) for carried in _carried(plain)):
            return False
    if any(plain in network for network in _CLOSED if network.version == plain.version):
        return False
    return plain.is_global and not plain.is_multicast and not plain.is_reserved and plain not in _METADATA


def _carried(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses to which a tunnel would take what is sent to this one."""
    found = [address.sixtofour, address.teredo[1] if address.teredo else None]
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]


def _unwrapped(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _split(entry: str) -> tuple[str, int]:
    """Take ``host:port``, ``[v6]:port``, ``v6`` and ``host`` apart; port 0 means every port."""
    host, port = entry, ""
    if entry.startswith("["):
        host, _, rest = entry[1:].partition("]")
        port = rest.removeprefix(":")
    elif entry.count(":") == 1:
        host, _, port = entry.partition(":")
    if not port:
        return host, _ALL_PORTS
    if not port.isdecimal() or not 0 < int(port) < 65536:  # noqa: PLR2004
        raise ConfigurationError(f"AIAS_EGRESS_ALLOW: {entry!r} has no valid port")
    return host, int(port)


async def _lookup(host: str, port: int) -> list[Address]:
    loop = asyncio.get_running_loop()
    found = None
    with contextlib.suppress(socket.gaierror, UnicodeError):
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    if not found:
        # Without a cause: the engine reads an OSError behind an error as "may have been sent", and nothing was.
        raise TransientError(f"{host} can't be resolved")
    addresses = [ipaddress.ip_address(str(sockaddr[0]).split("%", 1)[0]) for *_, sockaddr in found]
    return list(dict.fromkeys(addresses))


class GuardedTransport(httpx.AsyncBaseTransport):
    """An httpx transport that connects to checked addresses only.

    The Host header and the name that TLS verifies stay those of the URL. A transport serves one host: a connection that
    was verified for one name is never reused for another that happens to share the address.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, egress: Egress) -> None:
        self._inner = inner
        self._egress = egress

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request to the first checked address that can be connected to."""
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        addresses = await self._egress.resolve(host, port)
        return await self._first(request, host, addresses)

    async def _first(self, request: httpx.Request, host: str, addresses: Sequence[str]) -> httpx.Response:
        for address in addresses[:-1]:
            try:
                return await self._inner.handle_async_request(_aimed(request, host, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue  # nothing was sent: the next address may work (a host with IPv6 in a network without)
        return await self._inner.handle_async_request(_aimed(request, host, addresses[-1]))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


def _aimed(request: httpx.Request, host: str, address: str) -> httpx.Request:
    return httpx.Request(
        method=request.method,
        url=request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": host},
    )
