"""The action ``email.send``: a mail through the tenant's mail server.

Source: RFC 5321 (4.2.1: 4yz is "later", 5yz is "no"; 4.1.1.4 and 6.1: after the data's final dot the server is
responsible) and RFC 5322 (headers, Message-ID).
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from typing import Annotated, Any

import aiosmtplib
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from aias.errors import PermanentError, StepError, TransientError
from aias.integrations import effects
from aias.integrations.connections import Connection, find_connection
from aias.integrations.kinds import EMAIL, EmailConfig, EmailSecret
from aias.integrations.redaction import excerpt
from aias.plugins import ActionContext, action
from aias.settings import get_settings

__all__ = ["email_send", "message_id", "smtp_login"]

_TOTAL = 30.0
_PER_COMMAND = 10.0
_CONNECT = 5.0
_LATER = range(400, 500)

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


def _bare(value: str) -> str:
    """One plain address: no name, no second address, nothing that could end a header."""
    if not _ADDRESS.fullmatch(value) or ".." in value or value.startswith(".") or ".@" in value:
        raise ValueError("is no plain e-mail address")
    return value


def _one_line(value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError("holds line breaks or control characters")
    return value


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Bare = Annotated[str, AfterValidator(_bare)]


class EmailSendInput(BaseModel):
    """To whom, and what. The sender is the connection's."""

    model_config = ConfigDict(extra="forbid")

    to: Annotated[list[Bare], BeforeValidator(_listed), Field(min_length=1, max_length=50)]
    cc: Annotated[list[Bare], BeforeValidator(_listed), Field(max_length=50)] = Field(default_factory=list[str])
    reply_to: Bare | None = None
    subject: Annotated[str, AfterValidator(_one_line)] = Field(min_length=1, max_length=500)
    text: str = Field(min_length=1, max_length=500_000)
    html: str | None = Field(default=None, max_length=500_000)


class EmailSendOutput(BaseModel):
    """The server took the mail for everybody."""

    message_id: str


def message_id(idempotency_key: str, sender: str) -> str:
    """Give the Message-ID of a step's mail: the same on every attempt, so that a mail that came twice shows as one."""
    digest = hashlib.sha256(idempotency_key.encode()).hexdigest()[:40]
    return f"<{digest}@{sender.rsplit('@', 1)[1]}>"


@action("email.send", timeout=45.0, effect="at_most_once", integration="email", ledger=True)
async def email_send(context: ActionContext, data: EmailSendInput) -> EmailSendOutput:
    """Send a mail, to all of its recipients or to none.

    Whatever fails before the mail itself was handed over is surely not sent; when the server falls silent after that,
    nobody knows.
    """
    connection = await find_connection(context, EMAIL)
    message = _message(context, connection.config.sender, data)

    async def send(_key: str) -> JsonValue:
        await _send(connection, message, data)
        return None

    await effects.once(
        context,
        connection,
        operation="send",
        request={"from": connection.config.sender, **data.model_dump(mode="json")},
        send=send,
    )
    return EmailSendOutput(message_id=str(message["Message-ID"]))


async def smtp_login(connection: Connection[EmailConfig, EmailSecret]) -> None:
    """Connect, encrypt and log in as the connection says, and take leave: whether mail could be sent, without any.

    Raises:
        TransientError: the server can't be reached, or says "later".
        PermanentError: it refuses the login, or does not offer what the connection asks for.
    """
    try:
        async with asyncio.timeout(min(_TOTAL, get_settings().call_timeout)), _session(connection):
            pass
    except aiosmtplib.SMTPResponseException as error:
        raise _refusal(connection.label, error, _secrets(connection)) from None
    except aiosmtplib.SMTPNotSupported:
        raise PermanentError(f"{connection.label} does not offer what the connection asks for (TLS, login)") from None
    except (aiosmtplib.SMTPException, OSError) as error:
        raise TransientError(f"{connection.label} can't be reached: {type(error).__name__}") from None


