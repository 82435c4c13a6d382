"""DBOS Transact."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bench.contenders.base import PROGRAMS, PostgresContender, Setting, Site, Tools, WorkflowContender
from bench.errors import WrongCount
from bench.install import PYTHON_PEERS, install_python

__all__ = ["Dbos"]


class Dbos(PostgresContender, WorkflowContender):
    """DBOS workflows on a queue of its own."""

    name = "dbos"
    share = 0.15
    workflow_share = 0.1
    unfinished = "select exists (select from dbos.workflow_status where status in ('ENQUEUED', 'PENDING'))"
    options: Mapping[str, Setting] = {"concurrency": 100, "polling": 0.01, "pool": 20}

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._python = install_python(tools.folder, self.name)

    @property
    def settings(self) -> Mapping[str, Setting]:
        """See the base."""
        return {
            "version": PYTHON_PEERS[self.name][0],
            "queue": f"worker_concurrency {self.options['concurrency']}, polled every {self.options['polling']} s",
            "sys_db_pool_size": self.options["pool"],
            "bulk": "enqueue_in_transaction",
        }

    def environment(self, site: Site) -> dict[str, str]:
        """Also its options."""
        return super().environment(site) | {"BENCH_OPTIONS": json.dumps(self.options)}

    def command(self, *arguments: str) -> list[str]:
        """Its program, in its own virtual environment."""
        return [str(self._python), str(PROGRAMS / "dbos_program.py"), *arguments]

    # --- workflows --------------------------------------------------------------------------------

    @property
    def workflow_settings(self) -> Mapping[str, Setting]:
        """See the base."""
        return {**self.settings, "steps": "three @DBOS.step in a @DBOS.workflow, asynchronous"}

    def start_workflows(self, site: Site, count: int) -> None:
        """Put them on the queue."""
        self.tools.processes.run(
            self.command("workflows", str(count)),
            env=self.environment(site),
            timeout=120 + count / 20,
            log="dbos-workflows",
        )

    def workflow_command(self) -> list[str]:
        """The same worker."""
        return self.command("worker")

    def are_workflows_done(self, site: Site) -> bool:
        """Ask its table."""
        return self.is_empty(site)

    def workflow_window(self, site: Site, count: int) -> float:
        """By its own books."""
        found = site.db.execute(
            """
            select
                count(*),
                count(*) filter (where w.status = 'SUCCESS' and s.outputs = 3 and w.recovery_attempts <= 1),
                (max(w.updated_at) - min(w.started_at_epoch_ms)) / 1000.0
            from dbos.workflow_status as w
            cross join lateral (
                select count(*) as outputs from dbos.operation_outputs as o where o.workflow_uuid = w.workflow_uuid
            ) as s
            """
        ).fetchone()
        if found is None or found[:2] != (count, count):
            raise WrongCount(f"{count} workflows started; there are, and succeeded with three steps once: {found}")
        return float(found[2])
