"""An export holds what the system holds of a person, and of nobody else."""

from __future__ import annotations

import json

import pytest

from aias.errors import InvalidArgument, NotFound
from aias.privacy import export_user
from tests.privacy.conftest import Conn, People, allow_anything, places, put_everywhere

pytestmark = pytest.mark.anyio


async def test_an_export_holds_the_person_from_each_declared_place_and_nobody_else(conn: Conn, people: People) -> None:
    await allow_anything(conn)
    await put_everywhere(conn, people.tenant_id, people.ann)
    await put_everywhere(conn, people.tenant_id, people.bob)
    declared = await places(conn)
    # rows of a table without tenants are of nobody's alone
    declared.pop("error_groups")
    document = await export_user(conn, people.ann.id)
    tables = document["tables"]
    assert set(tables) == set(declared)
    for table, columns in declared.items():
        if table in ("users", "audit_log"):
            continue
        row, *others = tables[table]
        # a new person is in the onboarding sequences
        assert others == [] or table.startswith("onboarding_")
        told = json.dumps(row)
        assert str(people.ann.id) in told
        # bytes of an answer are not in a document; that it is kept is
        assert {column for column, kind in columns.items() if kind != "bytea"} <= set(row), table
    assert tables["users"][0]["email"] == people.ann.email
    assert people.bob.email not in json.dumps(document).lower()
    assert str(people.bob.id) not in json.dumps(document)
    actions = await (
        await conn.execute("select action from aias.audit_log where object_id = %s order by id", (str(people.ann.id),))
    ).fetchall()
    assert actions[-1] == ("user.exported",)


async def test_an_export_that_is_too_large_says_how_large(conn: Conn, people: People) -> None:
    await conn.execute(
        """
        insert into aias_private.telemetry_events (
            tenant_id, id, event_id, name, user_id, occurred_at, received_at, properties
        )
        select %s, aias_private.uuid7(), i::text, 'seen', %s, now(), now(),
            jsonb_build_object('text', repeat('x', 10000000))
        from generate_series(1, 7) as i
        """,
        (people.tenant_id, str(people.ann.id)),
    )
    with pytest.raises(InvalidArgument, match=r"the export has \d+ rows in 7\d{7} bytes"):
        await export_user(conn, people.ann.id)


async def test_nobody_exports_who_is_not_there(conn: Conn, people: People) -> None:
    with pytest.raises(NotFound):
        await export_user(conn, people.tenant_id)
