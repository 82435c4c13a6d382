"""Connecting by consent: the authorization code grant, from the address that a browser opens to the stored tokens.

::

    started = await start_oauth(pool, tenant="acme", user="kim", kind="shopify", config={"shop": "acme.myshopify.com"},
                                redirect_uri="https://app.example/callback")
    started.url                                         # the browser goes there, and comes back with a query string
    await finish_oauth(pool, tenant="acme", user="kim", query="code=...&state=...")

The state is 256 random bits; the database holds its hash, the tenant and the user that it was given to, and how long it
is good for. It is used up before the code is exchanged, so an answer that comes twice does nothing the second time, and
an answer that did not come from the upstream uses nothing up. PKCE's verifier is stored sealed.

Sources: RFC 6749 (4.1, 10.12), RFC 7636, RFC 9700 (2.1, 4.7).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from psycopg import AsyncConnection

from aias.db import Pool
from aias.errors import Conflict, InvalidArgument, NotFound
from aias.ids import uuid7
from aias.integrations import key_queries, oauth_queries
from aias.integrations.connecting import Connected, connect_tried
from aias.integrations.connections import checked_config
from aias.integrations.credentials import Keyring, SealedFor, load_keyring
from aias.integrations.keys import sealing_key
from aias.integrations.kinds import kinds
from aias.integrations.oauth_queries import OAuthRequest
from aias.integrations.providers import Grant, Provider, RefusedGrant, provider_of
from aias.settings import Settings, get_settings

__all__ = ["Started", "connect_app", "finish_oauth", "start_oauth"]

_MOST_PARAMETERS = 50
_LONGEST_QUERY = 10_000
_VERIFIER_NAME = "oauth verifier"
_LATER = "pending"
"""Stands for a business that is known only once its owner has consented."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """Where the browser goes. The URL holds the state, so it is for this user alone."""

    url: str = field(repr=False)
    expires_in: float
    """Seconds within which the answer must come."""


async def start_oauth(  # noqa: PLR0913 (who, what, and where to come back to)
    pool: Pool,
    *,
    tenant: str,
    user: str,
    kind: str,
    name: str = "default",
    config: Mapping[str, Any],
    redirect_uri: str,
    scopes: str | None = None,
    lasts: timedelta = timedelta(minutes=10),
    settings: Settings | None = None,
) -> Started:
    """Begin: remember who asks for what, and give the address where the upstream asks for consent.

    Raises:
        InvalidArgument: the kind has no OAuth, or the settings of the connection are malformed.
        NotFound: there is no such tenant.
        ConfigurationError: the settings name no app of ours at the upstream.
        TooManyRequests: the tenant has 100 consents in progress.
    """
    settings = settings or get_settings()
    provider = provider_of(kind)
    checked = _config(kind, config)
    state = secrets.token_urlsafe(32)
    request = OAuthRequest(
        id=uuid7(),
        tenant_id=UUID(int=0),
        kind=kind,
        name=name,
        config=checked,
        scopes=scopes or provider.scopes(settings),
        redirect_uri=redirect_uri,
        verifier=None,
        key_id=None,
    )
    parameters = {
        "client_id": provider.app(settings).id,
        "response_type": "code",
        "scope": request.scopes,
        "redirect_uri": redirect_uri,
        "state": state,
    }
    async with pool.connection() as conn, conn.transaction():
        if provider.uses_pkce(settings):
            request, verifier = await _with_verifier(conn, tenant, request, load_keyring(settings))
            parameters |= {"code_challenge": _challenge(verifier), "code_challenge_method": "S256"}
        await oauth_queries.start_oauth(conn, request, tenant=tenant, user=user, state_hash=_hash(state), lasts=lasts)
    return Started(url=provider.authorize_url(checked, settings, parameters), expires_in=lasts.total_seconds())


async def finish_oauth(
    pool: Pool, *, tenant: str, user: str, query: str, settings: Settings | None = None
) -> Connected:
    """End: check the answer, exchange its code, try the tokens, and store the connection.

    ``query`` is the raw query string with which the browser came back.

    Raises:
        InvalidArgument: the query string is no answer.
        Forbidden: it did not come from the upstream, or is another shop's. The state stays good.
        NotFound: this tenant and user never asked for it.
        Conflict: the state was used or has expired, or the user or the upstream refused.
        TransientError: the upstream did not answer; begin anew.
        PermanentError: the tokens that it gave don't work.
    """
    settings = settings or get_settings()
    answer = _parsed(query)
    hashed = _hash(answer.get("state", ""))
    async with pool.connection() as conn:
        asked = await oauth_queries.oauth_request(conn, tenant=tenant, user=user, state_hash=hashed, is_taken=False)
    provider = provider_of(asked.kind)
    provider.check_callback(answer, asked.config, settings)
    async with pool.connection() as conn:
        await oauth_queries.oauth_request(conn, tenant=tenant, user=user, state_hash=hashed, is_taken=True)
        verifier = await _verifier(conn, tenant, asked, load_keyring(settings))
    if "code" not in answer:
        said = answer.get("error", "no code")[:100]
        raise Conflict(f"{asked.kind} did not get the consent ({said}): begin anew", argument="query")
    try:
        grant = await provider.exchange(
            asked.config, settings, code=answer["code"], redirect_uri=asked.redirect_uri, verifier=verifier
        )
    except RefusedGrant as error:
        raise Conflict(f"{asked.kind} did not take the code ({error.error}): begin anew", argument="query") from None
    return await connect_tried(
        pool,
        tenant=tenant,
        user=user,
        kind=asked.kind,
        name=asked.name,
        config=_completed(provider, asked.config, grant),
        secret=grant.secret(),
        granted=grant.granted,
    )


async def connect_app(
    pool: Pool,
    *,
    tenant: str,
    user: str,
    kind: str,
    name: str = "default",
    config: Mapping[str, Any],
    settings: Settings | None = None,
) -> Connected:
    """Connect by the app's own right, without anybody's consent: the client credentials grant.

    Shopify gives it to an app for the shops of its own organisation.

    Raises:
        InvalidArgument: the kind has no OAuth, or the settings of the connection are malformed.
        ConfigurationError: the settings name no app of ours at the upstream.
        Conflict: the upstream refused.
        TransientError: the upstream did not answer.
        PermanentError: the token that it gave does not work.
    """
    settings = settings or get_settings()
    if kind != "shopify":
        raise InvalidArgument(f"{kind} has no client credentials grant (shopify has)", argument="p_kind")
    checked = _config(kind, config)
    try:
        grant = await provider_of(kind).refresh(checked, settings, grant_type="client_credentials", refresh_token=None)
    except RefusedGrant as error:
        raise Conflict(f"{kind} gave the app no token ({error.error})", argument="p_config") from None
    return await connect_tried(
        pool,
        tenant=tenant,
        user=user,
        kind=kind,
        name=name,
        config=checked,
        secret=grant.secret(),
        granted=grant.granted,
    )


def _config(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Check the settings of the connection; Wave's business may come with the consent."""
    if kind == "wave" and not given.get("business_id"):
        return {**checked_config(kinds()[kind], {**given, "business_id": _LATER}), "business_id": ""}
    return checked_config(kinds()[kind], given)


