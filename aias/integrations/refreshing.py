"""New tokens for old ones: once, however many workers want them.

An upstream that replaces the refresh token with each use takes a second use of the old one for theft and revokes all.
So the right to ask is a claim in the database, committed before the upstream is asked; everybody else waits for what
comes of it. The old tokens stay stored until the new ones are committed in their place.

A process that dies between the upstream's answer and that commit takes the new tokens with it. Its claim runs out, and
the next one asks with the old refresh token once more: Shopify allows that until the new one was used
(https://shopify.dev/changelog/more-resilient-refreshes-for-expiring-offline-access-tokens). An upstream that refuses
has revoked the connection, which is then marked with what happened and what to do: connect again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast
from uuid import uuid4

import structlog
from pydantic import SecretStr

from aias.db import Pool
from aias.errors import AiasError, ConfigurationError, Conflict, PermanentError, StepError, TransientError
from aias.integrations import queries, refresh_queries
from aias.integrations.client import Answer, Upstream
from aias.integrations.credentials import SealedFor, load_keyring
from aias.integrations.keys import sealing_key
from aias.integrations.payload import loads
from aias.integrations.providers import Grant, RefusedGrant, provider_of
from aias.integrations.reaching import own_database
from aias.integrations.redaction import MASK
from aias.integrations.refresh_queries import Credentials, RefreshClaim
from aias.settings import get_settings

__all__ = ["Renewal", "TokenUpstream", "refresh", "refresh_due"]

_log = structlog.stdlib.get_logger(__name__)

LEASE = timedelta(seconds=90)
"""Longer than a refresh may take (30 s for the call), so that a claim runs out only when its holder is gone."""

_PATIENCE = 40.0
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0
_SEAL_ATTEMPTS = 3
_AT_A_TIME = 10
_UNAUTHORIZED = 401


async def refresh(pool: Pool, of: Credentials) -> bool:
    """See to it that these credentials are replaced; false where nothing but a person can do that.

    Of several callers one asks the upstream, and the others wait for it, at most 40 s. True: newer credentials are
    stored, whoever got them.

    Raises:
        PermanentError: the upstream refused; the connection is revoked now.
        TransientError: it did not work this time, or the others take too long.
        NotFound: the connection is gone.
    """
    holder = uuid4().hex
    deadline = time.monotonic() + _PATIENCE
    pause = _FIRST_PAUSE
    while True:
        async with own_database(pool) as conn:
            claim = await refresh_queries.claim_refresh(conn, of, holder=holder, lease=LEASE)
        match claim.outcome:
            case "renewed":
                return True
            case "granted":
                await _ask(pool, of, holder, claim)
                return True
            case "impossible" | "revoked":
                return False
            case "later":
                raise TransientError(f"{_label(claim)}: its token could not be refreshed just now", retry_after=5.0)
            case "held":
                if time.monotonic() >= deadline:
                    raise TransientError(f"{_label(claim)}: its token is being refreshed", retry_after=5.0)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)


def _label(claim: RefreshClaim) -> str:
    return f"{claim.kind}:{claim.name}"


async def _ask(pool: Pool, of: Credentials, holder: str, claim: RefreshClaim) -> None:
    """Ask the upstream, store what it gives, or note why there is nothing to store."""
    reason = f"{_label(claim)}: its token could not be refreshed"
    failure: StepError
    is_refused = is_unknown = False
    try:
        grant = await _asked(of, claim)
    except RefusedGrant as error:
        is_refused = True
        reason = _refusal(claim, error)
        failure = PermanentError(reason)
    except ConfigurationError as error:
        reason = error.message
        failure = PermanentError(reason)
    except TransientError as error:
        is_unknown = True
        reason = error.message
        failure = error
    except BaseException:
        # Cancelled, or a defect: nobody knows what the upstream did. The claim runs out, and the next one finds out.
        _log.warning("refresh interrupted", integration=_label(claim))
        raise
    else:
        await _settle(pool, of, claim, grant)
        return
    async with pool.connection() as conn:
        await refresh_queries.give_up_refresh(
            conn,
            of,
            holder=holder,
            is_refused=is_refused,
            is_unknown=is_unknown,
            interrupted_at=claim.interrupted_at,
            reason=reason,
        )
    _log.warning("refresh failed", integration=_label(claim), refused=is_refused, reason=reason)
    raise failure


async def _asked(of: Credentials, claim: RefreshClaim) -> Grant:
    settings = get_settings()
    row = SealedFor(tenant_id=of.tenant_id, integration_id=of.integration_id, name=claim.name)
    secret = load_keyring(settings).open(
        claim.secret, row, key_id=claim.key_id, wrapped=claim.wrapped_key, master_key_id=claim.master_key_id
    )
    return await provider_of(claim.kind).refresh(
        claim.config, settings, grant_type=claim.grant_type, refresh_token=secret.get("refresh_token")
    )


def _refusal(claim: RefreshClaim, error: RefusedGrant) -> str:
    if claim.interrupted_at is not None:
        return (
            f"{_label(claim)}: a refresh of its token was interrupted at {claim.interrupted_at:%Y-%m-%d %H:%M:%S %Z} "
            f"before the new tokens were stored, and the old ones are no longer taken ({error.error}): connect it again"
        )
    return f"{_label(claim)}: the upstream refused to refresh its token ({error.error}): connect it again"


async def _settle(pool: Pool, of: Credentials, claim: RefreshClaim, grant: Grant) -> None:
    """Store the new tokens; the tenant's key may be replaced at the same moment, so this has several tries."""
    keyring = load_keyring(get_settings())
    row = SealedFor(tenant_id=of.tenant_id, integration_id=of.integration_id, name=claim.name)
    for attempt in range(1, _SEAL_ATTEMPTS + 1):
        try:
            async with pool.connection() as conn:
                tenant = await queries.tenant_slug(conn, of.tenant_id)
                _, key = await sealing_key(conn, tenant, keyring)
                await refresh_queries.settle_refresh(
                    conn,
                    of,
                    sealed=key.seal(grant.secret(), row),
                    key_id=key.id,
                    granted=grant.granted,
                )
        except Conflict:
            if attempt == _SEAL_ATTEMPTS:
                raise
        else:
            return


