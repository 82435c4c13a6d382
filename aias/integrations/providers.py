"""The OAuth of Shopify and of Wave, on the base that every call of ours stands on.

A library for OAuth (Authlib was weighed) would bring its own HTTP client: without our limits of time and size, without
the check of where calls may go, and with bodies in its errors. What it would save is three forms to post, and Shopify's
differ from RFC 6749 in each: the signature of the callback, ``expiring=1``, the missing token type.

Sources: RFC 6749 (4.1, 5, 6), RFC 7636,
https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/authorization-code-grant ,
.../offline-access-tokens , .../client-credentials-grant ,
https://developer.waveapps.com/hc/en-us/articles/360019493652-OAuth-Guide .
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from aias.errors import ConfigurationError, Forbidden, InvalidArgument, StepError, TransientError
from aias.integrations.client import Answer, Upstream
from aias.integrations.egress import Egress
from aias.integrations.kinds import HeaderValue
from aias.integrations.payload import loads
from aias.integrations.queries import Granted
from aias.settings import Settings
from aias.staging import register_once, staged

__all__ = ["Grant", "Provider", "RefusedGrant", "provider_of", "register_provider"]

_SHOP = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9-]*\.myshopify\.com")
_ERROR = re.compile(r"[a-z_]{1,50}")
_REFUSALS = frozenset({"invalid_grant", "access_denied", "unauthorized_client", "invalid_subject_token"})
_LONGEST = 10 * 365 * 86_400


class RefusedGrant(Exception):
    """The upstream gives no tokens for this; asking again would not help. ``error`` is its word for why."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class _Told(BaseModel):
    """The answer of a token endpoint."""

    model_config = ConfigDict(extra="ignore")

    access_token: HeaderValue = Field(max_length=4000)
    refresh_token: HeaderValue | None = Field(default=None, max_length=4000)
    expires_in: float | None = Field(default=None, gt=0, le=_LONGEST)
    refresh_token_expires_in: float | None = Field(default=None, gt=0, le=_LONGEST)
    scope: str | None = Field(default=None, max_length=4000)
    business_id: str | None = Field(default=None, alias="businessId", max_length=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Tokens that were granted. Their repr shows none."""

    access_token: SecretStr
    refresh_token: SecretStr | None
    granted: Granted
    business_id: str | None = None
    """Wave's business that was consented for."""

    def secret(self) -> dict[str, Any]:
        """The tokens in plain text, to be sealed at once."""
        found = {"access_token": self.access_token.get_secret_value()}
        if self.refresh_token is not None:
            found["refresh_token"] = self.refresh_token.get_secret_value()
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _App:
    id: str
    secret: str = field(repr=False)


class Provider(ABC):
    """How one kind of upstream grants tokens."""

    kind: str

    # --- what differs ---

    @abstractmethod
    def base_url(self, config: Mapping[str, Any], settings: Settings) -> str:
        """Where its OAuth is. Never where a tenant says: the app's secret is sent there.

        Raises:
            InvalidArgument: the settings of the connection don't tell.
        """

    @abstractmethod
    def authorize_url(self, config: Mapping[str, Any], settings: Settings, parameters: Mapping[str, str]) -> str:
        """Where the user is sent to consent."""

    @abstractmethod
    def scopes(self, settings: Settings) -> str:
        """What is asked for, unless the caller says."""

    @abstractmethod
    def check_callback(self, query: Mapping[str, str], config: Mapping[str, Any], settings: Settings) -> None:
        """Refuse an answer that did not come from the upstream.

        Raises:
            Forbidden: its signature is wrong, or it is another shop's.
        """

    token_path: str
    expiring: Mapping[str, str]
    """What asks for tokens that expire."""

    # --- what is common ---

    def uses_pkce(self, settings: Settings) -> bool:
        """Whether the upstream takes PKCE, as the operator says: one that does not know it may refuse it."""
        return self.kind in {part.strip() for part in settings.oauth_pkce.split(",")}

    async def exchange(
        self, config: Mapping[str, Any], settings: Settings, *, code: str, redirect_uri: str, verifier: str | None
    ) -> Grant:
        """Exchange a code for tokens.

        Raises:
            RefusedGrant: the code is not good.
            TransientError: no answer, or one that can't be read.
        """
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, **self.expiring}
        if verifier is not None:
            form["code_verifier"] = verifier
        return await self._ask(config, settings, form, "authorization_code")

    async def refresh(
        self, config: Mapping[str, Any], settings: Settings, *, grant_type: str | None, refresh_token: str | None
    ) -> Grant:
        """Get new tokens for a refresh token, or by the client credentials grant with the app's own word.

        Raises:
            RefusedGrant: the upstream gives none.
            TransientError: no answer, or one that can't be read.
        """
        if grant_type == "client_credentials":
            return await self._ask(config, settings, {"grant_type": "client_credentials"}, "client_credentials")
        if refresh_token is None:
            raise RefusedGrant("no refresh token was granted")
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        made = await self._ask(config, settings, form, "authorization_code")
        if made.refresh_token is not None:
            return made
        # RFC 6749, 6: without a new refresh token the old one stays
        return Grant(
            access_token=made.access_token,
            refresh_token=SecretStr(refresh_token),
            granted=made.granted,
            business_id=made.business_id,
        )

    def app(self, settings: Settings) -> _App:
        """The app that is registered with the upstream.

        Raises:
            ConfigurationError: the settings name none.
        """
        id_ = getattr(settings, f"{self.kind}_client_id")
        secret: SecretStr | None = getattr(settings, f"{self.kind}_client_secret")
        if id_ is None or secret is None:
            prefix = f"AIAS_{self.kind.upper()}_CLIENT"
            raise ConfigurationError(f"OAuth with {self.kind} needs {prefix}_ID and {prefix}_SECRET")
        return _App(id=id_, secret=secret.get_secret_value())

    async def _ask(
        self,
        config: Mapping[str, Any],
        settings: Settings,
        form: Mapping[str, str],
        grant_type: Literal["authorization_code", "client_credentials"],
    ) -> Grant:
        app = self.app(settings)
        upstream = Upstream(
            name=f"{self.kind} OAuth",
            base_url=self.base_url(config, settings),
            egress=Egress.parse(settings.egress_allow),
        )
        body = urlencode({"client_id": app.id, "client_secret": app.secret, **form}).encode()
        try:
            answer = await upstream.call(
                "POST",
                self.token_path,
                content=body,
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                check=False,
            )
        except StepError as error:
            # Without its detail: that may quote an answer with tokens in it.
            raise TransientError(error.message) from None
        if not answer.ok:
            raise self._refusal(answer)
        return self._granted(answer, grant_type)

    def _granted(self, answer: Answer, grant_type: Literal["authorization_code", "client_credentials"]) -> Grant:
        try:
            told = _Told.model_validate(loads(answer.body))
        except (ValueError, ValidationError):
            raise TransientError(f"{self.kind} OAuth sent an answer that can't be read") from None
        return Grant(
            access_token=told.access_token,
            refresh_token=told.refresh_token,
            granted=Granted(
                grant_type=grant_type,
                scopes=told.scope,
                token_lasts=_seconds(told.expires_in),
                refresh_token_lasts=_seconds(told.refresh_token_expires_in),
            ),
            business_id=told.business_id,
        )

    def _refusal(self, answer: Answer) -> Exception:
        """Say what an answer without tokens means; nothing of its body but a plain word is passed on."""
        error = ""
        with contextlib.suppress(ValueError, KeyError, TypeError):  # without it the status says enough
            error = str(loads(answer.body)["error"])
        error = error if _ERROR.fullmatch(error) else f"status {answer.status}"
        if error in _REFUSALS:
            return RefusedGrant(error)
        if error == "invalid_client":
            prefix = f"AIAS_{self.kind.upper()}_CLIENT"
            return TransientError(f"{self.kind} refused the app itself: {prefix}_ID or {prefix}_SECRET is wrong")
        return TransientError(f"{self.kind} OAuth answered {answer.status} ({error})")