def _completed(provider: Provider, config: Mapping[str, Any], grant: Grant) -> dict[str, Any]:
    """Give the settings with the business that was consented for.

    Raises:
        Conflict: it is another one than was asked for, or none was named.
    """
    if provider.kind != "wave":
        return dict(config)
    wanted, got = config.get("business_id"), grant.business_id
    if wanted and got and wanted != got:
        raise Conflict(f"the consent was given for another business than {wanted}: begin anew", argument="query")
    if not wanted and not got:
        raise Conflict("Wave did not say for which business: name it and begin anew", argument="query")
    return {**config, "business_id": wanted or got}


def _parsed(query: str) -> dict[str, str]:
    """Read the query string; a parameter that is there twice has no meaning that two readers agree on."""
    if len(query) > _LONGEST_QUERY:
        raise InvalidArgument("the answer is too long", argument="query")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS, errors="strict")
    except ValueError:
        raise InvalidArgument("the answer is no query string", argument="query") from None
    found = dict(pairs)
    if len(found) != len(pairs):
        raise InvalidArgument("the answer names a parameter twice", argument="query")
    if not found.get("state"):
        raise InvalidArgument("the answer has no state", argument="query")
    return found


def _hash(state: str) -> bytes:
    return hashlib.sha256(state.encode()).digest()


def _challenge(verifier: str) -> str:
    """RFC 7636, 4.2: base64url(sha256(verifier)) without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


async def _with_verifier(
    conn: AsyncConnection[Any], tenant: str, request: OAuthRequest, keyring: Keyring
) -> tuple[OAuthRequest, str]:
    """Make PKCE's secret and put it, sealed, into the request."""
    verifier = secrets.token_urlsafe(48)
    tenant_id, key = await sealing_key(conn, tenant, keyring)
    row = SealedFor(tenant_id=tenant_id, integration_id=request.id, name=_VERIFIER_NAME)
    sealed = key.seal({"verifier": verifier}, row)
    return (
        OAuthRequest(
            id=request.id,
            tenant_id=tenant_id,
            kind=request.kind,
            name=request.name,
            config=request.config,
            scopes=request.scopes,
            redirect_uri=request.redirect_uri,
            verifier=sealed,
            key_id=key.id,
        ),
        verifier,
    )


async def _verifier(conn: AsyncConnection[Any], tenant: str, asked: OAuthRequest, keyring: Keyring) -> str | None:
    if asked.verifier is None or asked.key_id is None:
        return None
    stored = await key_queries.tenant_key(conn, tenant, asked.key_id)
    if stored.key_id is None:
        raise NotFound("the tenant's key was erased meanwhile: begin anew", argument="query")
    opened = keyring.open(
        asked.verifier,
        SealedFor(tenant_id=asked.tenant_id, integration_id=asked.id, name=_VERIFIER_NAME),
        key_id=stored.key_id,
        wrapped=stored.wrapped,
        master_key_id=stored.master_key_id,
    )
    return str(opened["verifier"])
