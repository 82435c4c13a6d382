"""The action ``email.send``: a mail through the tenant's mail server.

Source: RFC 5322 (headers, Message-ID).
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue

from aias.integrations import effects
from aias.integrations.connections import find_connection
from aias.integrations.kinds import EMAIL
from aias.integrations.references import once_for
from aias.integrations.smtp import hand_over
from aias.plugins import ActionContext, action

__all__ = ["email_send", "message_id"]

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
    key: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="One mail for this key from this connection, whichever execution asks: `checkout-4400000001`.",
    )


class EmailSendOutput(BaseModel):
    """The server took the mail for everybody; ``sent`` is false where one with the same ``key`` was sent before."""

    message_id: str
    sent: bool = True


def message_id(idempotency_key: str, sender: str) -> str:
    """Give the Message-ID of a step's mail: the same on every attempt, so that a mail that came twice shows as one."""
    digest = hashlib.sha256(idempotency_key.encode()).hexdigest()[:40]
    return f"<{digest}@{sender.rsplit('@', 1)[1]}>"


@action("email.send", timeout=45.0, effect="at_most_once", integration="email", ledger=True)
async def email_send(context: ActionContext, data: EmailSendInput) -> EmailSendOutput:
    """Send a mail, to all of its recipients or to none.

    Whatever fails before the mail itself was handed over is surely not sent; when the server falls silent after that,
    nobody knows. With a ``key`` no other execution sends a mail with the same one, not even then.
    """
    connection = await find_connection(context, EMAIL)
    message = _message(context, connection.config.sender, data)

    async def send(_key: str) -> JsonValue:
        await hand_over(connection, message, [*data.to, *data.cc])
        return None

    async def make() -> str:
        await effects.once(
            context,
            connection,
            operation="send",
            request={"from": connection.config.sender, **data.model_dump(mode="json", exclude={"key"})},
            send=send,
        )
        return str(message["Message-ID"])

    if data.key is None:
        return EmailSendOutput(message_id=await make())
    sent_as, is_ours = await once_for(context, connection, kind="mail", reference=data.key, make=make)
    return EmailSendOutput(message_id=sent_as, sent=is_ours)


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
