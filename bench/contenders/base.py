"""What a contender can do; everything else is the same for all."""

from __future__ import annotations

import abc
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, LiteralString

import psycopg

from bench.errors import BenchError
from bench.processes import Processes
from bench.servers import Connection, Postgres, Redis

__all__ = ["PROGRAMS", "ROOT", "Contender", "PostgresContender", "Setting", "Site", "Tools", "WorkflowContender"]

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "bench" / "programs"

Setting = str | int | float


@dataclass(frozen=True, slots=True)
class Tools:
    """What contenders share during a run."""

    folder: Path
    processes: Processes
    postgres: Postgres
    redis: Redis | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A fresh place for one trial: a database with its connection for the harness's own looks, or Redis."""

    url: str
    conn: Connection | None = None

    @property
    def db(self) -> Connection:
        """The connection.

        Raises:
            BenchError: this is not a database.
        """
        if self.conn is None:
            raise BenchError("this contender has no database")
        return self.conn


class Contender(abc.ABC):
    """One way to run jobs. A constructor that raises ``LeftOut`` takes it out of the run."""

    name: ClassVar[str]
    share: ClassVar[float] = 1.0
    """Of the number of jobs that the others get, for one that would take too long; rates don't depend on it."""

    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    @property
    @abc.abstractmethod
    def settings(self) -> Mapping[str, Setting]:
        """How it is set up, for the results."""

    @abc.abstractmethod
    def site(self) -> AbstractContextManager[Site]:
        """Make a fresh, empty queue for a trial."""

    @abc.abstractmethod
    def command(self, *arguments: str) -> list[str]:
        """Give the command line of its program: ``worker``, or what ``programs/enqueuing`` says."""

    @abc.abstractmethod
    def is_empty(self, site: Site) -> bool:
        """Whether no job waits or runs, by the queue's own books; cheap."""

    def environment(self, site: Site) -> dict[str, str]:
        """Give the environment of its programs; no setting of the caller's shell gets through."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PG", "AIAS_", "DBOS", "PROCRASTINATE_"))}
        kept.pop("DATABASE_URL", None)
        return kept | {"BENCH_URL": site.url, "PYTHONPATH": str(PROGRAMS)}

    def settle(self, site: Site) -> None:
        """Bring the site to rest before the clock starts: what filling it left to do is done."""
        del site

    def enqueue(self, site: Site, mode: str, count: int) -> float:
        """Enqueue the jobs 0 to count-1 and give the seconds that it took; ``mode``: single or bulk."""
        output = self.tools.processes.run(
            self.command(mode, str(count)),
            env=self.environment(site),
            timeout=120 + count / 20,
            log=f"{self.name}-{mode}",
        )
        return float(json.loads(output.splitlines()[-1])["seconds"])


class PostgresContender(Contender):
    """A contender whose queue is a database."""

    unfinished: ClassVar[LiteralString]
    """A query: true while a job waits or runs."""
    template: str = ""
    """The name of the template, where it is not the contender's."""

    def make(self, url: str) -> None:
        """Install the schema in an empty database; done once, then copied."""
        self.tools.processes.run(
            self.command("install"), env=self.environment(Site(url)), timeout=120, log=f"{self.name}-install"
        )

    @contextmanager
    def site(self) -> Iterator[Site]:
        """Make a copy of the contender's own template."""
        with (
            self.tools.postgres.database(self.template or self.name.replace("-", "_"), self.make) as url,
            psycopg.connect(url, autocommit=True) as conn,
        ):
            yield Site(url, conn)

    def is_empty(self, site: Site) -> bool:
        """Ask the queue's table."""
        return site.db.execute(self.unfinished).fetchone() == (False,)

    def settle(self, site: Site) -> None:
        """Vacuum, gather statistics as autovacuum soon would, and write dirty pages out: the same for all."""
        site.db.execute("vacuum (analyze)")
        site.db.execute("checkpoint")


class WorkflowContender(abc.ABC):
    """A contender that runs workflows of three no-op steps."""

    workflow_share: ClassVar[float] = 1.0

    @property
    @abc.abstractmethod
    def workflow_settings(self) -> Mapping[str, Setting]:
        """How its workflows are set up, for the results."""

    @abc.abstractmethod
    def start_workflows(self, site: Site, count: int) -> None:
        """Start that many; no worker runs yet."""

    @abc.abstractmethod
    def workflow_command(self) -> list[str]:
        """Give the command line of a worker."""

    @abc.abstractmethod
    def are_workflows_done(self, site: Site) -> bool:
        """Whether none waits or runs; cheap."""

    @abc.abstractmethod
    def workflow_window(self, site: Site, count: int) -> float:
        """Check that each ran once with each of its steps, and give the seconds from the first start to the last end.

        Raises:
            WrongCount: they did not.
        """
