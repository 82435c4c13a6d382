from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.types.json import Jsonb

SEALED = b"\x01" + b"s" * 100
KEY = "0123456789abcdef"


def tenant(tx: psycopg.Connection[Any], slug: str = "acme") -> UUID:
    return one(tx, "select aias.create_tenant(%s)", slug)


def one(tx: psycopg.Connection[Any], query: str, *arguments: Any) -> Any:
    row = tx.execute(query, arguments).fetchone()  # pyright: ignore[reportArgumentType]
    assert row is not None
    return row[0]


def connect(tx: psycopg.Connection[Any], **given: Any) -> UUID:
    values = {
        "tenant": "acme", "kind": "shopify", "name": "main", "config": Jsonb({"shop": "x"}), "secret": SEALED,
        "key_id": KEY, "id": uuid4(),
    } | given  # fmt: skip
    return one(tx, "select aias.connect_integration(%s, %s, %s, %s, %s, %s, %s)", *values.values())


def test_a_connection_is_shown_without_its_secret(tx: psycopg.Connection[Any]) -> None:
    tenant(tx)
    integration = connect(tx)
    cursor = tx.execute("select i.* from aias.integrations as i")
    assert cursor.description is not None
    row = dict(zip([column.name for column in cursor.description], cursor.fetchone() or (), strict=True))
    assert row["id"] == integration
    assert (row["kind"], row["name"], row["status"], row["config"]) == ("shopify", "main", "connected", {"shop": "x"})
    assert "secret" not in row


def test_connecting_again_renews_the_same_connection(tx: psycopg.Connection[Any]) -> None:
    tenant(tx)
    integration = connect(tx)
    assert connect(tx, id=integration, config=Jsonb({"shop": "y"})) == integration
    assert one(tx, "select count(*) from aias.integrations") == 1
    assert one(tx, "select config ->> 'shop' from aias.integrations") == "y"


def test_a_known_connection_is_not_taken_over_under_another_id(tx: psycopg.Connection[Any]) -> None:
    tenant(tx)
    connect(tx)
    with pytest.raises(psycopg.Error, match="exists under another id") as caught:
        connect(tx)
    assert caught.value.sqlstate == "JR409"


@pytest.mark.parametrize(
    ("argument", "value", "column"),
    [
        ("kind", "Shop ify", "p_kind"),
        ("kind", None, "p_kind"),
        ("name", "", "p_name"),
        ("name", "Ümlaut", "p_name"),
        ("config", Jsonb([]), "p_config"),
        ("config", None, "p_config"),
        ("config", Jsonb({"x": "y" * 10_001}), "p_config"),
        ("secret", b"plain", "p_secret"),
        ("secret", None, "p_secret"),
        ("key_id", "xyz", "p_key_id"),
        ("id", None, "p_integration"),
    ],
)
def test_a_malformed_argument_is_named(tx: psycopg.Connection[Any], argument: str, value: Any, column: str) -> None:
    tenant(tx)
    with pytest.raises(psycopg.Error) as caught:
        connect(tx, **{argument: value})
    assert (caught.value.sqlstate, caught.value.diag.column_name) == ("JR422", column)


def test_an_unknown_tenant_is_not_found(tx: psycopg.Connection[Any]) -> None:
    with pytest.raises(psycopg.Error) as caught:
        connect(tx, tenant="nobody")
    assert caught.value.sqlstate == "JR404"


def test_connecting_and_disconnecting_are_audited_without_the_secret(tx: psycopg.Connection[Any]) -> None:
    tenant(tx)
    integration = connect(tx)
    connect(tx, id=integration)
    tx.execute("select aias.disconnect_integration('acme', 'shopify', 'main')")
    rows = tx.execute(
        "select action, object_id, detail::text from aias.audit_log where object_kind = 'integration' order by id"
    ).fetchall()
    assert [row[0] for row in rows] == [
        "integration.connected",
        "integration.reconnected",
        "integration.disconnected",
    ]
    assert {row[1] for row in rows} == {str(integration)}
    assert not any(SEALED.hex() in row[2] or "ssss" in row[2] for row in rows)


def test_a_disconnected_connection_is_gone_with_its_secret(tx: psycopg.Connection[Any]) -> None:
    tenant(tx)
    connect(tx)
    tx.execute("select aias.disconnect_integration('acme', 'shopify', 'main')")
    assert one(tx, "select count(*) from aias_private.integrations") == 0
    with pytest.raises(psycopg.Error) as caught:
        tx.execute("select aias.disconnect_integration('acme', 'shopify', 'main')")
    assert caught.value.sqlstate == "JR404"


def find(tx: psycopg.Connection[Any], tenant_id: UUID, name: str | None) -> Any:
    return one(tx, "select f.name from aias_private.find_integration(%s, 'shopify', %s) as f", tenant_id, name)


def test_without_a_name_the_only_connection_is_found(tx: psycopg.Connection[Any]) -> None:
    tenant_id = tenant(tx)
    connect(tx)
    connect(tx, kind="wave")
    assert find(tx, tenant_id, None) == "main"
    assert find(tx, tenant_id, "main") == "main"


