from __future__ import annotations

import base64
import uuid
from typing import Any

import pytest
from pydantic import ValidationError

from aias.errors import ConfigurationError, InvalidArgument, NotFound, PermanentError
from aias.integrations import connect, disconnect, forget_cached, kinds, list_integrations
from aias.integrations.connections import find_connection
from aias.integrations.credentials import MasterKey
from aias.integrations.kinds import SHOPIFY

CONFIG = {"url": "http://127.0.0.1:1"}
SECRET = {"access_token": "planted-0123456789"}


async def find(workspace: Any, name: str | None = None) -> Any:
    return await find_connection(workspace.context(connection=name), SHOPIFY)


async def test_a_connection_is_found_with_its_secret(workspace: Any) -> None:
    made = await workspace.connect("shopify", CONFIG, SECRET)
    found = await find(workspace)
    assert (found.id, found.label) == (made, "shopify:default")
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert found.config.base_url == CONFIG["url"]
    assert found.secret.access_token.get_secret_value() == SECRET["access_token"]


async def test_the_repr_of_a_connection_holds_no_secret(workspace: Any) -> None:
    await workspace.connect("shopify", CONFIG, SECRET)
    found = await find(workspace)
    for shown in (repr(found), str(found), repr(found.secret), found.secret.model_dump_json()):
        assert "planted" not in shown


async def test_a_renewed_connection_keeps_its_id_and_is_used_at_once(workspace: Any) -> None:
    first = await workspace.connect("shopify", CONFIG, SECRET)
    await find(workspace)
    assert await workspace.connect("shopify", CONFIG, {"access_token": "second-0123456789"}) == first
    assert (await find(workspace)).secret.access_token.get_secret_value() == "second-0123456789"


async def test_what_was_kept_in_memory_is_used_without_asking(workspace: Any) -> None:
    await workspace.connect("shopify", CONFIG, SECRET)
    assert (await find(workspace)).secret is (await find(workspace)).secret


async def test_missing_and_ambiguous_connections_say_so(workspace: Any) -> None:
    with pytest.raises(PermanentError, match="there is no shopify connection: connect one"):
        await find(workspace)
    for name in ("first", "second"):
        await workspace.connect("shopify", CONFIG, SECRET, name=name)
    with pytest.raises(PermanentError, match=r"several shopify connections \(first, second\)"):
        await find(workspace)
    assert (await find(workspace, "second")).name == "second"
    with pytest.raises(PermanentError, match="there is no shopify connection 'third'"):
        await find(workspace, "third")


async def test_a_disconnected_connection_is_gone_at_once(workspace: Any) -> None:
    await workspace.connect("shopify", CONFIG, SECRET)
    await find(workspace)
    async with workspace.pool.connection() as conn:
        await disconnect(conn, tenant=workspace.tenant, kind="shopify")
        with pytest.raises(NotFound):
            await disconnect(conn, tenant=workspace.tenant, kind="shopify")
    with pytest.raises(PermanentError):
        await find(workspace)


@pytest.mark.parametrize("column", ["secret", "secret, key_id"])
async def test_a_secret_that_was_copied_from_another_row_does_not_open(workspace: Any, column: str) -> None:
    await workspace.connect("shopify", CONFIG, SECRET, name="mine")
    await workspace.connect("shopify", CONFIG, {"access_token": "theirs-0123456789"}, name="theirs")
    async with workspace.pool.connection() as conn:
        await conn.execute(
            """
            update aias_private.integrations as i set secret = o.secret, key_id = o.key_id
            from aias_private.integrations as o
            where i.tenant_id = %(tenant)s and o.tenant_id = i.tenant_id and i.name = 'mine' and o.name = 'theirs'
            """,
            {"tenant": workspace.tenant_id},
        )
    forget_cached()
    with pytest.raises(PermanentError, match="belong to another connection"):
        await find(workspace, "mine")


