"""BullMQ on Redis."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bench.contenders.base import PROGRAMS, Contender, Setting, Site, Tools
from bench.errors import LeftOut
from bench.install import NODE_PEERS, install_node
from bench.servers import Redis

__all__ = ["Bullmq"]


class Bullmq(Contender):
    """BullMQ; its Redis may lose a second of work, where PostgreSQL loses none."""

    name = "bullmq"
    concurrency = 100

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._modules = install_node(tools.folder, self.name)
        if tools.redis is None:
            raise LeftOut("there is no Redis")
        self._redis: Redis = tools.redis

    @property
    def settings(self) -> Mapping[str, Setting]:
        """See the base."""
        redis = self._redis.describe()
        return {
            "version": ", ".join(NODE_PEERS[self.name]),
            "concurrency": self.concurrency,
            "removeOnComplete": "true",
            "redis": f"{redis['version']}, appendonly, appendfsync everysec",
        }

    @contextmanager
    def site(self) -> Iterator[Site]:
        """Empty Redis."""
        self._redis.ask("FLUSHALL SYNC")
        yield Site(str(self._redis.socket))

    def environment(self, site: Site) -> dict[str, str]:
        """Where its modules and Redis are."""
        return super().environment(site) | {
            "BENCH_MODULES": str(self._modules),
            "BENCH_REDIS": site.url,
            "BENCH_CONCURRENCY": str(self.concurrency),
        }

    def command(self, *arguments: str) -> list[str]:
        """Its program."""
        return [shutil.which("node") or "node", str(PROGRAMS / "bullmq.mjs"), *arguments]

    def is_empty(self, site: Site) -> bool:
        """Ask its lists."""
        del site
        return self._redis.count("LLEN bull:bench:wait", "LLEN bull:bench:active", "ZCARD bull:bench:prioritized") == 0
