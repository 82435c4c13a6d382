"""The command line of ``bin/bench``."""

from __future__ import annotations

import fcntl
import json
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click

from aias.errors import AiasError
from bench.contenders import PEERS, Aias, Contender
from bench.contenders.base import ROOT, Tools
from bench.errors import BenchError, LeftOut
from bench.field import Field
from bench.install import install_redis
from bench.machine import describe_machine
from bench.measures import MEASURES
from bench.model import Sizes
from bench.processes import Processes
from bench.report import Report
from bench.running import run_plan, say
from bench.servers import Postgres, Redis
from bench.tables import markdown, show

__all__ = ["main"]

_FEWEST_ROUNDS = 3


class _Numbers(click.ParamType[list[int]]):
    name = "numbers"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[int]:
        if isinstance(value, list):
            return value
        try:
            numbers = [int(part) for part in value.split(",")]
        except ValueError:
            self.fail(f"{value!r} is not a list of numbers", param, ctx)
        if not numbers or min(numbers) < 1:
            self.fail("each is at least 1", param, ctx)
        return numbers


class _Peers(click.ParamType[list[str]]):
    name = "peers"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[str]:
        if isinstance(value, list):
            return value
        names = [name.strip() for name in value.split(",") if name.strip()]
        if unknown := [name for name in names if name not in PEERS]:
            self.fail(f"unknown: {', '.join(unknown)}; there are {', '.join(PEERS)}", param, ctx)
        return list(dict.fromkeys(names))


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.argument("what", nargs=-1, type=click.Choice([*MEASURES, "all"]))
@click.option("--peers", type=_Peers(), default=",".join(PEERS), show_default=True, help="Who is measured beside AIAS.")
@click.option("--jobs", type=click.IntRange(40), default=20_000, show_default=True,
              help="Jobs of a drain; everything else is scaled with it.")  # fmt: skip
@click.option("--rounds", type=click.IntRange(1), default=_FEWEST_ROUNDS, show_default=True,
              help="Fewer than three are for trying only.")  # fmt: skip
@click.option("--processes", type=_Numbers(), default="1,2", show_default=True, help="Worker processes of a drain.")
@click.option("--seconds", type=click.FloatRange(min=1), default=60.0, show_default=True,
              help="How long lanes are kept busy.")  # fmt: skip
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Write the results there.")
@click.option("--markdown", "is_markdown", is_flag=True, help="Print the README's tables instead.")
@click.option("--from", "from_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Print the tables of an earlier run's --json file; nothing is measured.")  # fmt: skip
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=ROOT / ".bench",
              help="Where peers, servers and logs are.  [default: .bench in the repository]")  # fmt: skip
def main(
    *,
    what: tuple[str, ...],
    peers: list[str],
    jobs: int,
    rounds: int,
    processes: list[int],
    seconds: float,
    json_file: Path | None,
    is_markdown: bool,
    from_file: Path | None,
    folder: Path,
) -> None:
    """Measure AIAS and its peers side by side: the same work through each in turn, in rounds.

    WHAT: one or several of the measures, or all. Exit code 1 when a trial failed (a job lost or doubled among them);
    aims that are missed are told, not failed.
    """
    if from_file is not None:
        document: dict[str, Any] = json.loads(from_file.read_text())
    elif not what:
        raise click.UsageError("say what to measure: " + ", ".join([*MEASURES, "all"]))
    else:
        names = list(MEASURES) if "all" in what else list(dict.fromkeys(what))
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            report = measure(
                names, peers, folder.absolute(), Sizes(jobs=jobs, seconds=seconds), rounds=rounds, processes=processes
            )
        except (BenchError, AiasError) as error:
            raise click.ClickException(str(error)) from None
        document = report.to_json()
        if json_file is not None:
            json_file.write_text(json.dumps(document, indent=2) + "\n")
    is_terminal = sys.stdout.isatty()
    click.echo(markdown(document) if is_markdown else show(document, is_terminal=is_terminal), nl=False)
    sys.exit(130 if document.get("is_interrupted") else 1 if document["faults"] else 0)


def measure(
    names: Sequence[str],
    peers: Sequence[str],
    folder: Path,
    sizes: Sizes,
    *,
    rounds: int,
    processes: Sequence[int],
    postgres: Postgres | None = None,
) -> Report:
    """Run the measures and give what came out; everything that was started for it is stopped.

    Interrupted (Ctrl-C, SIGTERM), it stops all the same and gives what was measured until then.
    """
    report = Report(machine=describe_machine())
    with ExitStack() as stack:
        stack.enter_context(_alone(folder))
        started = stack.enter_context(Processes(folder / "logs"))
        server = postgres or Postgres(folder)
        stack.callback(server.stop)
        server.start()
        report.machine["postgresql"] = server.describe()
        redis = _start_redis(stack, started, folder, report) if "bullmq" in peers else None
        tools = Tools(folder, started, server, redis)
        field = Field(tools, sizes, Aias(tools), _make_peers(tools, peers, report), processes)
        try:
            for name in names:
                try:
                    plan = MEASURES[name](field)
                except LeftOut as reason:
                    report.left_out.append((name, str(reason)))
                    continue
                run_plan(plan, rounds=rounds, report=report, say=say)
        except KeyboardInterrupt:
            say("interrupted: stopping everything")
            report.is_interrupted = True
        finally:
            stack.callback(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, signal.SIG_IGN))
    return report


def _make_peers(tools: Tools, names: Sequence[str], report: Report) -> list[Contender]:
    made: list[Contender] = []
    for name in names:
        if name in dict(report.left_out):
            continue
        try:
            made.append(PEERS[name](tools))
        except LeftOut as reason:
            say(f"{name} is left out: {reason}")
            report.left_out.append((name, str(reason)))
    return made


def _start_redis(stack: ExitStack, processes: Processes, folder: Path, report: Report) -> Redis | None:
    try:
        files = install_redis(folder)
        redis = Redis(processes, files.program, files.libraries, folder / "redis-data")
        stack.callback(redis.stop)
        redis.start()
    except (LeftOut, BenchError) as reason:
        say(f"bullmq is left out: {reason}")
        report.left_out.append(("bullmq", str(reason)))
        return None
    report.machine["redis"] = dict(redis.describe())
    return redis


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder: two benchmarks at once would measure each other.

    Raises:
        BenchError: another one is running there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BenchError(f"another benchmark is running in {folder}") from None
        yield


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
