"""A person's address is found however it is written, and never as a part of another."""

from __future__ import annotations

from typing import Any, LiteralString

import psycopg
import pytest

from aias.privacy import erase_user, finish_erasure
from tests.privacy.conftest import Conn, People

Tx = psycopg.Connection[Any]

FOUND = (
    "ann@shop.example", "Ann@Shop.Example", "<ann@shop.example>", "mailto:ann@shop.example.",
    "to=ann%40shop.example&x=1",
    "?to%3Dann%40shop.example", r"a line\nann@shop.example\n", r"\u001fann@shop.example", '"ann@shop.example"',
    "ann@shop.example, jo.ann@shop.example",
)  # fmt: skip
OTHERS = (
    "jo.ann@shop.example", "joann@shop.example", "ann@shop.example.org", "ann@shop.examples", "x+ann@shop.example",
    "ann@shop-example", "ann@shopxexample",
)  # fmt: skip


def test_an_address_is_found_as_json_and_urls_write_it_and_not_inside_another(tx: Tx) -> None:
    query: LiteralString = (
        "select v from unnest(%s::text[]) as v where v ~* aias_private.person_pattern('ann@shop.example')"
    )
    assert {found for (found,) in tx.execute(query, ([*FOUND, *OTHERS],)).fetchall()} == set(FOUND)


@pytest.mark.anyio
async def test_a_declared_place_of_a_document_is_replaced_and_the_rest_of_it_stays(conn: Conn, people: People) -> None:
    await conn.execute("update aias_private.personal_data set path = '{who,mail}' where table_name = 'signals'")
    await conn.execute(
        """
        insert into aias_private.signals (tenant_id, execution_id, name, payload)
        select %s, aias_private.uuid7(), 'go', p::jsonb from unnest(%s::text[]) as p
        """,
        (
            people.tenant_id,
            [
                f'{{"who": {{"mail": "{people.ann.email}"}}, "cc": "{people.ann.email}"}}',
                f'{{"cc": "{people.ann.email}"}}',
            ],
        ),
    )
    done = await finish_erasure(conn, await erase_user(conn, people.ann.id, "asked"))
    rows = await (
        await conn.execute("select payload from aias_private.signals order by payload ? 'who' desc")
    ).fetchall()
    assert [payload for (payload,) in rows] == [
        {"who": {"mail": f"{done.pseudonym}@erased.invalid"}, "cc": people.ann.email},
        {"cc": people.ann.email},
    ]
