"""All local servers together: inside a running program, or as a program of their own."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aias.errors import ConfigurationError
from aias.simulators.faults import Fault
from aias.simulators.shopify import ShopifySimulator
from aias.simulators.simulator import Simulator
from aias.simulators.slack import SlackSimulator
from aias.simulators.smtp import SmtpSimulator
from aias.simulators.wave import WaveSimulator

__all__ = ["KINDS", "Ready", "Simulators", "run_forever", "running_simulators"]

KINDS = ("shopify", "wave", "slack", "smtp")
"""The local servers that there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """What a client needs to know of each server that runs; None for one that does not."""

    shopify: Mapping[str, Any] | None = None
    wave: Mapping[str, Any] | None = None
    slack: Mapping[str, Any] | None = None
    smtp: Mapping[str, Any] | None = None
    others: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """Of plugins' servers, by name."""

    def all(self) -> dict[str, Mapping[str, Any]]:
        """By server; those that do not run are left out."""
        return {kind: facts for kind in KINDS if (facts := getattr(self, kind)) is not None} | dict(self.others)

    def to_json(self) -> str:
        """One JSON object, by server; those that do not run are left out."""
        return json.dumps({kind: dict(facts) for kind, facts in self.all().items()})


@dataclass(slots=True, kw_only=True)
class Simulators:
    """The four servers. One that was not asked for exists, but has no port."""

    shopify: ShopifySimulator
    wave: WaveSimulator
    slack: SlackSimulator
    smtp: SmtpSimulator
    running: frozenset[str] = field(default_factory=lambda: frozenset(KINDS))
    others: Mapping[str, Simulator] = field(default_factory=dict[str, Simulator])
    """Servers that plugins bring, by name; all of them run."""

    def all(self) -> dict[str, Simulator]:
        """Those that run, by name."""
        return {kind: getattr(self, kind) for kind in KINDS if kind in self.running} | dict(self.others)

    def one(self, name: str) -> Simulator:
        """The server of that name, running or not."""
        return self.others[name] if name in self.others else getattr(self, name)

    def ready(self) -> Ready:
        """Their addresses, tokens and ids."""
        own = {kind: getattr(self, kind).ready() for kind in KINDS if kind in self.running}
        return Ready(**own, others={name: simulator.ready() for name, simulator in self.others.items()})

    def reset(self) -> None:
        """Everything as at the start, in each of them."""
        for simulator in self.all().values():
            simulator.reset()


@asynccontextmanager
async def running_simulators(  # noqa: PLR0913 - each of them by name, and none of them needed
    *,
    which: Iterable[str] = KINDS,
    orders: int = 25,
    seed: int = 1,
    host: str = "127.0.0.1",
    ports: Mapping[str, int] | None = None,
    faults: Mapping[str, Iterable[Fault | Mapping[str, Any]]] | None = None,
    shopify: Mapping[str, Any] | None = None,
    wave: Mapping[str, Any] | None = None,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    others: Mapping[str, Simulator] | None = None,
    clock: Callable[[], float] = time.time,
) -> AsyncGenerator[Simulators]:
    """Run the local servers in this event loop until the block ends.

    ``ports``, ``faults`` and ``settings`` (as ``/_control/settings`` takes them) are by server; a port of 0, the
    default, is chosen by the kernel. ``shopify`` and ``wave``
    are further settings of :class:`~aias.simulators.shopify.ShopifySimulator` (``bucket``, ``restore_rate``, ``token``)
    and :class:`~aias.simulators.wave.WaveSimulator` (``error_status``, ``token``).
    ``others`` are servers of plugins, which run too. No signal handler is installed.

    Raises:
        ConfigurationError: an unknown server, or an address that can't be had; then none of them runs.
        ValueError: a fault, a setting or a number that makes no sense.
    """
    chosen = frozenset(which)
    known = (*KINDS, *(others or {}))
    unknown = (chosen | (ports or {}).keys() | (faults or {}).keys() | (settings or {}).keys()) - set(known)
    if unknown:
        raise ConfigurationError(f"there is no simulator {', '.join(sorted(unknown))}: {', '.join(known)}")
    simulators = Simulators(
        shopify=ShopifySimulator(orders=orders, seed=seed, clock=clock, **(shopify or {})),
        wave=WaveSimulator(seed=seed, clock=clock, **(wave or {})),
        slack=SlackSimulator(clock=clock),
        smtp=SmtpSimulator(clock=clock),
        running=chosen,
        others=others or {},
    )
    for kind, wanted in (faults or {}).items():
        simulators.one(kind).faults.add(*wanted)
    for kind, changed in (settings or {}).items():
        simulators.one(kind).configure(dict(changed))
    try:
        for kind, simulator in simulators.all().items():
            await simulator.start(host, (ports or {}).get(kind, 0))
        yield simulators
    finally:
        # All at once: each takes a moment to see its connections off.
        await asyncio.gather(*(simulator.stop() for simulator in simulators.all().values()))


def run_forever(  # noqa: PLR0913 - as above
    which: Iterable[str] = KINDS,
    *,
    host: str = "127.0.0.1",
    ports: Mapping[str, int] | None = None,
    orders: int = 25,
    seed: int = 1,
    on_ready: Callable[[Ready], None] | None = None,
    faults: Mapping[str, Iterable[Fault | Mapping[str, Any]]] | None = None,
    settings: Mapping[str, Mapping[str, Any]] | None = None,
    others: Mapping[str, Simulator] | None = None,
) -> None:
    """Run the local servers in the foreground until SIGINT or SIGTERM; blocks.

    ``on_ready`` is called once, when all of them listen.

    Raises:
        ConfigurationError: an unknown server, or an address that can't be had.
    """
    asyncio.run(
        _run(
            on_ready,
            which=which,
            host=host,
            ports=ports,
            orders=orders,
            seed=seed,
            faults=faults,
            settings=settings,
            others=others,
        )
    )


async def _run(on_ready: Callable[[Ready], None] | None, **how: Any) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with running_simulators(**how) as simulators:
        if on_ready is not None:
            on_ready(simulators.ready())
        await stop.wait()
