"""The kinds of connection that AIAS brings: the settings and the secret of each.

Settings may be seen by everybody of the tenant and stand in the audit log; whatever must not is part of the secret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

import httpx
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from aias.staging import register_once, staged

__all__ = [
    "EMAIL",
    "HTTP",
    "SHOPIFY",
    "SLACK",
    "WAVE",
    "EmailConfig",
    "EmailSecret",
    "HttpConfig",
    "HttpSecret",
    "Kind",
    "ShopifyConfig",
    "SlackConfig",
    "SlackSecret",
    "TokenSecret",
    "WaveConfig",
    "kinds",
    "register_kind",
]

Config = TypeVar("Config", bound=BaseModel)
Secret = TypeVar("Secret", bound=BaseModel)

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")
_LONGEST_URL = 2048


def _base_url(value: str) -> str:
    try:
        url = httpx.URL(value)
    except httpx.InvalidURL:
        raise ValueError("is no URL") from None
    is_web = url.scheme in {"http", "https"} and 0 < (url.port or 80) < 65536  # noqa: PLR2004
    if not is_web or not url.host or len(value) > _LONGEST_URL:
        raise ValueError("is no http or https URL")
    if url.userinfo or url.query or url.fragment:
        raise ValueError("holds a user, a query or a fragment: credentials belong into the secret")
    return value.rstrip("/")


def _header_value(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not text or _UNPRINTABLE.search(text) or text != text.strip():
        raise ValueError("is empty, or holds spaces around it or characters that no header may hold")
    return value


BaseUrl = Annotated[str, AfterValidator(_base_url)]
HeaderValue = Annotated[SecretStr, AfterValidator(_header_value)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TokenSecret(_Strict):
    """An access token, and what gets the next one where it ends."""

    access_token: HeaderValue
    refresh_token: HeaderValue | None = None


class ShopifyConfig(_Strict):
    """Which shop: its myshopify.com name, or a URL (a local server)."""

    shop: str | None = Field(default=None, pattern=r"^[a-zA-Z0-9][a-zA-Z0-9-]*\.myshopify\.com$")
    url: BaseUrl | None = None
    api_version: str = Field(default="2026-10", pattern=r"^(\d{4}-(01|04|07|10)|unstable)$")

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.shop is None) == (self.url is None):
            raise ValueError("either shop or url says which shop it is")
        return self

    @property
    def base_url(self) -> str:
        """Where the Admin API is."""
        return self.url or f"https://{self.shop}"


class WaveConfig(_Strict):
    """Which business of a Wave account."""

    business_id: str = Field(min_length=1, max_length=200)
    url: BaseUrl = "https://gql.waveapps.com/graphql/public"
    default_product: str = Field(default="Sales", min_length=1, max_length=200)
    income_account_id: str | None = Field(default=None, max_length=200)

    @property
    def endpoint(self) -> str:
        """Where GraphQL is asked: the URL, with Wave's own path where it has none."""
        return self.url if httpx.URL(self.url).path != "/" else f"{self.url}/graphql/public"


class SlackConfig(_Strict):
    """Nothing: the webhook's address says it all, and is the secret."""


class SlackSecret(_Strict):
    """An incoming webhook's address: whoever knows it may post."""

    webhook_url: SecretStr

    @field_validator("webhook_url")
    @classmethod
    def _is_url(cls, value: SecretStr) -> SecretStr:
        _base_url(value.get_secret_value())
        return value


class EmailConfig(_Strict):
    """A mail server to submit to."""

    host: str = Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9.:_-]+$")
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = Field(default=None, max_length=320)
    sender: str = Field(min_length=3, max_length=320)

    @field_validator("sender")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if not re.fullmatch(r"[^@\s<>,;\"\\]+@[^@\s<>,;\"\\]+", value):
            raise ValueError("is no e-mail address")
        return value

    @model_validator(mode="after")
    def _no_password_in_the_clear(self) -> Self:
        if self.security == "none" and self.username is not None:
            raise ValueError("security none would send the password in the clear")
        return self


class EmailSecret(_Strict):
    """The password of the mail server's account, where it has one."""

    password: SecretStr | None = None


class HttpConfig(_Strict):
    """The address below which the secret headers are sent along."""

    url: BaseUrl


class HttpSecret(_Strict):
    """Headers that go with every request to the address."""

    headers: dict[str, HeaderValue] = Field(max_length=20)

    @field_validator("headers")
    @classmethod
    def _are_names(cls, value: dict[str, SecretStr]) -> dict[str, SecretStr]:
        if not all(_HEADER_NAME.fullmatch(name) for name in value):
            raise ValueError("a header's name holds letters, digits and dashes only")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[Config, Secret]):
    """A kind of connection: its name and the models of its settings and its secret."""

    name: str
    config: type[Config]
    secret: type[Secret]


SHOPIFY = Kind(name="shopify", config=ShopifyConfig, secret=TokenSecret)
WAVE = Kind(name="wave", config=WaveConfig, secret=TokenSecret)
SLACK = Kind(name="slack", config=SlackConfig, secret=SlackSecret)
EMAIL = Kind(name="email", config=EmailConfig, secret=EmailSecret)
HTTP = Kind(name="http", config=HttpConfig, secret=HttpSecret)

_kinds: dict[str, Kind[Any, Any]] = staged(
    "integrations", {kind.name: kind for kind in (SHOPIFY, WAVE, SLACK, EMAIL, HTTP)}
)


def register_kind(kind: Kind[Config, Secret]) -> Kind[Config, Secret]:
    """Make a kind of connection known; a plugin may bring its own.

    Raises:
        ConfigurationError: a plugin is being loaded, and the name is taken.
    """
    register_once(_kinds, kind.name, kind, what="a kind of connection")
    return kind


def kinds() -> dict[str, Kind[Any, Any]]:
    """Give every known kind by name."""
    return dict(sorted(_kinds.items()))
