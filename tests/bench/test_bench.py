"""The benchmark itself: that it measures what it says, and would notice a queue that loses or doubles."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from bench.cli import main, measure
from bench.contenders.base import ROOT, Contender, Setting, Site, Tools
from bench.errors import BenchError, WrongCount
from bench.measures.drain import drain_rate
from bench.measures.latency import percentile
from bench.measures.limiter import beyond_bound
from bench.model import UNITS, Aim, Comparison, Key, Plan, Sizes, Trial
from bench.processes import Processes
from bench.report import Report
from bench.running import run_plan
from bench.servers import Postgres

_WORKER = """
import signal, sys, time
from bench.programs.recorder import Recorder
signal.signal(signal.SIGTERM, lambda *_: sys.exit())
recorder = Recorder()
for number in map(int, sys.argv[1].split(",")):
    recorder.ran(number)
while True:
    time.sleep(1)
"""


class Pretender(Contender):
    """A queue in name only: its worker runs the jobs that the test says, and its books are always empty."""

    name = "pretender"

    def __init__(self, tools: Tools, runs: Sequence[int], *, worker: str = _WORKER) -> None:
        super().__init__(tools)
        self.runs = runs
        self.worker = worker

    @property
    def settings(self) -> Mapping[str, Setting]:
        return {}

    def site(self) -> AbstractContextManager[Site]:
        return nullcontext(Site("nowhere"))

    def environment(self, site: Site) -> dict[str, str]:
        return {**super().environment(site), "PYTHONPATH": str(ROOT)}

    def command(self, *arguments: str) -> list[str]:
        assert arguments == ("worker",)
        return [sys.executable, "-c", self.worker, ",".join(map(str, self.runs))]

    def enqueue(self, site: Site, mode: str, count: int) -> float:
        del site, mode, count
        return 1.0

    def is_empty(self, site: Site) -> bool:
        del site
        return True


@pytest.fixture
def tools(tmp_path: Path) -> Iterator[Tools]:
    with Processes(tmp_path / "logs") as processes:
        yield Tools(tmp_path, processes, Postgres(url=""))


def test_a_queue_that_runs_each_job_once_has_a_rate(tools: Tools) -> None:
    rate, cores = drain_rate(Pretender(tools, range(50)), 50, 1)
    assert rate > 0
    assert 0 <= cores <= (psutil.cpu_count() or 1)


def test_a_doubled_job_is_noticed(tools: Tools) -> None:
    with pytest.raises(WrongCount, match=r"^1 jobs ran more than once \(3\)$"):
        drain_rate(Pretender(tools, [*range(10), 3]), 10, 1)


def test_a_job_that_two_workers_ran_is_noticed(tools: Tools) -> None:
    with pytest.raises(WrongCount, match=r"; 10 jobs ran more than once \(0, 1, 2, 3, 4, \.\.\.\)$"):
        drain_rate(Pretender(tools, range(10)), 20, 2)


def test_a_lost_job_is_noticed(tools: Tools) -> None:
    with pytest.raises(WrongCount, match=r"^2 jobs never ran \(4, 9\)$"):
        drain_rate(Pretender(tools, [0, 1, 2, 3, 5, 6, 7, 8]), 10, 1)


def test_a_job_that_was_not_enqueued_is_noticed(tools: Tools) -> None:
    with pytest.raises(WrongCount, match=r"^1 jobs ran that were not enqueued$"):
        drain_rate(Pretender(tools, [*range(10), 10]), 10, 1)


def test_a_worker_that_ends_is_told_with_its_last_words(tools: Tools) -> None:
    broken = Pretender(tools, range(3), worker="raise SystemExit('out of tea')")
    with pytest.raises(BenchError, match=r"ended by itself: exit code 1\nout of tea"):
        drain_rate(broken, 10, 1)


def test_nothing_that_was_started_is_left_running(tmp_path: Path) -> None:
    stubborn = """
import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = os.fork()
if child:
    print(child, flush=True)
while True:
    signal.pause()
