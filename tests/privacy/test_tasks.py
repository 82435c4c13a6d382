"""A worker erases whoever was asked to be erased."""

from __future__ import annotations

import pytest

from aias.app import app
from aias.jobs import AiasConnector
from aias.privacy import erase_user, get_erasure
from tests.privacy.conftest import Conn, People

pytestmark = pytest.mark.anyio


async def test_a_worker_does_what_was_asked_for(conn: Conn, database_url: str, people: People) -> None:
    erasure = await erase_user(conn, people.ann.id, "asked")
    with app.replace_connector(AiasConnector(url=database_url)) as replaced:
        async with replaced.open_async():
            await replaced.run_worker_async(wait=False, install_signal_handlers=False)
    done = await get_erasure(conn, erasure)
    assert done.status == "done"
    rows = await (await conn.execute("select id from aias.users where tenant_id = %s", (people.tenant_id,))).fetchall()
    assert rows == [(people.bob.id,)]
