"""Mail over STARTTLS: a server whose certificate is trusted gets the mail, encrypted; any other one gets nothing."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.alerts.desk import Desk


def certificate(folder: Path, name: str, *, address: str = "127.0.0.1", days: int = 1) -> tuple[Path, Path]:
    """Make a certificate that signs itself, and its key; with a negative number of days it has expired."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=10))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    files = folder / f"{name}.crt", folder / f"{name}.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


@dataclass
class Inbox:
    """What the server took, and whether it came encrypted."""

    port: int
    taken: list[tuple[str, bool]] = field(default_factory=list[tuple[str, bool]])

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's)
        del server
        self.taken.extend((recipient, session.ssl is not None) for recipient in envelope.rcpt_tos)
        return "250 OK"


@contextmanager
def serving(files: tuple[Path, Path], port: int) -> Iterator[Inbox]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*files)
    inbox = Inbox(port=port)
    controller = Controller(inbox, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True)
    controller.start()
    try:
        yield inbox
    finally:
        controller.stop()


async def told(desk: Desk, inbox: Inbox) -> dict[str, Any]:
    """Post a notice to a channel that goes by the server; gives how it went."""
    config = {**desk.mail, "host": "127.0.0.1", "port": inbox.port, "security": "starttls"}
    await desk.channel(None, "email", config=config)
    await desk.post(f"port {inbox.port}")
    await desk.deliver()
    return (await desk.notifications("email"))[-1]


async def test_a_server_with_a_trusted_certificate_gets_the_mail_encrypted(
    desk: Desk, tmp_path: Path, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = certificate(tmp_path, "trusted")
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    with serving(files, unused_tcp_port) as inbox:
        assert (await told(desk, inbox))["status"] == "delivered"
    assert inbox.taken == [("ops@example.com", True)]


@pytest.mark.parametrize(
    ("wrong", "is_trusted"),
    [({}, False), ({"address": "192.0.2.1"}, True), ({"days": -1}, True)],
    ids=["signed by itself", "of another server", "expired"],
)
async def test_a_server_with_a_bad_certificate_gets_no_mail_and_the_notice_waits(
    desk: Desk,
    tmp_path: Path,
    unused_tcp_port: int,
    monkeypatch: pytest.MonkeyPatch,
    wrong: dict[str, Any],
    *,
    is_trusted: bool,
) -> None:
    files = certificate(tmp_path, "bad", **wrong)
    trusted = files if is_trusted else certificate(tmp_path, "another")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted[0]))
    with serving(files, unused_tcp_port) as inbox:
        notice = await told(desk, inbox)
    assert (notice["status"], inbox.taken) == ("pending", [])
    assert notice["last_error"]
