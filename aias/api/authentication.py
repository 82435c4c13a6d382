"""Who calls: the key of a request, looked up each time, and the limits that it falls under."""

from __future__ import annotations

import hashlib
import hmac
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from uuid import UUID

from starlette.requests import Request

from aias.api.context import RequestContext, context_of
from aias.api.database import Database
from aias.api.problems import HttpProblem
from aias.api.queries import Taken, find_api_key, note_key_uses, take_request

__all__ = ["Identity", "Keys"]

_TOKEN = re.compile(r"aias_([0-9a-f]{16})_([0-9a-f]{64})", re.ASCII)
_NO_TENANT = UUID(int=0)
# compared with where there is no such key, so that it takes as long
_NO_HASH = hashlib.sha256(b"").digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An accepted key: whose it is and what it may do."""

    key_id: str
    key_name: str
    tenant_id: UUID | None
    """None for a key of the platform's operators, which sees every tenant."""
    tenant: str | None
    scopes: tuple[str, ...]
    user_id: UUID | None = None
    """The person who is signed in to the dashboard, where it is one and no key."""
    is_operator: bool = False
    """Whether an operator of the platform looks into this one tenant."""

    @property
    def actor(self) -> str:
        """Who acts, as the audit log says it."""
        return f"key:{self.key_id}" if self.user_id is None else f"user:{self.user_id}"

    @property
    def actor_kind(self) -> str:
        """What kind of actor that is."""
        if self.is_operator or self.tenant_id is None:
            return "administrator"
        return "application" if self.user_id is None else "user"

    def may(self, scope: str) -> bool:
        """Whether its scopes cover ``scope``: the same rule as ``aias_private.has_scope``."""
        resource, _, verb = scope.partition(":")
        wanted = {"*", scope, f"{resource}:*"} | ({"*:read"} if verb == "read" else set[str]())
        return not wanted.isdisjoint(self.scopes)

    def require(self, scope: str) -> None:
        """Go on only with a scope.

        Raises:
            HttpProblem: 403, naming the scope.
        """
        if not self.may(scope):
            raise HttpProblem(HTTPStatus.FORBIDDEN, "missing-scope", f"the key lacks the scope {scope}")


class Keys:
    """Accepts keys. Nothing is remembered of one but when it was used, and that only until it is written down."""

    def __init__(self, database: Database, *, operator_rate: int) -> None:
        self._database = database
        self._operator_rate = operator_rate
        self._uses: dict[str, datetime] = {}

    async def accept(self, request: Request) -> Identity:
        """Give the identity behind a request's key, and count the request under its limits.

        Raises:
            HttpProblem: 401 there is no key, or it is not good; 429 a limit is used up.
            DatabaseError: the database is away.
        """
        key_id, secret = _token(request)
        context = context_of(request.scope)
        async with self._database.connection() as conn:
            found = await find_api_key(conn, key_id)
            given = hashlib.sha256(secret.encode()).digest()
            is_right = hmac.compare_digest(given, found.secret_hash if found is not None else _NO_HASH)
            if found is None or not is_right:
                raise _unauthenticated("the key is not known")
            if found.refusal is not None:
                raise _unauthenticated(
                    f"the key has been {found.refusal}" if found.refusal == "revoked" else "the key has expired"
                )
            rate = found.key_requests_per_minute
            limits = await take_request(
                conn,
                found.tenant_id or _NO_TENANT,
                key_id,
                plan_rate=found.plan_requests_per_minute,
                key_rate=rate if rate is not None or found.tenant_id is not None else self._operator_rate,
            )
        context.key_id, context.tenant_id = key_id, found.tenant_id
        _tell_limits(context, limits)
        self._uses[key_id] = datetime.now(UTC)
        return Identity(
            key_id=key_id,
            key_name=found.name,
            tenant_id=found.tenant_id,
            tenant=found.tenant,
            scopes=tuple(found.scopes),
        )

    async def is_good(self, identity: Identity) -> bool:
        """Whether a key that was accepted would be so still, for what goes on for long; this counts as no request.

        Raises:
            DatabaseError: the database is away.
        """
        async with self._database.connection() as conn:
            found = await find_api_key(conn, identity.key_id)
        return found is not None and found.refusal is None

    async def identify(self, token: str) -> Identity | None:
        """Give the identity behind a token that somebody signs in with; None for one that is not good."""
        match = _TOKEN.fullmatch(token)
        if match is None:
            return None
        async with self._database.connection() as conn:
            found = await find_api_key(conn, match[1])
        given = hashlib.sha256(match[2].encode()).digest()
        is_right = hmac.compare_digest(given, found.secret_hash if found is not None else _NO_HASH)
        if found is None or not is_right or found.refusal is not None:
            return None
        self._uses[match[1]] = datetime.now(UTC)
        return Identity(
            key_id=match[1],
            key_name=found.name,
            tenant_id=found.tenant_id,
            tenant=found.tenant,
            scopes=tuple(found.scopes),
        )

    async def write_uses(self) -> None:
        """Write down when keys were used since the last time; what can't be written now is kept for the next."""
        uses, self._uses = self._uses, {}
        if not uses:
            return
        try:
            async with self._database.connection() as conn:
                await note_key_uses(conn, uses)
        except BaseException:
            self._uses = uses | self._uses
            raise


def _token(request: Request) -> tuple[str, str]:
    given = request.headers.getlist("authorization")
    if not given:
        raise _unauthenticated("a key is wanted: Authorization: Bearer aias_...")
    scheme, _, token = given[0].partition(" ")
    match = _TOKEN.fullmatch(token.strip())
    if len(given) > 1 or scheme.lower() != "bearer" or match is None:
        raise _unauthenticated("that is no key: Authorization: Bearer aias_..., once")
    return match[1], match[2]


def _unauthenticated(detail: str) -> HttpProblem:
    # RFC 6750: how to authenticate stands in the answer
    return HttpProblem(
        HTTPStatus.UNAUTHORIZED, "unauthenticated", detail, headers={"WWW-Authenticate": 'Bearer realm="aias"'}
    )


def _tell_limits(context: RequestContext, limits: Sequence[Taken]) -> None:
    """Put the limits into the answer's headers (draft-ietf-httpapi-ratelimit-headers).

    Raises:
        HttpProblem: 429 one of them is used up.
    """
    context.headers["RateLimit-Policy"] = ", ".join(f'"{limit.policy}";q={limit.quota};w=60' for limit in limits)
    context.headers["RateLimit"] = ", ".join(
        f'"{limit.policy}";r={limit.remaining};t={math.ceil(limit.reset_after)}' for limit in limits
    )
    if limits and not limits[0].is_allowed:
        used_up = max(limits, key=lambda limit: limit.retry_after)
        raise HttpProblem(
            HTTPStatus.TOO_MANY_REQUESTS,
            "too-many-requests",
            f"the {used_up.policy} allows {used_up.quota} requests a minute",
            headers={"Retry-After": str(max(1, math.ceil(used_up.retry_after)))},
        )
