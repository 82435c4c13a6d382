"""``aias up``: the system in one terminal, for development."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

import click

from aias.cli.foreground import foreground
from aias.cli.output import Command, emit, note
from aias.settings import Settings, get_settings

if TYPE_CHECKING:
    from aias.api import Server
    from aias.db import Embedded
    from aias.simulators import Simulators

__all__ = ["command"]

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
_HEALTHY_AFTER = 60.0


@click.command(cls=Command, name="up")
@click.option("--workers", type=click.IntRange(0, 32), default=1, show_default=True, help="How many.")
@click.option("--concurrency", type=click.IntRange(1, 1000), help="Jobs that each worker runs at a time.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8400,
    show_default=True,
    help="Of the HTTP API; 0: any free one.",
)
@click.option("--simulators", is_flag=True, help="Local Shopify, Wave, Slack and mail servers too.")
@click.option("--orders", type=click.IntRange(0, 100_000), default=25, show_default=True, help="Orders in the shop.")
def command(workers: int, concurrency: int | None, port: int, simulators: bool, orders: int) -> None:
    """Run PostgreSQL with the current schema, workers, the HTTP API and the dashboard in one terminal, until Ctrl-C.

    A worker that dies is started again. On Ctrl-C the workers and the API finish what they have in hand; a PostgreSQL
    that was started here is stopped, its data stays.
    """
    foreground(
        lambda stop: _Up(get_settings()).run(stop, workers, concurrency, port, orders if simulators else None),
        interrupt=False,
    )


class _Up:
    """What is up, so that it can be brought down."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._environment: dict[str, str] = {}

    async def run(
        self, stop: asyncio.Event, workers: int, concurrency: int | None, port: int, orders: int | None
    ) -> None:
        """Bring everything up, say so once, and bring it down when ``stop`` is set."""
        async with AsyncExitStack() as stack:
            url = await self._database(stack)
            sims = await self._simulators(stack, orders) if orders is not None else None
            self._environment["DATABASE_URL"] = url
            options = [f"--concurrency={concurrency}"] if concurrency is not None else []
            names = [f"up-{number}" for number in range(1, workers + 1)]
            server = self._server(port)
            async with asyncio.TaskGroup() as group:
                group.create_task(server.serve(stop))
                for name in names:
                    group.create_task(self._supervise(name, options, stop))
                self._tell(url, server.url, names, sims)

    def _server(self, port: int) -> Server:
        """Take the port before anything is said; API and dashboard have the workers' environment."""
        from aias.api import Server
        from aias.dashboard import create_app

        os.environ.update(self._environment)
        settings = get_settings()
        return Server(create_app(settings), settings, host="127.0.0.1", port=port)

    async def _database(self, stack: AsyncExitStack) -> str:
        from aias.db import Embedded, database_url
        from aias.plugins.analytics import migrate_all

        settings = self._settings
        if settings.database_url is None and not settings.libpq_names_a_server:
            server = Embedded(settings.home)
            if not server.status().running:
                stack.push_async_callback(_stop_server, server)
        url = await asyncio.to_thread(database_url, settings)
        _, plugins = await asyncio.to_thread(migrate_all, url, lock_timeout=settings.lock_timeout, report=note)
        for one in plugins:
            if one.problem is not None:
                note(f"{one.plugin}: its schema {one.schema} is not up to date: {one.problem}")
        return url

    async def _simulators(self, stack: AsyncExitStack, orders: int) -> Simulators:
        from aias.onboarding import simulators_file
        from aias.simulators import running_simulators

        sims = await stack.enter_async_context(running_simulators(orders=orders))
        ports = [simulator.base_url.removeprefix("http://") for simulator in sims.all().values()]
        allowed = [self._settings.egress_allow] if self._settings.egress_allow else []
        self._environment["AIAS_EGRESS_ALLOW"] = ",".join([*allowed, *ports, f"{sims.smtp.host}:{sims.smtp.port}"])
        self._environment["AIAS_SIMULATORS"] = sims.ready().to_json()
        # for commands in other terminals
        place = simulators_file(self._settings)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(self._environment["AIAS_SIMULATORS"], encoding="utf-8")
        stack.callback(place.unlink, missing_ok=True)
        return sims

    async def _supervise(self, name: str, options: list[str], stop: asyncio.Event) -> None:
        """Keep a worker running until ``stop`` is set; one that dies at once is started again ever later."""
        from aias.demo import WorkerProcess

        pause = _FIRST_PAUSE
        stopping = asyncio.ensure_future(stop.wait())
        while not stop.is_set():
            started_at = time.monotonic()
            worker = await WorkerProcess.start(name=name, log=None, environment=self._environment, options=options)
            ended = asyncio.ensure_future(worker.wait())
            try:
                await asyncio.wait({stopping, ended}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await worker.stop()
            if not stop.is_set():
                pause = _FIRST_PAUSE if time.monotonic() - started_at > _HEALTHY_AFTER else pause
                note(f"the worker {name} ended with exit code {worker.exit_code}; another one starts in {pause:g} s")
                await asyncio.wait({stopping}, timeout=pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    def _tell(self, url: str, api: str, workers: list[str], sims: Simulators | None) -> None:
        from aias.cli.simulator import described
        from aias.db import without_password

        ready = sims.ready() if sims is not None else None
        document: dict[str, Any] = {"database": without_password(url), "api": api, "workers": workers}
        lines = [
            f"database {without_password(url)}",
            f"api      {api}  (the dashboard; to try the API: {api}/docs)",
            f"workers  {', '.join(workers) or 'none'}",
        ]
        if ready is not None and sims is not None:
            document["simulators"] = {kind: getattr(ready, kind) for kind in sims.all()}
            lines += [*described(ready), "", "Connect a tenant to them:", *_connect_commands(sims)]
        emit(document, [*lines, "", "Ctrl-C ends it."])


def _connect_commands(sims: Simulators) -> list[str]:
    """What to type so that the tenant ``dev`` uses the local servers; their tokens open nothing else."""
    shopify, wave, mail = sims.shopify, sims.wave, sims.smtp
    connect = {
        "shopify": f"--url {shopify.url} --token {shopify.token}",
        "wave": f"--url {wave.base_url} --token {wave.token} --business {wave.business_id}",
        "slack": f"--url {sims.slack.url}",
        "email": f"--host {mail.host} --port {mail.port} --security none --sender shop@example.com",
    }
    return [
        "    aias tenant create dev --plan pro",
        *(f"    aias integration connect {kind} --tenant dev {options}" for kind, options in connect.items()),
    ]


async def _stop_server(server: Embedded) -> None:
    await asyncio.to_thread(server.stop)
