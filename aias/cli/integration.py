"""``aias integration``: connections to other services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click
from psycopg import AsyncConnection

from aias.cli.calls import call, on_connection
from aias.cli.output import Group, emit, table
from aias.cli.parameters import read_secret, required_tenant, tenant_option

__all__ = ["command"]

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_HIDDEN = "The {0}: @FILE or - for standard input; without it you are asked. Arguments can be read by others."


@click.group(cls=Group, name="integration")
def command() -> None:
    """Connect tenants to Shopify, Wave, Slack, a mail server or an HTTP service."""


@command.group()
def connect() -> None:
    """Connect a tenant to a service, or renew its credentials. They are sealed before they are stored."""


def _named(function: Decorated) -> Decorated:
    """Whose connection it is, and its name."""
    function = click.option("--name", default="default", show_default=True, help="Steps name it: connection: NAME.")(
        function
    )
    return required_tenant(function)


def _connect(kind: str, tenant: str, name: str, config: dict[str, Any], secret: dict[str, Any]) -> None:
    from aias.integrations import connect as run

    given = {key: value for key, value in config.items() if value is not None}
    made = on_connection(lambda conn: run(conn, tenant=tenant, kind=kind, name=name, config=given, secret=secret))
    emit({"id": made, "tenant": tenant, "kind": kind, "name": name}, f"{tenant}: {kind}:{name} connected")


@connect.command()
@_named
@click.option("--shop", help="The shop's name: acme.myshopify.com.")
@click.option("--url", help="Instead of --shop: the server's address, such as a local one.")
@click.option("--token", help=_HIDDEN.format("Admin API access token"))
@click.option("--api-version", help="Default: 2026-10.")
def shopify(
    tenant: str, name: str, shop: str | None, url: str | None, token: str | None, api_version: str | None
) -> None:
    """Connect a Shopify shop."""
    config = {"shop": shop, "url": url, "api_version": api_version}
    _connect("shopify", tenant, name, config, {"access_token": read_secret(token, "--token")})


@connect.command()
@_named
@click.option("--business", required=True, help="The id of the business in Wave.")
@click.option("--url", help="Another address than Wave's own, such as a local server's.")
@click.option("--token", help=_HIDDEN.format("access token"))
@click.option("--default-product", help="The product that invoice lines stand under. Default: Sales.")
@click.option("--income-account", help="The income account of products that are made.")
def wave(
    tenant: str,
    name: str,
    business: str,
    url: str | None,
    token: str | None,
    default_product: str | None,
    income_account: str | None,
) -> None:
    """Connect a business of a Wave account."""
    config = {
        "business_id": business,
        "url": url and url.removesuffix("/graphql/public"),  # as the API's documentation and the local server write it
        "default_product": default_product,
        "income_account_id": income_account,
    }
    _connect("wave", tenant, name, config, {"access_token": read_secret(token, "--token")})


@connect.command()
@_named
@click.option("--url", help=_HIDDEN.format("incoming webhook's address, which is the secret"))
def slack(tenant: str, name: str, url: str | None) -> None:
    """Connect a Slack channel through an incoming webhook."""
    _connect("slack", tenant, name, {}, {"webhook_url": read_secret(url, "--url")})


@connect.command()
@_named
@click.option("--host", required=True, help="The mail server.")
@click.option("--port", type=click.IntRange(1, 65535), default=587, show_default=True, help="Its port.")
@click.option(
    "--security",
    type=click.Choice(["starttls", "tls", "none"]),
    default="starttls",
    show_default=True,
    help="How the connection is encrypted.",
)
@click.option("--sender", required=True, help="The address that mails come from.")
@click.option("--username", help="The account to log in to, where it has one.")
@click.option("--password", help=_HIDDEN.format("password of --username"))
def email(
    tenant: str,
    name: str,
    host: str,
    port: int,
    security: str,
    sender: str,
    username: str | None,
    password: str | None,
) -> None:
    """Connect a mail server to submit to."""
    config = {"host": host, "port": port, "security": security, "sender": sender, "username": username}
    secret = {"password": read_secret(password, "--password")} if username is not None else {}
    _connect("email", tenant, name, config, secret)


@connect.command()
@_named
@click.option("--url", required=True, help="Requests below this address carry the headers.")
@click.option("--header", "headers", multiple=True, help=_HIDDEN.format("header, NAME: VALUE") + " Repeatable.")
def http(tenant: str, name: str, url: str, headers: tuple[str, ...]) -> None:
    """Connect an HTTP service by the secret headers that go with each request."""
    pairs: dict[str, str] = {}
    for given in headers or (None,):
        key, colon, value = read_secret(given, "--header").partition(":")
        if not colon:
            raise click.UsageError("--header: a header is NAME: VALUE")
        pairs[key.strip()] = value.strip()
    _connect("http", tenant, name, {"url": url}, {"headers": pairs})


@command.command(name="list")
@tenant_option
def list_(tenant: str | None) -> None:
    """List the connections; credentials are never shown."""
    from aias.client import require_tenant
    from aias.integrations import Integration, list_integrations

    async def work(conn: AsyncConnection[Any]) -> list[Integration]:
        if tenant is not None:
            await require_tenant(conn, tenant)
        return await list_integrations(conn, tenant=tenant)

    found = on_connection(work)
    emit(
        {"integrations": found},
        table(
            ("tenant", "kind", "name", "status", "reason", "connected"),
            [(row.tenant, row.kind, row.name, row.status, row.status_reason, row.connected_at) for row in found],
        ),
    )


@command.command()
@click.argument("kind", required=False)
@required_tenant
@click.option("--name", help="Only the connection of this name.")
def check(kind: str | None, tenant: str, name: str | None) -> None:
    """Try a tenant's connections (of KIND) with a call that changes nothing; exit 1 if one does not work."""
    from aias.cli.checking import check_connections

    checked = call(lambda aias: check_connections(aias, tenant, kind, name))
    words = {True: "works", False: "does not work", None: "not tried"}
    emit(
        {"checked": checked},
        table(("kind", "name", "result", "why"), [(c.kind, c.name, words[c.is_working], c.detail) for c in checked]),
    )
    if any(c.is_working is False for c in checked):
        raise click.exceptions.Exit(1)


@command.command()
@click.argument("kind")
@_named
def disconnect(kind: str, tenant: str, name: str) -> None:
    """Forget a connection and its credentials."""
    from aias.integrations import disconnect as run

    on_connection(lambda conn: run(conn, tenant=tenant, kind=kind, name=name))
    emit({"tenant": tenant, "kind": kind, "name": name}, f"{tenant}: {kind}:{name} forgotten")