async def refresh_due(pool: Pool, *, ahead: timedelta, limit: int = 500) -> tuple[int, int]:
    """Refresh every token that ends within ``ahead``, ten at a time; gives how many worked and how many did not."""
    async with pool.connection() as conn:
        due = await refresh_queries.due_refreshes(conn, ahead=ahead, limit=limit)
    at_a_time = asyncio.Semaphore(_AT_A_TIME)

    async def one(of: Credentials) -> bool:
        async with at_a_time:
            try:
                return await refresh(pool, of)
            except AiasError as error:
                _log.warning("token not refreshed", integration=str(of.integration_id), reason=error.message)
                return False

    done = await asyncio.gather(*(one(of) for of in due))
    return sum(done), len(done) - sum(done)


# --- tokens that turn out to be no longer good, in the middle of a step -------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What a connection does when its token is refused: get another one, or say that only a person can."""

    pool: Pool = field(repr=False)
    of: Credentials
    kind: str
    name: str
    on_change: Callable[[], None]
    """Called when the stored credentials are others than those in memory."""

    async def token(self) -> tuple[SecretStr, Renewal] | None:
        """Give a newer token, and what renews that one; none where there is none: the connection is revoked then.

        Raises:
            PermanentError: the upstream refused to refresh; the connection is revoked now.
            TransientError: it could not be refreshed just now.
        """
        self.on_change()
        if not await refresh(self.pool, self.of):
            await self.revoked()
            return None
        async with self.pool.connection() as conn:
            found = await queries.find_integration(conn, tenant_id=self.of.tenant_id, kind=self.kind, name=self.name)
        secret = load_keyring(get_settings()).open(
            found.secret,
            SealedFor(tenant_id=self.of.tenant_id, integration_id=found.id, name=found.name),
            key_id=found.key_id,
            wrapped=found.wrapped_key,
            master_key_id=found.master_key_id,
        )
        return SecretStr(str(secret["access_token"])), replace(
            self, of=replace(self.of, credential_version=found.credential_version)
        )

    async def revoked(self) -> None:
        """Note that the credentials are refused, unless others are stored by now."""
        self.on_change()
        async with self.pool.connection() as conn:
            await refresh_queries.set_integration_status(
                conn,
                self.of,
                status="revoked",
                reason=f"{self.kind}:{self.name} refused the token: connect it again",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenUpstream(Upstream):
    """An upstream that is called with a token: one that is refused is renewed, and the call made once more.

    A refused call did nothing, so it is safe to make again, whatever it is.
    """

    headers_of: Callable[[SecretStr], Mapping[str, SecretStr]] = field(repr=False)
    """The headers that carry a token."""
    renewal: Renewal | None = field(default=None, repr=False)

    async def send(self, method: str, path: str, **given: Any) -> Answer:
        """Send a request, as ``Upstream.send``; once more with another token where this one is refused.

        Both go by the same passage of the guard: what is refused costs an upstream nothing.

        Raises:
            PermanentError: in addition, where the upstream refuses to give another token.
        """
        # not super(): a dataclass with slots is another class than the one that this was written in
        answer = await Upstream.send(self, method, path, **given)
        if self.renewal is None or not _is_refusal(answer):
            return answer
        renewed = await self.renewal.token()
        if renewed is None:
            return answer
        token, renewal = renewed
        again = replace(self, headers=self.headers_of(token), renewal=renewal)
        answer = await Upstream.send(again, method, path, **given)
        if _is_refusal(answer):
            await renewal.revoked()
        # Whoever reads the answer knows what to mask by our headers, and those hold the token before.
        return replace(answer, body=answer.body.replace(token.get_secret_value().encode(), MASK.encode()))


def _is_refusal(answer: Answer) -> bool:
    """Whether the token was refused: 401, or GraphQL's word for it, with which Wave's status is not documented."""
    if answer.status == _UNAUTHORIZED:
        return True
    if answer.status not in {200, 400} or b'"UNAUTHENTICATED"' not in answer.body[:10_000]:
        return False
    try:
        told: Any = loads(answer.body)
        errors = cast("list[Any]", told["errors"])
        return not told.get("data") and any(error["extensions"]["code"] == "UNAUTHENTICATED" for error in errors)
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
