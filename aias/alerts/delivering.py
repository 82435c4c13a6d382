"""Sending notices: claimed under a lease, sent, and how that went noted; what comes next is decided in SQL.

At least once, made once by stable ids. Before anything is sent the row says ``sending``. A process that dies between
the answer of the mail server (or of the webhook) and the commit leaves that row, and nobody knows whether the notice
arrived: when the lease has ended another sends it again under the same ``Message-ID`` or ``webhook-id``, by which
servers and receivers tell that it is the same; ``doubt_count`` says that it happened. A notice twice is better than
none. Slack knows no such id: there it shows twice. A mail to a person (onboarding) comes once ever instead: in doubt it
is given up, and shown as that.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import httpx
import structlog

from aias import notify
from aias.alerts.kinds import ChannelSecret, EmailChannelConfig
from aias.alerts.messages import mail, slack_message, webhook_body, webhook_id
from aias.db import Pool
from aias.errors import ConfigurationError, Deferred, PermanentError, StepError, TransientError
from aias.integrations.client import Limits, Upstream
from aias.integrations.connections import Connection
from aias.integrations.credentials import SealedFor, load_keyring
from aias.integrations.egress import Egress
from aias.integrations.kinds import EmailConfig, EmailSecret
from aias.integrations.outcome import parse_retry_after
from aias.integrations.payload import dumps
from aias.integrations.smtp import MailSessions
from aias.notify import ClaimedDelivery
from aias.settings import get_settings
from aias.triggers.kinds import OutgoingConfig
from aias.triggers.signatures import sign_standard

__all__ = ["Delivered", "deliver"]

_log = structlog.stdlib.get_logger(__name__)

_AT_A_TIME: Final = 20
_TIMEOUT: Final = 15.0
_LONGEST: Final = 40.0
"""Seconds that sending one notice takes at most; the lease is longer."""
_LEASE: Final = timedelta(seconds=120)
_MOST_BYTES: Final = 100_000
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """How sending one notice went."""

    id: UUID
    channel: str
    status: str | None
    error: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    error: str | None = None
    note: str | None = None
    retry_after: float | None = None
    is_doubtful: bool = False


async def deliver(pool: Pool, *, only: UUID | None = None) -> list[Delivered]:
    """Send every notice that is due, or one of them, once; what fails is due again later.

    Any number of processes may do so at a time: each notice is sent by one of them. Ends when nothing is due any more.
    """
    holder = f"{socket.gethostname()}:{os.getpid()}"
    done: list[Delivered] = []
    async with MailSessions() as sessions:
        while True:
            async with pool.connection() as conn:
                claimed = await notify.claim_deliveries(conn, holder, limit=_AT_A_TIME, lease=_LEASE, only=only)
            if not claimed:
                return done
            done += await asyncio.gather(*(_deliver_one(pool, one, sessions) for one in claimed))


async def _deliver_one(pool: Pool, delivery: ClaimedDelivery, sessions: MailSessions) -> Delivered:
    outcome = await _sent(delivery, sessions)
    async with pool.connection() as conn:
        status = await notify.settle_delivery(
            conn,
            delivery,
            error=outcome.error,
            note=outcome.note,
            retry_after=outcome.retry_after,
            is_doubtful=outcome.is_doubtful,
        )
    if outcome.error is not None:
        _log.warning(
            "a notice did not arrive",
            channel=delivery.channel,
            kind=delivery.channel_kind,
            attempt=delivery.attempt_count,
            status=status,
            error=outcome.error,
        )
    return Delivered(id=delivery.id, channel=delivery.channel, status=status, error=outcome.error)


async def _sent(delivery: ClaimedDelivery, sessions: MailSessions) -> _Outcome:
    try:
        async with asyncio.timeout(_LONGEST):
            if delivery.channel_kind == "email":
                return await _by_mail(delivery, _secret_of(delivery), sessions)
            return await _SENDERS[delivery.channel_kind](delivery, _secret_of(delivery))
    except StepError as error:
        return _Outcome(error=error.message, retry_after=_wish_of(error), is_doubtful=_is_doubtful(error))
    except ConfigurationError as error:
        return _Outcome(error=error.message)
    except TimeoutError:
        return _Outcome(error=f"it did not end within {_LONGEST:g} s", is_doubtful=True)


def _wish_of(error: StepError) -> float | None:
    """When the other side wants to be asked again, in seconds."""
    match error:
        case TransientError():
            return error.retry_after
        case Deferred():
            return error.seconds
        case _:
            return None


def _is_doubtful(error: StepError) -> bool:
    """Whether the notice may have arrived: it was sent, and the answer did not come."""
    reason = error.__cause__ or error.__context__
    return isinstance(reason, Exception) and not isinstance(reason, _NOT_SENT)


def _secret_of(delivery: ClaimedDelivery) -> ChannelSecret:
    if delivery.secret is None or delivery.key_id is None:
        raise ConfigurationError(f"the secret of the channel {delivery.channel!r} is gone: set the channel again")
    row = SealedFor(tenant_id=delivery.tenant_id, integration_id=delivery.sealed_id, name=delivery.channel)
    opened = load_keyring(get_settings()).open(
        delivery.secret,
        row,
        key_id=delivery.key_id,
        wrapped=delivery.wrapped_key,
        master_key_id=delivery.master_key_id,
    )
    return ChannelSecret.model_validate(opened)


async def _by_mail(delivery: ClaimedDelivery, secret: ChannelSecret, sessions: MailSessions) -> _Outcome:
    config = EmailChannelConfig.model_validate(delivery.config)
    connection: Connection[EmailConfig, EmailSecret] = Connection(
        tenant_id=delivery.tenant_id,
        id=delivery.sealed_id,
        kind="email",
        name=delivery.channel,
        config=config,
        secret=EmailSecret(password=secret.password),
        egress=Egress.parse(get_settings().egress_allow),
    )
    recipients = config.to if delivery.person is None else [str(delivery.person["email"])]
    message = mail(delivery, sender=config.sender, recipients=recipients)
    refused = await sessions.hand_over(connection, message, recipients, to_all=False)
    return _Outcome(note=f"refused: {'; '.join(refused)}" if refused else None)


async def _by_slack(delivery: ClaimedDelivery, secret: ChannelSecret) -> _Outcome:
    if secret.webhook_url is None:
        raise PermanentError("the channel has no address of Slack's")
    upstream = _upstream(delivery, secret.webhook_url.get_secret_value(), is_secret=True)
    answer = await upstream.call("POST", json=slack_message(delivery))
    said = answer.body.strip()[:60]
    return _Outcome() if said == b"ok" else _Outcome(error=f"Slack did not take it: {said.decode(errors='replace')}")


async def _by_webhook(delivery: ClaimedDelivery, secret: ChannelSecret) -> _Outcome:
    if secret.signing_secret is None:
        raise PermanentError("the channel has no secret to sign with")
    body = dumps(webhook_body(delivery))
    id, timestamp = webhook_id(delivery), str(int(delivery.now.timestamp()))
    upstream = _upstream(delivery, OutgoingConfig.model_validate(delivery.config).url)
    answer = await upstream.call(
        "POST",
        content=body,
        headers={
            "Content-Type": "application/json",
            "webhook-id": id,
            "webhook-timestamp": timestamp,
            "webhook-signature": sign_standard(secret.signing_secret.get_secret_value(), id, timestamp, body),
        },
        check=False,
    )
    if answer.ok:
        return _Outcome()
    wish = parse_retry_after(answer.headers.get("retry-after"), date=answer.headers.get("date"))
    return _Outcome(error=f"it answered {answer.status}", retry_after=wish)


def _upstream(delivery: ClaimedDelivery, url: str, *, is_secret: bool = False) -> Upstream:
    settings = get_settings()
    return Upstream(
        name=f"{delivery.channel_kind}:{delivery.channel}",
        base_url=url,
        secret_url=is_secret,
        limits=Limits(total=min(_TIMEOUT, settings.call_timeout), max_bytes=_MOST_BYTES),
        egress=Egress.parse(settings.egress_allow),
    )


_SENDERS: Final[dict[str, Callable[[ClaimedDelivery, ChannelSecret], Awaitable[_Outcome]]]] = {
    "slack": _by_slack,
    "webhook": _by_webhook,
}
