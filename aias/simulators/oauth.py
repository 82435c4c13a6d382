"""What the OAuth endpoints of the local Shopify and the local Wave have in common: an app, codes, tokens, their ends.

A browser that opens the authorize page is sent back at once with a code, as if somebody had consented. A code is good
for one use and ten minutes (RFC 6749, 4.1.2); using it twice revokes what it gave. Tokens expire by the server's clock.

What becomes of a refresh token that was used is ``rotation``:

==========  =======================================================================================================
``retry``   it can be used again until its replacement is used: an answer that was lost can be asked for again.
            Shopify does so (https://shopify.dev/changelog/more-resilient-refreshes-for-expiring-offline-access-tokens)
``strict``  using it again is taken for theft: everything that it led to is revoked (RFC 9700, 4.14.2)
``none``    it goes on working, and no other is given
==========  =======================================================================================================
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request

from aias.simulators.delivery import Answer, json_answer
from aias.simulators.journal import Call, as_object

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "OAuthEndpoints", "Rotation", "Tokens"]

CLIENT_ID = "simulator-client"
CLIENT_SECRET = "simulator-client-secret"  # noqa: S105 - opens nothing but a server that imitates one
"""The app that the local servers know, unless they are told another."""

Rotation = Literal["retry", "strict", "none"]

_CODE_SECONDS = 600
_KEPT = 10_000


@dataclass(slots=True, kw_only=True)
class Code:
    """An authorization code, and what it was given for."""

    scopes: str
    redirect_uri: str
    expires_at: float
    challenge: str | None = None
    family: int | None = None
    """What it was exchanged for; none before."""


@dataclass(slots=True, kw_only=True)
class Tokens:
    """An access token and the refresh token that came with it."""

    access: str
    refresh: str | None
    scopes: str
    family: int
    """Everything that came of one consent."""
    expires_at: float | None
    refresh_expires_at: float | None = None
    successor: str | None = None
    """The refresh token that replaced this one's."""
    is_revoked: bool = False


@dataclass(slots=True, kw_only=True)
class Counts:
    """What happened so far."""

    authorized: int = 0
    exchanged: int = 0
    refreshed: int = 0
    refused: int = 0
    reused: int = 0