def _seconds(value: float | None) -> timedelta | None:
    return None if value is None else timedelta(seconds=value)


class _Shopify(Provider):
    kind = "shopify"
    token_path = "/admin/oauth/access_token"  # noqa: S105 (a path)
    expiring = {"expiring": "1"}  # noqa: RUF012 (never changed)

    def base_url(self, config: Mapping[str, Any], settings: Settings) -> str:
        if settings.shopify_oauth_url is not None:
            return settings.shopify_oauth_url.rstrip("/")
        shop = config.get("shop")
        if not isinstance(shop, str) or not _SHOP.fullmatch(shop):
            raise InvalidArgument("OAuth needs the shop's name: acme.myshopify.com", argument="p_config")
        return f"https://{shop}"

    def authorize_url(self, config: Mapping[str, Any], settings: Settings, parameters: Mapping[str, str]) -> str:
        asked = {key: value for key, value in parameters.items() if key != "response_type"}
        return f"{self.base_url(config, settings)}/admin/oauth/authorize?{urlencode(asked)}"

    def scopes(self, settings: Settings) -> str:
        return settings.shopify_scopes

    def check_callback(self, query: Mapping[str, str], config: Mapping[str, Any], settings: Settings) -> None:
        expected = hmac.new(self.app(settings).secret.encode(), _signed(query).encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), query.get("hmac", "").encode()):
            raise Forbidden("the answer's signature (hmac) is wrong: it did not come from Shopify")
        shop = query.get("shop", "")
        if not _SHOP.fullmatch(shop):
            raise Forbidden("the answer names no shop of Shopify's")
        wanted = config.get("shop")
        if wanted is not None and shop.lower() != str(wanted).lower():
            raise Forbidden(f"the answer is for another shop than {wanted}")


