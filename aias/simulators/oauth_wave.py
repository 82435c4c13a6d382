"""OAuth of the local Wave: ``/oauth2/authorize/`` and ``/oauth2/token/`` (a form, as upstream demands).

An access token lasts two hours. A refresh token comes along where the scope ``offline_access`` was asked for. What Wave
does with a refresh token that was used is not documented; here the strictest rule holds unless ``rotation`` says else.

Source: https://developer.waveapps.com/hc/en-us/articles/360019493652-OAuth-Guide .
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from aias.simulators.oauth import OAuthEndpoints, Rotation, Tokens

__all__ = ["WaveOAuth"]


@dataclass(slots=True, kw_only=True)
class WaveOAuth(OAuthEndpoints):
    """The local Wave's; ``business_id`` gives the business that is consented for."""

    business_id: Callable[[], str]
    rotation: Rotation = "strict"
    access_seconds: float = 7200

    @property
    def authorize_path(self) -> str:
        """Where a browser is sent."""
        return "/oauth2/authorize/"

    @property
    def token_path(self) -> str:
        """Where codes and refresh tokens are exchanged."""
        return "/oauth2/token/"

    def new_token(self, kind: Literal["access", "refresh"]) -> str:
        """No form is documented."""
        return f"wave-{kind}-{secrets.token_hex(15)}"

    def callback(self, code: str, query: Mapping[str, str]) -> dict[str, str]:
        """The code, and the state where there was one."""
        return {"code": code, **({"state": query["state"]} if "state" in query else {})}

    def issue(self, scopes: str, family: int, form: Mapping[str, str]) -> Tokens:
        """A refresh token belongs to the scope ``offline_access``."""
        made = OAuthEndpoints.issue(self, scopes, family, form)
        if "offline_access" not in scopes.split():
            made.refresh = None
        return made

    def told(self, tokens: Tokens) -> dict[str, Any]:
        """With the user and the business, as upstream."""
        answer: dict[str, Any] = {
            "access_token": tokens.access,
            "token_type": "Bearer",
            "scope": tokens.scopes,
            "userId": "VXNlcjpzaW11bGF0b3I=",
            "businessId": self.business_id(),
        }
        if tokens.expires_at is not None:
            answer["expires_in"] = round(tokens.expires_at - self.clock())
        if tokens.refresh is not None:
            answer["refresh_token"] = tokens.refresh
        return answer
