"""Workflows of three no-op steps, each checkpointed in a commit of its own, that wait already; one worker.

The times are those of the contenders' own books: first start, last end. AIAS also with its built-in ``noop``, whose
checkpoints it joins; that is not compared.
"""

from __future__ import annotations

import subprocess
import time
from functools import partial

from bench.contenders import Contender, Dbos, InstantAias, WorkflowContender
from bench.errors import BenchError
from bench.field import Field
from bench.model import Aim, Comparison, Key, Plan, Trial, Values
from bench.processes import tail

__all__ = ["workflow"]

_LOOK_EVERY = 0.1


def workflow(field: Field) -> Plan:
    """AIAS and DBOS."""
    dbos = field.peer("dbos")
    own, joined = Key("workflow", field.aias.name), Key("workflow", field.aias.name, case="instant steps")
    instant = InstantAias(field.tools)
    runners: list[tuple[Key, Contender, WorkflowContender]] = [(own, field.aias, field.aias)]
    if isinstance(dbos, Dbos):
        runners.append((Key("workflow", dbos.name), dbos, dbos))
    runners.append((joined, instant, instant))
    trials: list[Trial] = []
    for key, contender, runner in runners:
        count = max(10, int(field.sizes.scaled(3_000) * runner.workflow_share))
        trials.append(
            Trial(
                name=" ".join(filter(None, (key.contender, key.case))),
                settings={**runner.workflow_settings, "workflows": count},
                run=partial(_run, key, contender, runner, count),
            )
        )
    comparisons = [Comparison(own, Key("workflow", dbos.name), Aim(at_least=10))] if dbos else []
    return Plan("workflow", trials, comparisons)


def _run(key: Key, contender: Contender, runner: WorkflowContender, count: int) -> Values:
    with contender.site() as site:
        runner.start_workflows(site, count)
        contender.settle(site)
        processes = contender.tools.processes
        worker = processes.start(
            runner.workflow_command(),
            env=contender.environment(site),
            log=f"{contender.name}-workflow-worker",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        try:
            deadline = time.monotonic() + 120 + count / 5
            while not runner.are_workflows_done(site):
                if worker.poll() is not None:
                    raise BenchError(f"the worker ended by itself: exit code {worker.returncode}\n{tail(worker)}")
                if time.monotonic() > deadline:
                    raise BenchError(f"{count} workflows are not done in time\n{tail(worker)}")
                time.sleep(_LOOK_EVERY)
        finally:
            processes.stop(worker)
        return {key: count / runner.workflow_window(site, count)}
