"""graphile-worker."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping

from bench.contenders.base import PROGRAMS, PostgresContender, Setting, Site, Tools
from bench.install import NODE_PEERS, install_node

__all__ = ["Graphile"]


class Graphile(PostgresContender):
    """graphile-worker as its own performance test runs it: a local queue of 500, completions batched."""

    name = "graphile-worker"
    unfinished = "select exists (select from graphile_worker._private_jobs)"
    options: Mapping[str, object] = {
        "concurrentJobs": 24,
        "maxPoolSize": 26,
        "localQueue": {"size": 500},
        "completeJobBatchDelay": 0,
        "failJobBatchDelay": 0,
    }

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._modules = install_node(tools.folder, self.name)

    @property
    def settings(self) -> Mapping[str, Setting]:
        """See the base."""
        return {"version": ", ".join(NODE_PEERS[self.name]), "options": json.dumps(self.options)}

    def environment(self, site: Site) -> dict[str, str]:
        """Also its modules and options."""
        return super().environment(site) | {
            "BENCH_MODULES": str(self._modules),
            "BENCH_OPTIONS": json.dumps(self.options),
        }

    def command(self, *arguments: str) -> list[str]:
        """Its program."""
        return [shutil.which("node") or "node", str(PROGRAMS / "graphile.mjs"), *arguments]