"""
    with Processes(tmp_path) as processes:
        process = processes.start([sys.executable, "-c", stubborn], env=dict(os.environ), stdout=subprocess.PIPE)
        assert process.stdout is not None
        child = int(process.stdout.readline())
        assert _is_running(child)
    assert process.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 10
    while _is_running(child):  # killed, but nobody that can be asked is told when
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_program_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with Processes(tmp_path) as processes, pytest.raises(BenchError, match="not done after 0 s"):
        processes.run([sys.executable, "-c", "import time; time.sleep(60)"], env=dict(os.environ), timeout=0.2)


def test_rounds_take_turns_and_ratios_are_paired() -> None:
    order: list[str] = []
    speeds = {"a": iter([10.0, 40.0, 90.0]), "b": iter([10.0, 20.0, 30.0])}

    def trial(name: str) -> Trial:
        def run() -> Mapping[Key, float]:
            order.append(name)
            return {Key("drain", name): next(speeds[name])}

        return Trial(name, {"pace": "steady"}, run)

    comparison = Comparison(Key("drain", "a"), Key("drain", "b"), Aim(at_least=2.5))
    report = Report()
    run_plan(Plan("drain", [trial("a"), trial("b")], [comparison]), rounds=3, report=report)

    assert order == ["a", "b", "b", "a", "a", "b"]
    (ratio,) = report.to_json()["ratios"]
    assert (ratio["rounds"], ratio["median"], ratio["min"], ratio["max"]) == ([1, 2, 3], 2, 1, 3)
    assert (ratio["aim"], ratio["is_met"]) == (">= 2.5", False)


def test_a_trial_that_fails_does_not_end_the_others() -> None:
    def fails() -> Mapping[Key, float]:
        raise WrongCount("1 jobs never ran (7)")

    trials = [Trial("bad", {}, fails), Trial("good", {}, lambda: {Key("drain", "good"): 5.0})]
    report = Report()
    run_plan(Plan("drain", trials), rounds=3, report=report)

    assert [row["rounds"] for row in report.to_json()["results"]] == [[5, 5, 5]]
    # after two failures the rest of the rounds goes on without it
    assert [(fault["round"], fault["message"]) for fault in report.to_json()["faults"]] == [
        (1, "1 jobs never ran (7)"),
        (2, "1 jobs never ran (7)"),
    ]


def test_percentiles_are_values_that_occurred() -> None:
    assert [percentile([4, 1, 3, 2], fraction) for fraction in (0.5, 0.99, 1.0)] == [2, 4, 4]
    assert percentile(list(range(1, 501)), 0.99) == 495


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_run_gives_the_documented_results(server_url: str, tmp_path: Path) -> None:
    report = measure(
        ["queue", "latency", "enqueue", "limits"],
        ["procrastinate"],
        tmp_path,
        Sizes(jobs=40, seconds=1),
        rounds=1,
        processes=[1],
        postgres=Postgres(url=server_url),
    )
    document = json.loads(json.dumps(report.to_json()))

    assert document["faults"] == []
    assert {(row["measure"], row["contender"]) for row in document["results"]} >= {
        (measure, contender)
        for measure in ("drain", "latency-p50", "latency-p99", "enqueue-single", "enqueue-bulk")
        for contender in ("aias", "procrastinate")
    } | {("drain", "raw-sql"), ("enqueue-single", "bare-insert"), ("enqueue-bulk", "aias-batch-defer")}
    for row in document["results"]:
        assert row["min"] <= row["median"] <= row["max"]
        # so few jobs may be over before anybody looks
        assert row["median"] > 0 or row["measure"] == "drain-cores"
        assert row["rounds"] == [row["median"]]
        assert row["processes"] == 1
        assert row["unit"] == UNITS[row["measure"]]
        assert row["settings"]
    ratios = {(row["measure"], row["of"]["contender"], row["to"]["contender"]) for row in document["ratios"]}
    assert {
        ("drain", "aias", "procrastinate"),
        ("drain", "aias", "raw-sql"),
        ("enqueue-single", "aias", "bare-insert"),
    } <= ratios
    assert document["machine"]["postgresql"]["fsync"] in {"on", "off"}
    assert document["machine"]["cores"] >= 1
    assert document["left_out"] == []

    saved = tmp_path / "run.json"
    saved.write_text(json.dumps(document))
    shown = CliRunner().invoke(main, ["--from", str(saved), "--markdown"])
    assert shown.exit_code == 0, shown.output
    assert f"Measured {document['machine']['date']}" in shown.output
    assert "\n| drain: aias / procrastinate |" in shown.output
    assert "\n| procrastinate | " in shown.output


@pytest.mark.slow
def test_percentiles_from_rollups_are_held_against_exact_ones(server_url: str, tmp_path: Path) -> None:
    sizes = Sizes(jobs=40, seconds=1)
    report = measure(["percentiles"], [], tmp_path, sizes, rounds=1, processes=[1], postgres=Postgres(url=server_url))
    document = report.to_json()
    assert document["faults"] == []
    (error,) = [row["median"] for row in document["results"] if row["measure"] == "percentiles-error"]
    assert 0 < error <= 0.01
    assert len(document["ratios"]) == 2


@pytest.mark.slow
def test_a_month_is_dropped_beside_deleting_its_rows(server_url: str, tmp_path: Path) -> None:
    sizes = Sizes(jobs=40, seconds=1)
    report = measure(["retention"], [], tmp_path, sizes, rounds=1, processes=[1], postgres=Postgres(url=server_url))
    document = report.to_json()
    assert document["faults"] == []
    waits = [row["median"] for row in document["results"] if row["measure"] == "retention-wait"]
    assert len(waits) == 2
    assert len(document["ratios"]) == 2


def test_calls_beyond_a_bound_are_counted_in_their_worst_time() -> None:
    assert beyond_bound([float(second) for second in range(10)], rate=1, burst=1) == 0
    # five at once are four more than a burst of one, of which the published second allows two at 2/s
    assert beyond_bound([100.0] * 5, rate=2, burst=1) == 2
    assert beyond_bound([0.0, 1.0, 50.0, 50.1, 50.2, 50.3, 51.0], rate=2, burst=1) == pytest.approx(0.4)
    assert beyond_bound([], rate=2, burst=1) == 0