async def test_another_master_key_is_a_clear_error(workspace: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    await workspace.connect("shopify", CONFIG, SECRET)
    other = base64.b64encode(MasterKey.new().key).decode()
    monkeypatch.setenv("AIAS_MASTER_KEY", other)
    forget_cached()
    with pytest.raises(PermanentError, match="sealed under master key") as caught:
        await find(workspace)
    assert other not in str(caught.value)


async def test_a_malformed_master_key_stops_before_anything_is_stored(
    workspace: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIAS_MASTER_KEY", "planted-but-no-key")
    with pytest.raises(ConfigurationError, match="AIAS_MASTER_KEY") as caught:
        await workspace.connect("shopify", CONFIG, SECRET)
    assert "planted" not in str(caught.value)
    async with workspace.pool.connection() as conn:
        assert await list_integrations(conn, tenant=workspace.tenant) == []


async def test_connections_are_listed_without_secrets(workspace: Any) -> None:
    await workspace.connect("shopify", CONFIG, SECRET)
    await workspace.connect("slack", {}, {"webhook_url": "https://hooks.example/planted-0123456789"})
    async with workspace.pool.connection() as conn:
        listed = await list_integrations(conn, tenant=workspace.tenant)
    assert [(one.kind, one.name, one.status) for one in listed] == [
        ("shopify", "default", "connected"),
        ("slack", "default", "connected"),
    ]
    assert "planted" not in repr(listed)


async def test_the_secret_is_nowhere_in_the_database(workspace: Any) -> None:
    await workspace.connect("shopify", CONFIG, SECRET)
    for table, rows in (await workspace.everything()).items():
        assert not any("planted" in row or b"planted".hex() in row for row in rows), table


@pytest.mark.parametrize(
    ("kind", "config", "secret", "field"),
    [
        ("nothing", {}, {}, "there is no kind of connection 'nothing'"),
        ("shopify", {}, SECRET, "either shop or url"),
        ("shopify", {"shop": "evil.example"}, SECRET, "shop"),
        ("shopify", {"shop": "a.myshopify.com", **CONFIG}, SECRET, "either shop or url"),
        ("shopify", {"url": "ftp://x"}, SECRET, "url"),
        ("shopify", {"url": "http://u:p@x.example"}, SECRET, "url"),
        ("shopify", {"url": "http://x.example/?token=1"}, SECRET, "url"),
        ("shopify", {**CONFIG, "api_version": "latest"}, SECRET, "api_version"),
        ("shopify", {**CONFIG, "access_token": "x"}, SECRET, "access_token"),
        ("shopify", CONFIG, {}, "access_token"),
        ("shopify", CONFIG, {"access_token": ""}, "access_token"),
        ("shopify", CONFIG, {"access_token": "planted\r\nX-Evil: 1"}, "access_token"),
        ("shopify", CONFIG, {"access_token": " planted "}, "access_token"),
        ("wave", {}, SECRET, "business_id"),
        ("slack", {}, {"webhook_url": "no url planted"}, "webhook_url"),
        ("email", {"host": "mail.example", "sender": "x"}, {}, "sender"),
        ("email", {"host": "mail.example", "sender": "a@x.example\r\nBcc: b@x.example"}, {}, "sender"),
        ("email", {"host": "mail.example", "sender": "a@x.example", "port": 0}, {}, "port"),
        ("email", {"host": "mail.example", "sender": "a@x.example", "security": "none", "username": "u"}, {}, "clear"),
        ("http", CONFIG, {"headers": {"X Y": "planted"}}, "headers"),
        ("http", CONFIG, {"headers": {"X-Y": "planted\n"}}, "headers"),
    ],
)
async def test_a_malformed_connection_is_refused_without_showing_its_secret(
    workspace: Any, kind: str, config: dict[str, Any], secret: dict[str, Any], field: str
) -> None:
    async with workspace.pool.connection() as conn:
        with pytest.raises(InvalidArgument, match=field) as caught:
            await connect(conn, tenant=workspace.tenant, kind=kind, config=config, secret=secret)
        assert "planted" not in str(caught.value)
        assert await list_integrations(conn, tenant=workspace.tenant) == []


async def test_an_unknown_tenant_is_not_found(workspace: Any) -> None:
    async with workspace.pool.connection() as conn:
        with pytest.raises(NotFound, match="nobody"):
            await connect(conn, tenant="nobody", kind="shopify", config=CONFIG, secret=SECRET)


def test_every_secret_field_of_every_kind_hides_itself() -> None:
    for kind in kinds().values():
        for name, annotation in kind.secret.model_fields.items():
            shown = str(annotation.annotation)
            # a time or a number tells nothing
            assert "SecretStr" in shown or "str" not in shown, (kind.name, name)
        with pytest.raises(ValidationError):
            kind.secret.model_validate({"unknown": "x"})
