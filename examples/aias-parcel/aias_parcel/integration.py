"""The kind of connection ``parcel``: what credentials are, how they are sent, and how they are tried."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from aias.integrations import Connection, Kind, client_of, register_integration

__all__ = ["PARCEL", "ParcelConfig", "ParcelSecret"]


class ParcelConfig(BaseModel):
    """Where the carrier is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(pattern=r"^https?://[^/?#@]+$", description="The carrier's address, without a path.")


class ParcelSecret(BaseModel):
    """What proves who we are."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    token: SecretStr = Field(min_length=8, max_length=200, description="token of the carrier's account")


def _headers(secret: ParcelSecret) -> dict[str, SecretStr]:
    return {"Authorization": SecretStr(f"Bearer {secret.token.get_secret_value()}")}


async def _check(connection: Connection[Any, Any]) -> None:
    """Read the account: changes nothing, and raises a ``StepError`` where the token is not good."""
    await client_of(connection).call("GET", "/account", operation="check")


def _simulator() -> object:
    from aias_parcel.simulator import ParcelSimulator  # noqa: PLC0415 (workers need no server)

    return ParcelSimulator()


PARCEL = register_integration(
    Kind(name="parcel", config=ParcelConfig, secret=ParcelSecret),
    base_url=lambda config: config.url,
    headers=_headers,
    check=_check,
    simulator=_simulator,
)
