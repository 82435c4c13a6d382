"""``aias serve``: the HTTP API and the dashboard."""

from __future__ import annotations

import asyncio

import click

from aias.cli.foreground import foreground
from aias.cli.output import Command, emit

__all__ = ["command"]


@click.command(cls=Command, name="serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8400, show_default=True, help="0 takes any free one.")
@click.option(
    "--drain",
    type=click.FloatRange(0, 3600),
    default=1.0,
    show_default=True,
    help="Seconds for which /readyz says 503 before the end, so that a balancer looks elsewhere.",
)
def command(host: str, port: int, drain: float) -> None:
    """Serve the HTTP API and the dashboard until Ctrl-C or SIGTERM; requests in flight are finished.

    The dashboard is at /, the OpenAPI document is at /openapi.json, a page to try it at /docs.
    """
    from aias.api import Server
    from aias.dashboard import create_app
    from aias.settings import get_settings

    settings = get_settings()
    server = Server(create_app(settings), settings, host=host, port=port)

    async def main(stop: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as group:
            serving = group.create_task(server.serve(stop, drain=drain))
            started = asyncio.create_task(server.started())
            await asyncio.wait({serving, started}, return_when=asyncio.FIRST_COMPLETED)
            started.cancel()
            if not serving.done():
                emit({"url": server.url}, f"{server.url}  (Ctrl-C ends it)")

    foreground(main, interrupt=False)
