from __future__ import annotations

import asyncio
import datetime as dt
import socket
import ssl
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h2.config
import h2.connection
import h2.events
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from aias.errors import TransientError
from aias.integrations import client, close_clients
from aias.integrations.client import Upstream
from aias.integrations.egress import Egress


def certificate_for(host: str, folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate that is its own authority, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


@dataclass
class TlsServer:
    """Speaks HTTP/2 to whoever agrees on it, else HTTP/1.1, and notes which, for whom, and the name it was asked by."""

    port: int = 0
    protocols: list[str | None] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        protocol = writer.get_extra_info("ssl_object").selected_alpn_protocol()
        self.protocols.append(protocol)
        try:
            await (self.http2 if protocol == "h2" else self.http1)(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def http1(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        self.hosts.append(head.split("host: ", 1)[1].split("\r\n", 1)[0])
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}")
        await writer.drain()

    async def http2(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        while data := await reader.read(65536):
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    headers = dict(event.headers or [])
                    self.hosts.append(headers[b":authority"].decode())
                elif isinstance(event, h2.events.StreamEnded):
                    stream = event.stream_id
                    connection.send_headers(stream, [(":status", "200"), ("content-type", "application/json")])
                    connection.send_data(stream, b"{}", end_stream=True)
            writer.write(connection.data_to_send())
            await writer.drain()


@pytest.fixture
async def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[TlsServer]:
    certificate, key = certificate_for("shop.example", tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["h2", "http/1.1"])
    server = TlsServer()
    context.sni_callback = lambda _socket, name, _context: server.names.append(name)
    listening = await asyncio.start_server(server.handle, "127.0.0.1", 0, ssl=context)
    server.port = listening.sockets[0].getsockname()[1]
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(client, "_tls", lambda: trusting)

    async def here(_host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", here)
    yield server
    await close_clients()
    listening.close()
    await asyncio.sleep(0)


def service(server: TlsServer, host: str) -> Upstream:
    url = f"https://{host}:{server.port}/"
    return Upstream(name="test:tls", base_url=url, egress=Egress.parse("127.0.0.1"))


async def test_http2_is_spoken_where_it_is_offered(tls: TlsServer) -> None:
    for _ in range(3):
        assert (await service(tls, "shop.example").call("POST", json={})).body == b"{}"
    assert tls.protocols == ["h2"]


async def test_the_name_is_verified_although_the_connection_goes_to_the_address(tls: TlsServer) -> None:
    await service(tls, "shop.example").call("GET")
    assert tls.names == ["shop.example"]
    assert tls.hosts == [f"shop.example:{tls.port}"]


async def test_a_certificate_for_another_name_is_refused(tls: TlsServer) -> None:
    with pytest.raises(TransientError, match="its certificate is not valid"):
        await service(tls, "other.example").call("GET")
    assert tls.hosts == []


async def test_a_connection_that_was_verified_for_one_name_is_not_used_for_another(tls: TlsServer) -> None:
    await service(tls, "shop.example").call("GET")
    with pytest.raises(TransientError, match="its certificate is not valid"):
        await service(tls, "other.example").call("GET")


async def test_a_port_that_speaks_no_tls_is_an_error_of_ours(tls: TlsServer) -> None:
    async def plain(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        writer.close()

    listening = await asyncio.start_server(plain, "127.0.0.1", 0)
    url = f"https://shop.example:{listening.sockets[0].getsockname()[1]}/"
    with pytest.raises(TransientError, match=r"TLS could not be agreed|connection failed"):
        await Upstream(name="test:tls", base_url=url, egress=Egress.parse("127.0.0.1")).call("GET")
    listening.close()
