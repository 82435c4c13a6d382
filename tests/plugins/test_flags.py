import hashlib
from typing import Any

import psycopg
import pytest

from aias.db import Pool
from aias.plugins import forget_rules, is_flag_on, set_flag

Tx = psycopg.Connection[Any]


def value(tx: Tx, query: Any, *parameters: Any) -> Any:
    row = tx.execute(query, parameters).fetchone()
    assert row is not None
    return row[0]


def tenants(tx: Tx, count: int) -> list[str]:
    names = [f"flagged-{number}" for number in range(count)]
    for name in names:
        tx.execute("select aias.create_tenant(%s)", (name,))
    return names


def those_with(tx: Tx, names: list[str]) -> set[str]:
    return {name for name in names if value(tx, "select aias.is_enabled('new_way', %s)", name)}


def test_a_percentage_that_grows_keeps_those_who_have_the_flag(tx: Tx) -> None:
    names = tenants(tx, 60)
    assert those_with(tx, names) == set(), "nobody has set it"
    reached: set[str] = set()
    counts: list[int] = []
    for percentage in (0, 10, 50, 90, 100):
        tx.execute("select aias.set_flag('new_way', %s)", (percentage,))
        now = those_with(tx, names)
        assert reached <= now
        reached = now
        counts.append(len(now))
    assert counts[0] == 0
    assert counts[-1] == 60
    assert 0 < counts[1] < counts[2] < counts[3], counts
    tx.execute("select aias.remove_flag('new_way')")
    assert those_with(tx, names) == set()


def test_the_order_of_the_tenants_is_another_for_each_flag_and_always_the_same(tx: Tx) -> None:
    known = "018f2d5e-0000-7000-8000-000000000001"
    digest = hashlib.sha256(f"new_way:{known}".encode()).digest()
    expected = int.from_bytes(digest[:4], "big") % 10_000
    assert value(tx, "select aias_private.flag_bucket('new_way', %s)", known) == expected
    spread = value(
        tx,
        "select count(distinct b / 1000) from ("
        " select aias_private.flag_bucket('f' || n, %s) as b from generate_series(1, 400) as n) as o",
        known,
    )
    assert spread == 10


def test_a_tenants_own_word_comes_before_the_percentage(tx: Tx) -> None:
    first, second = tenants(tx, 2)
    tx.execute("select aias.set_flag('new_way', 0)")
    tx.execute("select aias.set_flag('new_way', p_tenant => %s, p_is_on => true)", (first,))
    assert those_with(tx, [first, second]) == {first}
    assert value(tx, "select aias.enabled_flags(%s)", first) == ["new_way"]
    tx.execute("select aias.set_flag('new_way', 100)")
    tx.execute("select aias.set_flag('new_way', p_tenant => %s, p_is_on => false)", (second,))
    assert those_with(tx, [first, second]) == {first}
    tx.execute("select aias.set_flag('new_way', p_tenant => %s)", (second,))
    assert those_with(tx, [first, second]) == {first, second}
    told = tx.execute(
        "select action, detail from aias.audit_log where object_kind = 'flag' and object_id = 'new_way'"
    ).fetchall()
    assert [row[0] for row in told] == ["flag.set"] * 5
    # what one transaction writes has no order
    assert ("flag.set", {"percentage": 100.00, "before": {"percentage": 0.00}}) in told


@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("aias.set_flag('New Way', 1)", "JR422"),
        ("aias.set_flag('new_way', 101)", "JR422"),
        ("aias.set_flag('new_way', -0.5)", "JR422"),
        ("aias.set_flag('new_way', p_is_on => true)", "JR422"),
        ("aias.set_flag('new_way', 5, 'nobody')", "JR422"),
        ("aias.set_flag('nothing', p_tenant => 'nobody', p_is_on => true)", "JR404"),
        ("aias.set_flag('equal_jitter', p_tenant => 'nobody', p_is_on => true)", "JR404"),
        ("aias.remove_flag('nothing')", "JR404"),
        ("aias.is_enabled('equal_jitter', 'nobody')", "JR404"),
    ],
)
def test_what_makes_no_sense_is_refused(tx: Tx, call: str, code: str) -> None:
    with pytest.raises(psycopg.Error) as caught:
        tx.execute(f"select {call}".encode())
    assert caught.value.sqlstate == code


def test_an_application_asks_for_its_own_tenant_and_sets_nothing(tx: Tx) -> None:
    mine, other = tenants(tx, 2)
    tx.execute("select aias.set_flag('new_way', 100)")
    tx.execute("select aias.set_flag('new_way', p_tenant => %s, p_is_on => false)", (other,))
    tx.execute(
        "select set_config('aias.tenant_id', (select id::text from aias.tenants where slug = %s), true)", (mine,)
    )
    tx.execute("set local role aias_app")
    assert value(tx, "select aias.is_enabled('new_way', %s)", mine) is True
    assert value(tx, "select tenant_count from aias.flags where name = 'new_way'") == 0
    assert value(tx, "select count(*) from aias.flag_tenants") == 0
    for call in ("aias.is_enabled('new_way', %s)", "aias.set_flag('new_way', 5, %s)", "aias.remove_flag(%s)"):
        with pytest.raises(psycopg.Error) as caught, tx.transaction():
            tx.execute(f"select {call}".encode(), (other,))
        assert caught.value.sqlstate in {"JR404", "42501"}


async def test_a_process_reads_the_flags_of_a_tenant_once_for_seconds(pool: Pool) -> None:
    async with pool.connection() as conn:
        await conn.execute("select aias.create_tenant('acme')")
        await set_flag(conn, "new_way", percentage=100)
    assert await is_flag_on(pool, "new_way", "acme")
    async with pool.connection() as conn:
        await set_flag(conn, "new_way", percentage=0)
    assert await is_flag_on(pool, "new_way", "acme"), "what was read is good for five seconds"
    forget_rules()
    assert not await is_flag_on(pool, "new_way", "acme")
