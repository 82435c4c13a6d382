"""AIAS, and what it is compared with on its own tables."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.metadata import version

import psycopg
from procrastinate.schema import SchemaManager

from aias import __version__
from aias.db import migrate
from bench.aias_sql import TENANTS, prepare, tenant_name
from bench.contenders.base import ROOT, PostgresContender, Setting, Site, WorkflowContender
from bench.contenders.procrastinate import CONCURRENCY
from bench.errors import BenchError, WrongCount
from bench.programs.raw_sql import make_bare_table

__all__ = ["Aias", "AiasDefer", "BareInsert", "InstantAias", "RawSql"]


class Aias(PostgresContender, WorkflowContender):
    """A worker by procrastinate's command line on our app; jobs enqueued by ``aias.enqueue_job(s)``."""

    name = "aias"
    template = "aias"
    unfinished = """
        select exists (
            select from procrastinate_jobs where status in ('todo', 'doing') and task_name like 'bench.%'
        )
    """
    way = "sql"
    workflow = "three-steps"
    checkpoints = 3
    """Commits that the steps of a workflow need at least, each ending one step; checked."""

    @property
    def settings(self) -> Mapping[str, Setting]:
        """See the base."""
        return {
            "version": __version__,
            "concurrency": CONCURRENCY,
            "log level": "warning",
            "enqueued by": "aias.enqueue_job, in bulk aias.enqueue_jobs",
            "tenants": TENANTS,
        }

    def make(self, url: str) -> None:
        """Migrate, and make tenants and the workflows."""
        migrate(url)
        with psycopg.connect(url, autocommit=True) as conn:
            prepare(conn)

    def environment(self, site: Site) -> dict[str, str]:
        """Our repository's packages, and the database by its usual name."""
        return super().environment(site) | {
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": site.url,
            "AIAS_HOME": str(self.tools.folder / "aias-home"),
            "BENCH_TENANT": tenant_name(0),
        }

    def command(self, *arguments: str) -> list[str]:
        """The worker by procrastinate's command line."""
        if arguments == ("worker",):
            return self._worker("bench.aias_app.app")
        return [sys.executable, "-m", "bench.programs.aias_program", self.way, *arguments]

    def _worker(self, app: str) -> list[str]:
        cli = [sys.executable, "-m", "procrastinate", f"--app={app}", "--log-level=warning"]
        return [*cli, "worker", f"--concurrency={CONCURRENCY}"]

    # --- workflows --------------------------------------------------------------------------------

    @property
    def workflow_settings(self) -> Mapping[str, Setting]:
        """See the base."""
        return {
            "version": __version__,
            "concurrency": CONCURRENCY,
            "log level": "warning",
            "steps": "each needs the one before, and ends in a commit of its own",
        }

    def start_workflows(self, site: Site, count: int) -> None:
        """By ``aias.run_workflow``, 500 in a transaction."""
        for first in range(0, count, 500):
            site.db.execute(
                "select aias.run_workflow(%s, %s) from generate_series(1, %s)",
                (tenant_name(0), self.workflow, min(500, count - first)),
            )

    def workflow_command(self) -> list[str]:
        """The worker that has the action."""
        return self._worker("bench.aias_app.app")

    def are_workflows_done(self, site: Site) -> bool:
        """Ask the executions."""
        return site.db.execute("select exists (select from aias.executions where finished_at is null)").fetchone() == (
            False,
        )

    def workflow_window(self, site: Site, count: int) -> float:
        """By the executions and steps as the public views show them."""
        found = site.db.execute(
            """
            select
                count(*),
                count(*) filter (where e.status = 'succeeded' and s.is_once),
                extract(epoch from max(e.finished_at) - min(e.started_at))::double precision,
                count(*) filter (where s.checkpoints < %s)
            from aias.executions as e
            cross join lateral (
                select
                    count(*) = 3 and bool_and(s.status = 'succeeded' and s.attempt_count <= 1) as is_once,
                    count(distinct s.finished_at) as checkpoints
                from aias.execution_steps as s
                where s.execution_id = e.id
            ) as s
            """,
            (self.checkpoints,),
        ).fetchone()
        if found is None or found[:2] != (count, count):
            raise WrongCount(f"{count} workflows started; there are, and succeeded with three steps run once: {found}")
        if found[3]:
            raise BenchError(f"{found[3]} workflows wrote several steps in one checkpoint: not the same work")
        return float(found[2])


class InstantAias(Aias):
    """The same with the built-in no-op, which is instant: neighbours share a checkpoint."""

    workflow = "three-noops"
    checkpoints = 1

    @property
    def workflow_settings(self) -> Mapping[str, Setting]:
        """See the base."""
        return {**super().workflow_settings, "steps": "noop: instant, all in one checkpoint"}


class AiasDefer(Aias):
    """The same, enqueued by procrastinate's ``batch_defer`` on the AIAS app."""

    name = "aias-batch-defer"
    way = "defer"

    @property
    def settings(self) -> Mapping[str, Setting]:
        """See the base."""
        return {**super().settings, "enqueued by": "batch_defer", "tenants": 0}


class BareInsert(Aias):
    """A row with an id and the arguments, inserted and committed: what the disk allows."""

    name = "bare-insert"
    template = "bare"
    way = "bare"

    @property
    def settings(self) -> Mapping[str, Setting]:
        """See the base."""
        return {"table": "id, args jsonb"}

    def make(self, url: str) -> None:
        """Make the table."""
        with psycopg.connect(url, autocommit=True) as conn:
            make_bare_table(conn)


class BareJobInsert(BareInsert):
    """A row in the engine's own job table, as it comes: what enqueuing costs at least where jobs are its rows."""

    name = "bare-job-insert"
    template = "bare_job"
    way = "bare-job"

    @property
    def settings(self) -> Mapping[str, Setting]:
        """See the base."""
        return {"table": f"procrastinate_jobs of procrastinate {version('procrastinate')}, its triggers and indexes"}

    def make(self, url: str) -> None:
        """Make the engine's schema, and nothing else."""
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute(SchemaManager.get_schema())


class RawSql(Aias):
    """The bound of a drain: claim and complete without a queue's rules, on AIAS's tables."""

    name = "raw-sql"
    batch = 100

    @property
    def settings(self) -> Mapping[str, Setting]:
        """See the base."""
        return {"batch": self.batch, "tables": "AIAS's, finished jobs deleted"}

    def environment(self, site: Site) -> dict[str, str]:
        """Also the batch."""
        return super().environment(site) | {"BENCH_BATCH": str(self.batch)}

    def command(self, *arguments: str) -> list[str]:
        """The loop instead of a worker."""
        if arguments == ("worker",):
            return [sys.executable, "-m", "bench.programs.raw_sql"]
        return super().command(*arguments)
