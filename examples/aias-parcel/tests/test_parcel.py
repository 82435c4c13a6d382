"""The plugin's own tests: against its simulator, without a database."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr

import aias_parcel.actions
import aias_parcel.integration
from aias.errors import PermanentError
from aias.integrations import Connection, Kind, close_clients
from aias.integrations.egress import Egress
from aias.plugins import ActionContext
from aias.plugins.testing import call_action
from aias_parcel.integration import ParcelConfig, ParcelSecret
from aias_parcel.simulator import TOKEN, ParcelSimulator

Work = Callable[[Connection[Any, Any]], Awaitable[None]]


def with_carrier(monkeypatch: pytest.MonkeyPatch, work: Work, token: str = TOKEN) -> ParcelSimulator:
    async def run() -> ParcelSimulator:
        carrier = ParcelSimulator()
        await carrier.start()
        connection = Connection(
            tenant_id=UUID(int=1),
            id=UUID(int=2),
            kind="parcel",
            name="default",
            config=ParcelConfig(url=carrier.base_url),
            secret=ParcelSecret(token=SecretStr(token)),
            egress=Egress.parse("127.0.0.1"),
        )

        async def find(_context: ActionContext, _kind: Kind[Any, Any]) -> Connection[Any, Any]:
            return connection

        monkeypatch.setattr(aias_parcel.actions, "find_connection", find)
        try:
            await work(connection)
        finally:
            await close_clients()
            await carrier.stop()
        return carrier

    return asyncio.run(run())


def test_a_parcel_is_sent_once_however_often_the_step_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(_connection: Connection[Any, Any]) -> None:
        first = await call_action("parcel.ship", {"to": "Ada", "grams": 500})
        again = await call_action("parcel.ship", {"to": "Ada", "grams": 500}, attempt=2)
        assert first == again == {"parcel_id": "P1", "status": "accepted", "grams": 500}
        assert await call_action("parcel.track", {"parcel_id": "P1"}) == first
        with pytest.raises(PermanentError, match="knows no parcel P9"):
            await call_action("parcel.track", {"parcel_id": "P9"})

    assert len(with_carrier(monkeypatch, work).parcels) == 1


def test_a_token_that_is_not_good_is_found_by_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(connection: Connection[Any, Any]) -> None:
        with pytest.raises(PermanentError):
            await aias_parcel.integration._check(connection)

    with_carrier(monkeypatch, work, token="not the token")


def test_what_no_parcel_can_be_is_refused() -> None:
    with pytest.raises(PermanentError, match="grams"):
        asyncio.run(call_action("parcel.ship", {"to": "Ada", "grams": 0}))