def test_one_of_several_must_be_named(tx: psycopg.Connection[Any]) -> None:
    tenant_id = tenant(tx)
    connect(tx)
    connect(tx, name="second")
    assert find(tx, tenant_id, "second") == "second"
    with pytest.raises(psycopg.Error, match=r"several shopify connections \(main, second\)") as caught:
        find(tx, tenant_id, None)
    assert caught.value.sqlstate == "JR409"


@pytest.mark.parametrize("name", [None, "other"])
def test_no_connection_is_an_error_that_says_so(tx: psycopg.Connection[Any], name: str | None) -> None:
    tenant_id = tenant(tx)
    with pytest.raises(psycopg.Error, match="there is no shopify connection") as caught:
        find(tx, tenant_id, name)
    assert caught.value.sqlstate == "JR404"


def test_another_tenants_connection_is_not_found(tx: psycopg.Connection[Any]) -> None:
    tenant(tx)
    other = tenant(tx, "other")
    connect(tx)
    with pytest.raises(psycopg.Error):
        find(tx, other, "main")


def test_an_application_connects_its_own_tenant_and_reads_no_secret(tx: psycopg.Connection[Any]) -> None:
    mine = tenant(tx)
    tenant(tx, "other")
    connect(tx, tenant="other")
    tx.execute("set role aias_app")
    tx.execute("select set_config('aias.tenant_id', %s, true)", (str(mine),))
    connect(tx)
    assert one(tx, "select count(*) from aias.integrations") == 1
    for forbidden, state in (
        ("select aias.disconnect_integration('other', 'shopify', 'main')", "JR404"),
        ("select secret from aias_private.integrations", "42501"),
        ("select * from aias_private.find_integration(%s, 'shopify', null)", "42501"),
        ("select * from aias_private.integration_references", "42501"),
    ):
        with pytest.raises(psycopg.Error) as caught, tx.transaction():
            tx.execute(forbidden, (mine,) if "%s" in forbidden else ())  # pyright: ignore[reportArgumentType]
        assert caught.value.sqlstate == state


# --- references ---------------------------------------------------------------------------------


def claim(tx: psycopg.Connection[Any], tenant_id: UUID, integration: UUID, holder: str) -> tuple[Any, ...]:
    row = tx.execute(
        """
        select c.is_granted, c.remote_id
        from aias_private.claim_reference(%s, %s, 'customer', 'email:a@example.com', %s, interval '1 minute') as c
        """,
        (tenant_id, integration, holder),
    ).fetchone()
    assert row is not None
    return row


def settle(tx: psycopg.Connection[Any], tenant_id: UUID, integration: UUID, holder: str, remote: str | None) -> Any:
    return one(
        tx,
        "select aias_private.settle_reference(%s, %s, 'customer', 'email:a@example.com', %s, %s)",
        tenant_id, integration, holder, remote,
    )  # fmt: skip


def test_one_holder_at_a_time_may_make_a_thing(tx: psycopg.Connection[Any]) -> None:
    tenant_id = tenant(tx)
    integration = connect(tx)
    assert claim(tx, tenant_id, integration, "first") == (True, None)
    assert claim(tx, tenant_id, integration, "second") == (False, None)
    assert claim(tx, tenant_id, integration, "first") == (True, None)


def test_what_was_made_is_known_to_the_next_holder(tx: psycopg.Connection[Any]) -> None:
    tenant_id = tenant(tx)
    integration = connect(tx)
    claim(tx, tenant_id, integration, "first")
    assert settle(tx, tenant_id, integration, "first", "customer-1") is True
    assert claim(tx, tenant_id, integration, "second") == (True, "customer-1")


def test_giving_back_without_a_result_keeps_what_was_known(tx: psycopg.Connection[Any]) -> None:
    tenant_id = tenant(tx)
    integration = connect(tx)
    for remote in ("customer-1", None):
        claim(tx, tenant_id, integration, "first")
        settle(tx, tenant_id, integration, "first", remote)
    assert claim(tx, tenant_id, integration, "second") == (True, "customer-1")


def test_a_claim_that_ran_out_goes_to_the_next_and_its_late_holder_changes_nothing(
    tx: psycopg.Connection[Any], set_clock: Any
) -> None:
    tenant_id = tenant(tx)
    integration = connect(tx)
    claim(tx, tenant_id, integration, "first")
    tx.execute("update aias_private.integration_references set held_until = held_until - interval '1 hour'")
    assert claim(tx, tenant_id, integration, "second") == (True, None)
    assert settle(tx, tenant_id, integration, "first", "customer-of-first") is False
    assert settle(tx, tenant_id, integration, "second", "customer-of-second") is True


def test_a_claim_on_a_connection_that_is_gone_is_refused(tx: psycopg.Connection[Any]) -> None:
    tenant_id = tenant(tx)
    with pytest.raises(psycopg.Error, match="the connection is gone") as caught:
        claim(tx, tenant_id, uuid4(), "first")
    assert caught.value.sqlstate == "JR404"


def test_references_go_with_their_connection(tx: psycopg.Connection[Any]) -> None:
    tenant_id = tenant(tx)
    claim(tx, tenant_id, connect(tx), "first")
    tx.execute("select aias.disconnect_integration('acme', 'shopify', 'main')")
    assert one(tx, "select count(*) from aias_private.integration_references") == 0
