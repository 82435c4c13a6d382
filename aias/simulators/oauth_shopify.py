"""OAuth of the local Shopify: ``/admin/oauth/authorize`` and ``/admin/oauth/access_token``.

The callback carries ``code, hmac, host, shop, state, timestamp``; ``hmac`` is the hexadecimal HMAC-SHA256 of the other
parameters, sorted, under the client secret. With ``expiring=1`` a token lasts an hour and comes with a refresh token of
90 days; without it, it lasts for ever. The client credentials grant gives a token of 24 hours and no refresh token.

Sources: https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant ,
.../offline-access-tokens , .../client-credentials-grant .
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from aias.simulators.oauth import OAuthEndpoints, Tokens

__all__ = ["SHOP_DOMAIN", "ShopifyOAuth", "sign"]

SHOP_DOMAIN = "simulated-goods.myshopify.com"

_DAY = 86_400.0


def sign(parameters: Mapping[str, str], client_secret: str) -> str:
    """Give the ``hmac`` of a callback's parameters."""
    pairs = sorted(f"{name}={value}" for name, value in parameters.items() if name != "hmac")
    return hmac.new(client_secret.encode(), "&".join(pairs).encode(), hashlib.sha256).hexdigest()


@dataclass(slots=True, kw_only=True)
class ShopifyOAuth(OAuthEndpoints):
    """The local shop's."""

    refresh_seconds: float | None = 90 * _DAY
    shop: str = SHOP_DOMAIN

    @property
    def authorize_path(self) -> str:
        """Where a browser is sent."""
        return "/admin/oauth/authorize"

    @property
    def token_path(self) -> str:
        """Where codes and refresh tokens are exchanged."""
        return "/admin/oauth/access_token"

    def reads_form(self, content_type: str) -> bool:
        """Forms and JSON both."""
        return content_type.startswith(("application/x-www-form-urlencoded", "application/json"))

    def new_token(self, kind: Literal["access", "refresh"]) -> str:
        """``shpat_`` and ``shprt_``, as upstream."""
        return f"{'shpat' if kind == 'access' else 'shprt'}_{secrets.token_hex(16)}"

    def callback(self, code: str, query: Mapping[str, str]) -> dict[str, str]:
        """Sign what goes back."""
        store = self.shop.removesuffix(".myshopify.com")
        given = {
            "code": code,
            "host": base64.b64encode(f"admin.shopify.com/store/{store}".encode()).decode().rstrip("="),
            "shop": self.shop,
            "state": query.get("state", ""),
            "timestamp": str(int(self.clock())),
        }
        return {**given, "hmac": sign(given, self.client_secret)}

    def grant(self, form: Mapping[str, str]) -> Tokens:
        """Without a grant type a code is meant; the client credentials grant is there too."""
        if form.get("grant_type") == "client_credentials":
            self.families += 1
            made = self.issue("", self.families, {"expiring": "1"})
            made.refresh, made.expires_at = None, self.clock() + _DAY
            return made
        # not super(): a dataclass with slots is another class than the one that its methods were written in
        return OAuthEndpoints.grant(self, {"grant_type": "authorization_code", **form})

    def issue(self, scopes: str, family: int, form: Mapping[str, str]) -> Tokens:
        """Tokens expire where that was asked for, and where they were refreshed."""
        made = OAuthEndpoints.issue(self, scopes, family, form)
        if form.get("expiring") != "1" and form.get("grant_type") != "refresh_token":
            made.refresh = made.expires_at = made.refresh_expires_at = None
        return made

    def told(self, tokens: Tokens) -> dict[str, Any]:
        """Scopes are separated by commas."""
        answer: dict[str, Any] = {"access_token": tokens.access, "scope": tokens.scopes.replace(" ", ",")}
        if tokens.expires_at is not None:
            answer["expires_in"] = round(tokens.expires_at - self.clock())
        if tokens.refresh is not None and tokens.refresh_expires_at is not None:
            answer["refresh_token"] = tokens.refresh
            answer["refresh_token_expires_in"] = round(tokens.refresh_expires_at - self.clock())
        return answer
