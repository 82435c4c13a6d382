"""procrastinate as it comes: its own App, connector, schema and worker."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.metadata import version

from bench.contenders.base import ROOT, PostgresContender, Setting, Site

__all__ = ["CONCURRENCY", "Procrastinate"]

CONCURRENCY = 100


class Procrastinate(PostgresContender):
    """Plain procrastinate."""

    name = "procrastinate"
    unfinished = "select exists (select from procrastinate_jobs where status in ('todo', 'doing'))"

    @property
    def settings(self) -> Mapping[str, Setting]:
        """See the base."""
        return {"version": version("procrastinate"), "concurrency": CONCURRENCY, "log level": "warning"}

    def environment(self, site: Site) -> dict[str, str]:
        """Our repository's packages."""
        return super().environment(site) | {"PYTHONPATH": str(ROOT)}

    def command(self, *arguments: str) -> list[str]:
        """The worker by procrastinate's command line."""
        if arguments == ("worker",):
            return [*_cli("bench.plain_app.app"), "worker", f"--concurrency={CONCURRENCY}"]
        return [sys.executable, "-m", "bench.programs.procrastinate_program", *arguments]


def _cli(app: str) -> list[str]:
    return [sys.executable, "-m", "procrastinate", f"--app={app}", "--log-level=warning"]
