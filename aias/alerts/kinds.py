"""The kinds of channel: the settings and the secret of each, and the connection that a tenant's secret is kept in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError

from aias.errors import InvalidArgument
from aias.integrations import Kind, register_kind
from aias.integrations.kinds import EmailConfig, SlackSecret
from aias.triggers.kinds import OutgoingConfig

__all__ = ["CHANNEL", "ChannelSecret", "EmailChannelConfig", "checked_channel", "checked_channel_secret"]

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("is no plain e-mail address")
    return value


class EmailChannelConfig(EmailConfig):
    """A mail server as a connection has it, and whom the mails are for."""

    to: list[Annotated[str, AfterValidator(_address)]] = Field(min_length=1, max_length=20)


class _Nothing(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ChannelSecret(BaseModel):
    """What must not be seen: the mail account's password, Slack's address, or the key that webhooks are signed with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    password: SecretStr | None = None
    webhook_url: SecretStr | None = None
    signing_secret: SecretStr | None = None


CHANNEL = register_kind(Kind(name="channel", config=_Nothing, secret=ChannelSecret))
"""Keeps the secret of a tenant's channel, so that the rotation and the erasure of keys reach it."""

_CONFIGS: dict[str, type[BaseModel]] = {
    "email": EmailChannelConfig,
    "slack": _Nothing,
    "webhook": OutgoingConfig,
    "dashboard": _Nothing,
}
_SECRETS = {"email": "password", "slack": "webhook_url", "webhook": "signing_secret"}


def checked_channel(kind: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """Give a channel's settings, read and completed.

    Raises:
        InvalidArgument: there is no such kind, or the settings don't fit it.
    """
    shape = _CONFIGS.get(kind)
    if shape is None:
        raise InvalidArgument(f"a channel is one of {', '.join(_CONFIGS)}, not {kind!r}", argument="p_kind")
    try:
        return shape.model_validate(dict(config)).model_dump(mode="json")
    except ValidationError as error:
        raise InvalidArgument(_problems(error), argument="p_config") from None


def checked_channel_secret(kind: str, secret: str) -> dict[str, str]:
    """Give a channel's secret under its name.

    Raises:
        InvalidArgument: it is none for this kind; it is not shown.
    """
    name = _SECRETS.get(kind)
    if name is None:
        raise InvalidArgument(f"a channel of kind {kind} has no secret", argument="p_secret")
    if kind == "slack":
        try:
            SlackSecret(webhook_url=SecretStr(secret))
        except ValidationError as error:
            raise InvalidArgument(_problems(error), argument="p_secret") from None
    return {name: secret}


def _problems(error: ValidationError) -> str:
    told = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(f"{'.'.join(str(part) for part in item['loc']) or 'value'}: {item['msg']}" for item in told)