class Refused(Exception):
    """A request that is answered with an OAuth error (RFC 6749, 5.2)."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.status = status


@dataclass(slots=True, kw_only=True)
class OAuthEndpoints(ABC):
    """One server's authorize and token endpoints. Settings may be changed while it runs."""

    clock: Callable[[], float]
    client_id: str = CLIENT_ID
    client_secret: str = field(default=CLIENT_SECRET, repr=False)
    rotation: Rotation = "retry"
    access_seconds: float = 3600
    refresh_seconds: float | None = None
    counts: Counts = field(default_factory=Counts)
    codes: OrderedDict[str, Code] = field(default_factory=OrderedDict[str, Code], repr=False)
    issued: OrderedDict[str, Tokens] = field(default_factory=OrderedDict[str, Tokens], repr=False)
    """By access token."""
    families: int = 0

    # --- what differs ---

    @property
    @abstractmethod
    def authorize_path(self) -> str:
        """Where a browser is sent."""

    @property
    @abstractmethod
    def token_path(self) -> str:
        """Where codes and refresh tokens are exchanged."""

    @abstractmethod
    def new_token(self, kind: Literal["access", "refresh"]) -> str:
        """A token of this service's form."""

    @abstractmethod
    def callback(self, code: str, query: Mapping[str, str]) -> dict[str, str]:
        """The parameters that the browser takes back to the app."""

    @abstractmethod
    def told(self, tokens: Tokens) -> dict[str, Any]:
        """The answer of the token endpoint."""

    def grant(self, form: Mapping[str, str]) -> Tokens:
        """Give tokens for a grant; a service that has further ones adds them."""
        match form.get("grant_type"):
            case "authorization_code":
                return self.exchange(form)
            case "refresh_token":
                return self.refresh(form)
            case _:
                raise Refused("unsupported_grant_type", "The grant type is not supported")

    def reads_form(self, content_type: str) -> bool:
        """Whether the token endpoint takes a body of this type."""
        return content_type.startswith("application/x-www-form-urlencoded")

    # --- serving ---

    def serves(self, path: str) -> bool:
        """Whether the path is one of the two."""
        return path in {self.authorize_path, self.token_path}

    def read(self, request: Request, body: bytes) -> Call:
        """What is asked for; codes, tokens and secrets stay out of the journal."""
        if request.url.path == self.authorize_path:
            return Call(operations=("oauth.authorize",), kind="oauth", variables={"scope": _one(request, "scope")})
        form = self._form(request, body) or {}
        grant = form.get("grant_type") or "authorization_code"
        return Call(operations=("oauth.token", f"oauth.{grant}"), kind="oauth", variables={"grant_type": grant})

    def answer(self, request: Request, body: bytes) -> Answer:
        """Serve one of the two."""
        try:
            if request.url.path == self.authorize_path:
                return self._authorize(request)
            return self._token(request, body)
        except Refused as error:
            self.counts.refused += 1
            told = {"error": error.error, "error_description": str(error)}
            return json_answer(told, error.status, error=error.error)

    def accepts(self, token: str | None) -> bool:
        """Whether an access token that was given here still opens the API."""
        found = self.issued.get(token or "")
        return found is not None and not found.is_revoked and self._is_live(found.expires_at)

    # --- control ---

    def expire_access_tokens(self) -> None:
        """Let every access token have expired; refresh tokens live on."""
        for tokens in self.issued.values():
            tokens.expires_at = self.clock()

    def revoke(self) -> None:
        """Take everything back that was given, as when the app is uninstalled."""
        for tokens in self.issued.values():
            tokens.is_revoked = True

    def reset(self) -> None:
        """Forget every code and token."""
        self.codes.clear()
        self.issued.clear()
        self.counts = Counts()

    def state(self) -> dict[str, Any]:
        """The app, and what happened, for the control endpoint."""
        live = sum(self.accepts(access) for access in self.issued)
        counted = {name: getattr(self.counts, name) for name in Counts.__dataclass_fields__}
        app = {"client_id": self.client_id, "client_secret": self.client_secret}
        return {**app, **counted, "live_access_tokens": live, "rotation": self.rotation}

    # --- the flow ---

    def _authorize(self, request: Request) -> Answer:
        query = dict(request.query_params)
        if request.method != "GET" or query.get("client_id") != self.client_id:
            raise Refused("invalid_request", "The app is unknown")
        redirect_uri = query.get("redirect_uri", "")
        if not redirect_uri.startswith(("http://", "https://")):
            raise Refused("invalid_request", "The redirect_uri is missing")
        method = query.get("code_challenge_method")
        if "code_challenge" in query and method != "S256":
            raise Refused("invalid_request", "The code_challenge_method is not S256")
        code = secrets.token_hex(16)
        self.codes[code] = Code(
            scopes=query.get("scope", ""),
            redirect_uri=redirect_uri,
            expires_at=self.clock() + _CODE_SECONDS,
            challenge=query.get("code_challenge"),
        )
        _trim(self.codes)
        self.counts.authorized += 1
        back = urlencode(self.callback(code, query))
        joint = "&" if "?" in redirect_uri else "?"
        return Answer(status=302, headers={"Location": f"{redirect_uri}{joint}{back}"})

    def _token(self, request: Request, body: bytes) -> Answer:
        form = self._form(request, body)
        if request.method != "POST" or form is None:
            raise Refused("invalid_request", "The request is not a form")
        known = hmac.compare_digest(form.get("client_secret", "").encode(), self.client_secret.encode())
        if form.get("client_id") != self.client_id or not known:
            raise Refused("invalid_client", "The client is unknown, or its secret is wrong", 401)
        return json_answer(self.told(self.grant(form)), headers={"Cache-Control": "no-store"})

    def exchange(self, form: Mapping[str, str]) -> Tokens:
        """Give tokens for a code."""
        code = self.codes.get(form.get("code", ""))
        if code is None or not self._is_live(code.expires_at):
            raise Refused("invalid_grant", "The code is unknown or has expired")
        if code.family is not None:
            self._revoke_family(code.family)
            raise Refused("invalid_grant", "The code was used before")
        if form.get("redirect_uri", code.redirect_uri) != code.redirect_uri:
            raise Refused("invalid_grant", "The redirect_uri is another")
        if code.challenge is not None and code.challenge != _challenge(form.get("code_verifier", "")):
            raise Refused("invalid_grant", "The code_verifier does not fit")
        self.families += 1
        code.family = self.families
        self.counts.exchanged += 1
        return self.issue(code.scopes, self.families, form)

    def refresh(self, form: Mapping[str, str]) -> Tokens:
        """Give tokens for a refresh token."""
        given = form.get("refresh_token") or ""
        old = next((one for one in self.issued.values() if one.refresh == given), None) if given else None
        if old is None or old.is_revoked or not self._is_live(old.refresh_expires_at):
            raise Refused("invalid_grant", "The refresh token is unknown, expired or revoked")
        if old.successor is not None and not self._may_retry(old.successor):
            self.counts.reused += 1
            self._revoke_family(old.family)
            raise Refused("invalid_grant", "The refresh token was used before")
        if old.successor is not None:
            self._retire(old.successor)
        made = self.issue(old.scopes, old.family, form)
        if self.rotation == "none":
            made.refresh = old.refresh
            old.refresh = None
        else:
            old.successor = made.refresh
        old.expires_at = min(old.expires_at or self.clock(), self.clock())
        self.counts.refreshed += 1
        return made

    def issue(self, scopes: str, family: int, form: Mapping[str, str]) -> Tokens:
        """Make a pair of tokens; whether they expire is the service's rule."""
        del form
        now = self.clock()
        made = Tokens(
            access=self.new_token("access"),
            refresh=self.new_token("refresh"),
            scopes=scopes,
            family=family,
            expires_at=now + self.access_seconds,
            refresh_expires_at=None if self.refresh_seconds is None else now + self.refresh_seconds,
        )
        self.issued[made.access] = made
        _trim(self.issued)
        return made

    def _may_retry(self, successor: str) -> bool:
        return self.rotation == "retry" and all(
            one.successor is None for one in self.issued.values() if one.refresh == successor
        )

    def _retire(self, refresh: str) -> None:
        for one in self.issued.values():
            if one.refresh == refresh:
                one.is_revoked = True

    def _revoke_family(self, family: int) -> None:
        for one in self.issued.values():
            if one.family == family:
                one.is_revoked = True

    def _is_live(self, until: float | None) -> bool:
        return until is None or self.clock() < until

    def _form(self, request: Request, body: bytes) -> dict[str, str] | None:
        content_type = request.headers.get("content-type", "")
        if not self.reads_form(content_type):
            return None
        try:
            if content_type.startswith("application/json"):
                given = as_object(json.loads(body)) or {}
                return {name: str(value) for name, value in given.items() if value is not None}
            return dict(parse_qsl(body.decode(), keep_blank_values=True))
        except (ValueError, RecursionError):
            return None


def _one(request: Request, name: str) -> str:
    return request.query_params.get(name, "")


def _challenge(verifier: str) -> str:
    """RFC 7636, 4.6: base64url(sha256(verifier)) without padding."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _trim(kept: OrderedDict[str, Any]) -> None:
    while len(kept) > _KEPT:
        kept.popitem(last=False)