def _signed(query: Mapping[str, str]) -> str:
    """What the signature covers: every parameter but itself, sorted; delimiters inside of them are escaped.

    Source: the official library, ShopifyAPI, ``Session.__encoded_params_for_signature``.
    """
    pairs = (
        (name.replace("%", "%25").replace("=", "%3D"), value.replace("%", "%25"))
        for name, value in query.items()
        if name != "hmac"
    )
    return "&".join(sorted(f"{name}={value}".replace("&", "%26") for name, value in pairs))


class _Wave(Provider):
    kind = "wave"
    token_path = "/oauth2/token/"  # noqa: S105 (a path)
    expiring: Mapping[str, str] = {}

    def base_url(self, config: Mapping[str, Any], settings: Settings) -> str:
        del config
        return settings.wave_oauth_url.rstrip("/")

    def authorize_url(self, config: Mapping[str, Any], settings: Settings, parameters: Mapping[str, str]) -> str:
        asked = dict(parameters)
        if config.get("business_id"):
            asked["businessId"] = str(config["business_id"])
        return f"{self.base_url(config, settings)}/oauth2/authorize/?{urlencode(asked)}"

    def scopes(self, settings: Settings) -> str:
        return settings.wave_scopes

    def check_callback(self, query: Mapping[str, str], config: Mapping[str, Any], settings: Settings) -> None:
        """Wave signs nothing: the state alone ties the answer to the question."""


_PROVIDERS: dict[str, Provider] = staged("providers", {"shopify": _Shopify(), "wave": _Wave()})


def register_provider(kind: str, provider: Provider) -> None:
    """Say how a kind of connection grants tokens.

    Raises:
        ConfigurationError: a plugin is being loaded, and the kind has OAuth.
    """
    register_once(_PROVIDERS, kind, provider, what="OAuth of")


def provider_of(kind: str) -> Provider:
    """Give the OAuth of a kind of connection.

    Raises:
        InvalidArgument: it has none.
    """
    found = _PROVIDERS.get(kind)
    if found is None:
        raise InvalidArgument(f"{kind} has no OAuth ({', '.join(_PROVIDERS)} have)", argument="p_kind")
    return found
