"""PgQueuer."""

from __future__ import annotations

from collections.abc import Mapping

from bench.contenders.base import PROGRAMS, PostgresContender, Setting, Site, Tools
from bench.install import PYTHON_PEERS, install_python

__all__ = ["Pgqueuer"]


class Pgqueuer(PostgresContender):
    """PgQueuer over asyncpg and uvloop, as its own benchmark runs it."""

    name = "pgqueuer"
    unfinished = "select exists (select from pgqueuer)"
    batch = 500

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._python = install_python(tools.folder, self.name)

    @property
    def settings(self) -> Mapping[str, Setting]:
        """See the base."""
        return {"version": ", ".join(PYTHON_PEERS[self.name]), "batch": self.batch}

    def environment(self, site: Site) -> dict[str, str]:
        """Also the batch."""
        return super().environment(site) | {"BENCH_BATCH": str(self.batch)}

    def command(self, *arguments: str) -> list[str]:
        """Its program, in its own virtual environment."""
        return [str(self._python), str(PROGRAMS / "pgqueuer_program.py"), *arguments]
