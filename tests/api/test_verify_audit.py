"""``POST /v1/audit/verify``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from pytest_postgresql.executors import PostgreSQLExecutor

from tests.api.conftest import NewClient
from tests.audit.chain import Chain
from tests.conftest import _database


@pytest.fixture
def database_url(postgresql_proc: PostgreSQLExecutor, _template: str) -> Iterator[str]:
    """A database of its own: what is done to its audit log would be found by everybody."""
    with _database(postgresql_proc, _template) as url:
        yield url


async def test_operators_verify_the_audit_log(client: NewClient, tenants: dict[str, str], database_url: str) -> None:
    del tenants
    operator, acme = await client(), await client("acme")
    with psycopg.connect(database_url, autocommit=True) as conn:
        chain = Chain(conn=conn)
        ids = chain.fill(20)
        chain.seal(10)
        answer: dict[str, Any] = (await operator.post("/v1/audit/verify", json={})).json()
        assert (answer["ok"], answer["checked"], answer["first_bad_id"]) == (True, 20, None)
        chain.tamper("update aias_private.audit_log set actor = 'nobody' where id = %s", ids[12])
        answer = (await operator.post("/v1/audit/verify", json={})).json()
        assert (answer["ok"], answer["finding"], answer["first_bad_id"]) == (False, "altered", str(ids[12]))
        assert (await operator.post("/v1/audit/verify", json={"to_seal": 1})).json()["ok"]
        assert (await operator.post("/v1/audit/verify", json={"to_seal": 7})).status_code == 404
        assert (await acme.post("/v1/audit/verify", json={})).status_code == 403
