"""``aias simulator``: local servers that speak Shopify's, Wave's, Slack's and a mail server's language."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import click

from aias.cli.output import Command, emit, set_up
from aias.cli.parameters import JSON_OBJECT

if TYPE_CHECKING:
    from aias.simulators import Ready

__all__ = ["command", "described"]

_KINDS = ("shopify", "wave", "slack", "smtp")


class _Which(click.Choice[str]):
    """One of ours, ``all`` of ours, or one that a plugin brings: plugins are loaded when none of ours is meant."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read the name."""
        from aias.plugins import all_simulators, load_plugins

        if value not in self.choices:
            set_up()
            load_plugins()
            brought = list(all_simulators())
            if value in brought:
                return value
            self.choices = (*self.choices, *brought)
        return super().convert(value, param, ctx)


@click.command(cls=Command, name="simulator")
@click.argument("which", type=_Which([*_KINDS, "all"]))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; default: a free one. Not with all.")
@click.option("--orders", type=click.IntRange(0, 100_000), default=25, show_default=True, help="Orders in the shop.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same orders.")
@click.option(
    "--faults", type=JSON_OBJECT, help='Failures by server: {"wave": [{"match": {}, "do": {"status": 503}}]}.'
)
@click.option(
    "--set",
    "settings",
    type=JSON_OBJECT,
    help='Settings by server: {"wave": {"per_minute": 60}, "shopify": {"scopes": ["read_orders"]}}.',
)
def command(
    which: str,
    host: str,
    port: int,
    orders: int,
    seed: int,
    faults: dict[str, Any] | None,
    settings: dict[str, Any] | None,
) -> None:
    """Run local servers in the foreground: shopify, wave, slack, smtp, all of them, or what a plugin brings.

    Prints their addresses and tokens when they listen (with --json as one document). Ctrl-C ends them. What they
    received, failures on demand and the settings (GET /_control/settings) are at each one's control URL.
    """
    from pydantic import ValidationError

    from aias.errors import InvalidArgument
    from aias.plugins import all_simulators
    from aias.simulators import run_forever

    others = {} if which in (*_KINDS, "all") else {which: all_simulators()[which]()}
    chosen = _KINDS if which == "all" else () if others else (which,)
    if port and which == "all":
        raise click.UsageError("--port goes with one server, not with all")
    if not all(isinstance(changed, dict) for changed in (settings or {}).values()):
        raise click.UsageError("--set takes an object of settings for each server")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    try:
        run_forever(
            chosen,
            host=host,
            ports={which: port} if port else None,
            orders=orders,
            seed=seed,
            faults=faults,
            settings=settings,
            others=others,
            on_ready=_ready,
        )
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(str(part) for part in p['loc'])}: {p['msg']}" for p in error.errors())
        raise InvalidArgument(f"--faults or --set: {told}", argument="faults") from None
    except ValueError as error:
        raise InvalidArgument(f"--faults or --set: {error}", argument="faults") from None


def _ready(ready: Ready) -> None:
    emit(
        ready.all(),
        [*described(ready), "", "Ctrl-C ends them."],
    )


def described(ready: Ready) -> list[str]:
    """Give a line per fact about each server that runs."""
    lines: list[str] = []
    for kind, facts in ready.all().items():
        lines += [f"{kind:<8} {name:<12} {value}" for name, value in facts.items()]
    return lines
