"""Links that sign a person in, sent by mail through the operators' own mail channel.

Nothing of a link is stored but its hash, so it does not go by the outbox of notices: it is sent at once, and who gets
none asks again. Whether an address is known shows neither in the answer nor in how long it takes: the looking and the
sending come after it.
"""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, make_msgid
from uuid import UUID

import psycopg
import structlog

from aias.alerts import operator_mail
from aias.api.database import Database
from aias.api.queries import take_request
from aias.dashboard import queries
from aias.dashboard.models import Account
from aias.dashboard.sessions import hash_of, new_token
from aias.errors import AiasError
from aias.integrations.connections import Connection
from aias.integrations.kinds import EmailConfig, EmailSecret
from aias.integrations.smtp import hand_over

__all__ = ["LIFETIME", "NO_TENANT", "send_links"]

_log = structlog.stdlib.get_logger(__name__)

LIFETIME = timedelta(minutes=15)
NO_TENANT = UUID(int=0)
_PER_ADDRESS = 3
"""Mails a minute to one address."""
_AT_A_TIME = 20
"""Mails that may be on their way; beyond them a request is dropped, and the log says so."""

_under_way: set[asyncio.Task[None]] = set()


def send_links(database: Database, email: str, url: str) -> None:
    """Begin to mail links to an address, if it is somebody's; ends by itself, whatever happens."""
    if len(_under_way) >= _AT_A_TIME:
        _log.warning("a sign-in link was not sent: too many are on their way")
        return
    task = asyncio.create_task(_send(database, email, url.rstrip("/")))
    _under_way.add(task)
    task.add_done_callback(_under_way.discard)


async def _send(database: Database, email: str, url: str) -> None:
    try:
        async with database.connection() as conn:
            name = f"sign-in:mail:{hashlib.sha256(email.lower().encode()).hexdigest()[:16]}"
            taken = await take_request(conn, NO_TENANT, name, plan_rate=None, key_rate=_PER_ADDRESS)
            accounts = await queries.find_accounts(conn, email) if taken[0].is_allowed else []
            if not accounts:
                return
            links = [(account, new_token()) for account in accounts]
            mail_server = await operator_mail(conn)
            for account, token in links:
                await queries.add_sign_in_link(conn, account, hash_of(token), lifetime=LIFETIME)
        if mail_server is None:
            _log.error("a sign-in link can't be sent: the operators have no channel of the kind email")
            return
        await hand_over(mail_server, _mail(mail_server, links, url), [accounts[0].email])
    except (AiasError, psycopg.Error) as error:
        # whoever waits for the mail asks again; the address stands in no log
        _log.error("a sign-in link was not sent", reason=str(error).split("\n", 1)[0])


def _mail(server: Connection[EmailConfig, EmailSecret], links: list[tuple[Account, str]], url: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = Address(addr_spec=server.config.sender)
    message["To"] = Address(addr_spec=links[0][0].email)
    message["Subject"] = "Sign in to AIAS"
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=server.config.sender.rsplit("@", 1)[1])
    message["Auto-Submitted"] = "auto-generated"
    listed = "\n".join(f"{account.tenant}\n{url}/sign-in/link?token={token}\n" for account, token in links)
    message.set_content(
        f"Open the link to sign in. It works once, for {LIFETIME.seconds // 60} minutes.\n\n{listed}\n"
        "You did not ask for it? Then do nothing: without the link nobody gets in.\n"
    )
    return message