async def _send(connection: Connection[EmailConfig, EmailSecret], message: EmailMessage, data: EmailSendInput) -> None:
    failure: StepError | None = None
    is_handed_over = False
    try:
        async with asyncio.timeout(min(_TOTAL, get_settings().call_timeout)), _session(connection) as smtp:
            await smtp.mail(connection.config.sender)
            for recipient in dict.fromkeys([*data.to, *data.cc]):
                await smtp.rcpt(recipient)
            is_handed_over = True
            await smtp.data(message.as_bytes(policy=SMTP_POLICY))
    except aiosmtplib.SMTPResponseException as error:
        failure = _refusal(connection.label, error, _secrets(connection))
    except aiosmtplib.SMTPNotSupported:
        failure = PermanentError(f"{connection.label} does not offer what the connection asks for (TLS, login)")
    except (aiosmtplib.SMTPException, OSError) as error:
        failure = TransientError(f"{connection.label} broke the connection: {type(error).__name__}")
        if is_handed_over:
            raise failure from error  # the cause tells the engine that the outcome is unknown
    # Raised here, where no exception is being handled: nothing was sent, and the error carries no cause that says else.
    if failure is not None:
        raise failure


def _message(context: ActionContext, sender: str, data: EmailSendInput) -> EmailMessage:
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = Address(addr_spec=sender)
    message["To"] = ", ".join(data.to)
    if data.cc:
        message["Cc"] = ", ".join(data.cc)
    if data.reply_to:
        message["Reply-To"] = data.reply_to
    message["Subject"] = data.subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = message_id(context.idempotency_key, sender)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(data.text)
    if data.html is not None:
        message.add_alternative(data.html, subtype="html")
    return message


@asynccontextmanager
async def _session(connection: Connection[EmailConfig, EmailSecret]) -> AsyncGenerator[aiosmtplib.SMTP]:
    """Connect to a checked address of the server, with TLS and login as the connection says."""
    config = connection.config
    password = connection.secret.password
    smtp = aiosmtplib.SMTP(
        hostname=config.host,
        local_hostname=config.sender.rsplit("@", 1)[1],
        timeout=_PER_COMMAND,
        use_tls=config.security == "tls",
        start_tls=False,  # done below: asked for by connect(), a server without it can't be told from a broken one
        sock=await _connected(connection),
    )
    try:
        await smtp.connect()
        await smtp.ehlo()
        if config.security == "starttls":
            if not smtp.supports_extension("starttls"):
                raise aiosmtplib.SMTPNotSupported("STARTTLS")
            await smtp.starttls()
        if config.username is not None and password is not None:
            await smtp.login(config.username, password.get_secret_value())
        yield smtp
        await _goodbye(smtp)
    finally:
        smtp.close()


async def _goodbye(smtp: aiosmtplib.SMTP) -> None:
    # The mail is taken; how the server says good-bye changes nothing.
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        await smtp.quit(timeout=1.0)


async def _connected(connection: Connection[EmailConfig, EmailSecret]) -> socket.socket:
    config = connection.config
    addresses = await connection.egress.resolve(config.host, config.port, smtp=True)
    loop = asyncio.get_running_loop()
    last: Exception = OSError("no address")
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setblocking(False)  # noqa: FBT003 (the standard library's way)
        try:
            async with asyncio.timeout(_CONNECT):
                await loop.sock_connect(sock, (address, config.port))
            return sock
        except OSError as error:
            sock.close()
            last = error
        except BaseException:
            sock.close()
            raise
    raise last


def _refusal(name: str, error: aiosmtplib.SMTPResponseException, secrets: tuple[str, ...]) -> StepError:
    said = excerpt(error.message, secrets, limit=200)
    detail: dict[str, Any] = {"upstream": name, "status": error.code}
    if isinstance(error, aiosmtplib.SMTPAuthenticationError) and error.code not in _LATER:
        return PermanentError(f"{name} refused the login ({error.code}): connect it again", detail=detail)
    if error.code in _LATER:
        return TransientError(f"{name} answered {error.code}: {said}", detail=detail)
    return PermanentError(f"{name} answered {error.code}: {said}", detail=detail)


def _secrets(connection: Connection[EmailConfig, EmailSecret]) -> tuple[str, ...]:
    password = connection.secret.password
    return (password.get_secret_value(),) if password is not None else ()
