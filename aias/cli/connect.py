"""``aias integration connect``: with credentials that are given, by consent, or by the app's own right."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

from aias.cli.calls import call, operator
from aias.cli.output import Command, Group, emit, note, set_up
from aias.cli.parameters import read_secret, required_tenant

if TYPE_CHECKING:
    from aias.client import Aias
    from aias.integrations import Connected, Kind

__all__ = ["command"]

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_HIDDEN = "The {0}: @FILE or - for standard input; without it you are asked. Arguments can be read by others."


class _Kinds(Group):
    """Our kinds of connection, and those that plugins bring: for these a command is made of the kind's models."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from aias.integrations import brought_kinds
        from aias.plugins import load_plugins

        set_up()
        load_plugins()
        return sorted({*super().list_commands(ctx), *brought_kinds()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found = super().get_command(ctx, cmd_name)
        if found is not None:
            return found
        from aias.integrations import brought_kinds
        from aias.plugins import load_plugins

        set_up()
        load_plugins()
        kind = brought_kinds().get(cmd_name)
        return None if kind is None else _brought(kind)


@click.group(cls=_Kinds, name="connect")
def command() -> None:
    """Connect a tenant to a service, or renew its credentials. They are sealed before they are stored."""


def _named(function: Decorated) -> Decorated:
    """Whose connection it is, and its name."""
    function = click.option("--name", default="default", show_default=True, help="Steps name it: connection: NAME.")(
        function
    )
    return required_tenant(function)


def _tried(function: Decorated) -> Decorated:
    """Whether the credentials are tried first."""
    return click.option(
        "--check/--no-check", "is_tried", default=True, help="Try the credentials before they are stored (default)."
    )(function)


def _by_consent(function: Decorated) -> Decorated:
    """How OAuth is gone about."""
    for option in (
        click.option("--wait", type=click.FloatRange(1, 600), default=300, help="Seconds to wait for the consent."),
        click.option("--open/--no-open", "is_opened", default=None, help="Open the browser. Default: on a terminal."),
        click.option(
            "--port",
            type=click.IntRange(0, 65535),
            default=8976,
            show_default=True,
            help="Port of 127.0.0.1 that the browser comes back to.",
        ),
        click.option("--scopes", help="What to ask for. Default: the setting AIAS_..._SCOPES."),
        click.option("--oauth", is_flag=True, help="Ask for consent in a browser instead of taking a token."),
    ):
        function = option(function)
    return function


def _made(work: Callable[[Aias], Awaitable[Connected]]) -> None:
    """Make the connection and tell so; what could not be tried is told apart."""

    async def and_close(aias: Aias) -> Connected:
        from aias.integrations import close_clients

        try:
            return await work(aias)
        finally:
            await close_clients()

    made = call(and_close)
    if made.problem is not None:
        note(f"stored, and could not be tried: {made.problem}")
    emit(made, f"{made.tenant}: {made.kind}:{made.name} connected")


def _given(config: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in config.items() if value is not None}


def _connect(
    kind: str, tenant: str, name: str, config: Mapping[str, Any], secret: Mapping[str, Any], *, is_tried: bool
) -> None:
    from aias.integrations import connect_tried

    _made(
        lambda aias: connect_tried(
            aias.session.pool,
            tenant=tenant,
            user=operator(),
            kind=kind,
            name=name,
            config=_given(config),
            secret=secret,
            is_tried=is_tried,
        )
    )


def _consent(kind: str, tenant: str, name: str, config: Mapping[str, Any], how: Mapping[str, Any]) -> None:
    from aias.cli.consent import by_consent

    _made(
        lambda aias: by_consent(
            aias,
            tenant=tenant,
            user=operator(),
            kind=kind,
            name=name,
            config=_given(config),
            scopes=how["scopes"],
            port=how["port"],
            is_opened=sys.stderr.isatty() if how["is_opened"] is None else how["is_opened"],
            wait=how["wait"],
        )
    )


def _as_app(kind: str, tenant: str, name: str, config: Mapping[str, Any]) -> None:
    from aias.integrations import connect_app

    _made(
        lambda aias: connect_app(
            aias.session.pool, tenant=tenant, user=operator(), kind=kind, name=name, config=_given(config)
        )
    )


def _brought(kind: Kind[Any, Any]) -> click.Command:
    """Make the command that connects a plugin's kind: an option for each field of its settings and of its secret."""
    config, secret = kind.config.model_fields, kind.secret.model_fields

    def connect(tenant: str, name: str, *, is_tried: bool, **given: str | None) -> None:
        settings = {field: given.get(f"config_{field}") for field in config}
        hidden = {
            field: read_secret(given.get(f"secret_{field}"), f"--{field.replace('_', '-')}")
            for field, info in secret.items()
            if info.is_required() or given.get(f"secret_{field}") is not None
        }
        _connect(kind.name, tenant, name, settings, hidden, is_tried=is_tried)

    function: Callable[..., Any] = connect
    for field, info in reversed(list(secret.items())):
        told = _HIDDEN.format(info.description or field.replace("_", " "))
        function = click.option(f"--{field.replace('_', '-')}", f"secret_{field}", help=told)(function)
    for field, info in reversed(list(config.items())):
        function = click.option(
            f"--{field.replace('_', '-')}",
            f"config_{field}",
            required=info.is_required(),
            help=info.description or f"Its {field.replace('_', ' ')}.",
        )(function)
    return click.command(cls=Command, name=kind.name, help=f"Connect {kind.name}, which a plugin brings.")(
        _named(_tried(function))
    )


@command.command()
@_named
@_tried
@click.option("--shop", help="The shop's name: acme.myshopify.com.")
@click.option("--url", help="Instead of --shop: the server's address, such as a local one.")
@click.option("--token", help=_HIDDEN.format("Admin API access token"))
@click.option("--app", "is_app", is_flag=True, help="Instead of --token: by the right of our own organisation's app.")
@click.option("--api-version", help="Default: 2026-10.")
@_by_consent
def shopify(
    tenant: str,
    name: str,
    shop: str | None,
    url: str | None,
    token: str | None,
    api_version: str | None,
    *,
    is_tried: bool,
    is_app: bool,
    oauth: bool,
    **how: Any,
) -> None:
    """Connect a Shopify shop: with a token, by consent (--oauth), or by the app's own right (--app)."""
    config = {"shop": shop, "url": url, "api_version": api_version}
    if sum((token is not None, is_app, oauth)) > 1:
        raise click.UsageError("--token, --oauth and --app exclude each other")
    if oauth:
        _consent("shopify", tenant, name, config, how)
    elif is_app:
        _as_app("shopify", tenant, name, config)
    else:
        _connect("shopify", tenant, name, config, {"access_token": read_secret(token, "--token")}, is_tried=is_tried)


@command.command()
@_named
@_tried
@click.option("--business", help="The id of the business in Wave; with --oauth the consent can tell it.")
@click.option("--url", help="Another address than Wave's own, such as a local server's.")
@click.option("--token", help=_HIDDEN.format("access token"))
@click.option("--default-product", help="The product that invoice lines stand under. Default: Sales.")
@click.option("--income-account", help="The income account of products that are made.")
@_by_consent
def wave(
    tenant: str,
    name: str,
    business: str | None,
    url: str | None,
    token: str | None,
    default_product: str | None,
    income_account: str | None,
    *,
    is_tried: bool,
    oauth: bool,
    **how: Any,
) -> None:
    """Connect a business of a Wave account: with a token, or by consent (--oauth)."""
    config = {
        "business_id": business,
        "url": url and url.removesuffix("/graphql/public"),  # as the API's documentation and the local server write it
        "default_product": default_product,
        "income_account_id": income_account,
    }
    if oauth and token is not None:
        raise click.UsageError("--token and --oauth exclude each other")
    if oauth:
        _consent("wave", tenant, name, config, how)
        return
    if business is None:
        raise click.UsageError("Missing option '--business'.")
    _connect("wave", tenant, name, config, {"access_token": read_secret(token, "--token")}, is_tried=is_tried)


@command.command()
@_named
@_tried
@click.option("--url", help=_HIDDEN.format("incoming webhook's address, which is the secret"))
def slack(tenant: str, name: str, url: str | None, *, is_tried: bool) -> None:
    """Connect a Slack channel through an incoming webhook."""
    _connect("slack", tenant, name, {}, {"webhook_url": read_secret(url, "--url")}, is_tried=is_tried)


@command.command()
@_named
@_tried
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
    *,
    is_tried: bool,
) -> None:
    """Connect a mail server to submit to."""
    config = {"host": host, "port": port, "security": security, "sender": sender, "username": username}
    secret = {"password": read_secret(password, "--password")} if username is not None else {}
    _connect("email", tenant, name, config, secret, is_tried=is_tried)


@command.command()
@_named
@_tried
@click.option("--url", required=True, help="Requests below this address carry the headers.")
@click.option("--header", "headers", multiple=True, help=_HIDDEN.format("header, NAME: VALUE") + " Repeatable.")
def http(tenant: str, name: str, url: str, headers: tuple[str, ...], *, is_tried: bool) -> None:
    """Connect an HTTP service by the secret headers that go with each request."""
    pairs: dict[str, str] = {}
    for given in headers or (None,):
        key, colon, value = read_secret(given, "--header").partition(":")
        if not colon:
            raise click.UsageError("--header: a header is NAME: VALUE")
        pairs[key.strip()] = value.strip()
    _connect("http", tenant, name, {"url": url}, {"headers": pairs}, is_tried=is_tried)
