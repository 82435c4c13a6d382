"""Handing mail over to a server: connect to a checked address, encrypt, log in, and every outcome one of our errors.

Source: RFC 5321 (4.2.1: 4yz is "later", 5yz is "no"; 4.1.1.4 and 6.1: after the data's final dot the server is
responsible).
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from typing import Any, Self

import aiosmtplib

from aias.errors import PermanentError, StepError, TransientError
from aias.integrations.connections import Connection
from aias.integrations.kinds import EmailConfig, EmailSecret
from aias.integrations.redaction import excerpt
from aias.settings import get_settings

__all__ = ["MailSessions", "hand_over", "smtp_login"]

_TOTAL = 30.0
_PER_COMMAND = 10.0
_CONNECT = 5.0
_LATER = range(400, 500)


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


async def hand_over(
    connection: Connection[EmailConfig, EmailSecret],
    message: EmailMessage,
    recipients: Sequence[str],
    *,
    to_all: bool = True,
) -> list[str]:
    """Hand one mail over, on a connection of its own: ``MailSessions.hand_over``."""
    async with MailSessions() as sessions:
        return await sessions.hand_over(connection, message, recipients, to_all=to_all)


class MailSessions:
    """Connections to mail servers that stay open, so that many mails go over one; the end of the block closes them.

    Any number of mails may be handed over at a time: each has a connection for itself meanwhile.
    """

    def __init__(self) -> None:
        self._idle: dict[tuple[object, ...], list[aiosmtplib.SMTP]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        idle = [smtp for each in self._idle.values() for smtp in each]
        self._idle.clear()
        await asyncio.gather(*(_left(smtp) for smtp in idle))

    async def hand_over(
        self,
        connection: Connection[EmailConfig, EmailSecret],
        message: EmailMessage,
        recipients: Sequence[str],
        *,
        to_all: bool = True,
    ) -> list[str]:
        """Hand a mail over for all of its recipients, or for none; each gets it once, however often it is listed.

        With ``to_all=False`` recipients that the server refuses for good are left out, as long as it takes one; who
        that is comes back, with what the server said.

        Raises:
            TransientError: the server can't be reached or says "later". Its cause is set where the mail itself had been
                sent and no answer came: nobody knows whether it was taken. Without a cause nothing was.
            PermanentError: it refuses the mail, a recipient or the login; nothing was taken.
        """
        failure: StepError | None = None
        is_handed_over = False
        refused: list[str] = []
        try:
            async with asyncio.timeout(min(_TOTAL, get_settings().call_timeout)), self._begun(connection) as smtp:
                listed = list(dict.fromkeys(recipients))
                for recipient in listed:
                    try:
                        await smtp.rcpt(recipient)
                    except aiosmtplib.SMTPRecipientRefused as error:
                        refused.append(
                            f"{recipient}: {error.code} {excerpt(error.message, _secrets(connection), limit=100)}"
                        )
                        if to_all or error.code in _LATER or len(refused) == len(listed):
                            raise
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
        # Raised here, where no exception is being handled: nothing was sent, and the error carries no cause that says
        # else.
        if failure is not None:
            raise failure
        return refused

    @asynccontextmanager
    async def _begun(self, connection: Connection[EmailConfig, EmailSecret]) -> AsyncGenerator[aiosmtplib.SMTP]:
        """Begin a mail on a connection; one on which a mail went wrong is not used again."""
        password = connection.secret.password
        key = (
            connection.tenant_id,
            connection.id,
            connection.config.model_dump_json(),
            password and password.get_secret_value(),
        )
        smtp = await self._waiting(key, connection.config.sender)
        try:
            if smtp is None:
                smtp = await _opened(connection)
                await smtp.mail(connection.config.sender)
            yield smtp
        except BaseException:
            if smtp is not None:
                smtp.close()
            raise
        self._idle.setdefault(key, []).append(smtp)

    async def _waiting(self, key: tuple[object, ...], sender: str) -> aiosmtplib.SMTP | None:
        """Begin a mail on a connection that is open; None where none is good any more. Nothing was sent by then."""
        idle = self._idle.get(key, [])
        while idle:
            smtp = idle.pop()
            try:
                await smtp.mail(sender)
            except (aiosmtplib.SMTPException, OSError):
                smtp.close()  # servers end what has lasted long enough: a new connection will tell what is wrong
            except BaseException:
                smtp.close()
                raise
            else:
                return smtp
        return None


@asynccontextmanager
async def _session(connection: Connection[EmailConfig, EmailSecret]) -> AsyncGenerator[aiosmtplib.SMTP]:
    """Have a connection for a while, and take leave."""
    smtp = await _opened(connection)
    try:
        yield smtp
        await _goodbye(smtp)
    finally:
        smtp.close()


async def _opened(connection: Connection[EmailConfig, EmailSecret]) -> aiosmtplib.SMTP:
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
        await _greeted(smtp, config, None if password is None else password.get_secret_value())
    except BaseException:
        smtp.close()
        raise
    return smtp


async def _greeted(smtp: aiosmtplib.SMTP, config: EmailConfig, password: str | None) -> None:
    await smtp.connect()
    await smtp.ehlo()
    if config.security == "starttls":
        if not smtp.supports_extension("starttls"):
            raise aiosmtplib.SMTPNotSupported("STARTTLS")
        await smtp.starttls()
    if config.username is not None and password is not None:
        await smtp.login(config.username, password)


async def _left(smtp: aiosmtplib.SMTP) -> None:
    try:
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
