"""The example of a plugin and the template of one: installed by pip, and proven in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.plugins.distributions import GREETING, distribute

pytestmark = pytest.mark.timeout(400)

EXAMPLE = Path(__file__).parents[2] / "examples" / "aias-parcel"
WORKFLOW = """
name: ship
input: {type: object, properties: {to: {type: string}}, required: [to]}
steps:
  - {id: send, action: parcel.ship, input: {to: "{{ input.to }}", grams: 700}}
  - {id: look, needs: [send], action: parcel.track, input: {parcel_id: "{{ steps.send.output.parcel_id }}"}}
output: "{{ steps.look.output }}"
"""


def installed(project: Path, target: Path) -> None:
    """Install a project into a folder, with what is at hand: no index is asked."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--no-index", "--no-deps", "--no-build-isolation", "--target", str(target), str(project)),
        ],
        check=True,
        timeout=200,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example installed, beside a plugin that breaks and one that hangs."""
    source = tmp_path_factory.mktemp("source") / "aias-parcel"
    for path in EXAMPLE.rglob("*"):  # a copy: building leaves nothing in the repository
        if path.is_file() and "__pycache__" not in path.parts:
            target = source / path.relative_to(EXAMPLE)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    site = tmp_path_factory.mktemp("site")
    installed(source, site)
    distribute(site, "acme-broken", f"{GREETING}\nraise RuntimeError('no such luck')\n")
    distribute(site, "acme-asleep", f"import time\ntime.sleep(60)\n{GREETING}")
    return site


def own_tests_of(project: Path, site: Path) -> str:
    """Run the tests of a plugin, and give what pytest says."""
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir=.", "tests"],
        check=False,
        cwd=project,
        # options of the surrounding run are not for this one
        env={**os.environ, "PYTHONPATH": str(site), "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_the_example_passes_its_own_tests(site: Path) -> None:
    assert "3 passed" in own_tests_of(EXAMPLE, site)


@pytest.mark.slow
def test_a_new_plugin_passes_its_own_tests_and_is_found_once_it_is_installed(tmp_path: Path) -> None:
    def aias(*arguments: str) -> tuple[int, str]:
        ran = subprocess.run(
            [sys.executable, "-m", "aias", *arguments],
            check=False,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
            capture_output=True,
            text=True,
            timeout=120,
        )
        return ran.returncode, ran.stdout

    code, out = aias("plugin", "new", "acme-greetings", "--json")
    assert code == 0
    assert len(json.loads(out)["files"]) == 5
    assert aias("plugin", "new", "acme-greetings")[0] == 4, "it is there already"
    assert aias("plugin", "new", "../escape")[0] == 2
    assert "2 passed" in own_tests_of(tmp_path / "acme-greetings", tmp_path / "acme-greetings")
    installed(tmp_path / "acme-greetings", tmp_path / "site")
    code, out = aias("plugin", "list", "--json")
    assert code == 0
    (found,) = [plugin for plugin in json.loads(out)["plugins"] if plugin["name"] == "acme-greetings"]
    assert found == {
        "name": "acme-greetings",
        "version": "0.1.0",
        "api_version": "1.0",
        "state": "loaded",
        "problem": None,
        "brings": {"actions": ["acme_greetings.greet"]},
    }


class Shell:
    """Commands and servers that have the plugins of a folder."""

    def __init__(self, site: Path, url: str, home: Path) -> None:
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(site),
            "DATABASE_URL": url,
            "AIAS_HOME": str(home),
            "AIAS_EGRESS_ALLOW": "127.0.0.1",
            "AIAS_PLUGIN_TIMEOUT": "0.5",
        }
        self.started: list[subprocess.Popen[str]] = []

    def aias(self, *arguments: str, given: str | None = None, code: int = 0) -> Any:
        """Run a command, and give its JSON."""
        ran = subprocess.run(
            [sys.executable, "-m", "aias", *arguments, "--json"],
            check=False,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert ran.returncode == code, ran.stdout + ran.stderr
        return json.loads(ran.stdout)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "aias", *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.started.append(process)
        return process

    def stop(self) -> None:
        for process in self.started:
            process.send_signal(signal.SIGTERM)
        for process in self.started:
            process.communicate(timeout=30)


@pytest.fixture
def shell(site: Path, database_url: str, tmp_path: Path) -> Iterator[Shell]:
    shell = Shell(site, database_url, tmp_path)
    try:
        yield shell
    finally:
        shell.stop()


def until(true: Callable[[], Any], *, within: float = 60.0) -> Any:
    deadline = time.monotonic() + within
    while not (found := true()):
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.1)
    return found


@pytest.mark.slow
def test_a_worker_with_the_example_ships_and_two_broken_plugins_do_it_no_harm(shell: Shell, database_url: str) -> None:
    conn = psycopg.connect(database_url, autocommit=True)

    def value(query: Any, *parameters: Any) -> Any:
        row = conn.execute(query, parameters).fetchone()
        return None if row is None else row[0]

    with conn:
        simulator = shell.start("simulator", "parcel", "--json")
        worker = shell.start("worker", "--concurrency", "4")
        (schema,) = shell.aias("db", "migrate")["plugins"]
        assert (schema["schema"], schema["problem"]) == ("plugin_parcel", None)
        assert schema["applied"] == ["0001_create_kept_days.sql", "shipments_daily.sql"]
        value("select aias.create_tenant('acme')")

        assert simulator.stdout is not None
        lines: list[str] = []
        while not lines or lines[-1].rstrip() != "}":
            lines.append(simulator.stdout.readline())
        carrier = json.loads("".join(lines))["parcel"]
        connect = ("integration", "connect", "parcel", "--tenant", "acme", "--url", carrier["url"], "--token", "-")
        refused = shell.aias(*connect, given="not the token", code=1)
        assert "nothing is stored" in refused["error"]["message"]
        assert shell.aias(*connect, given=carrier["token"])["problem"] is None

        shell.aias("workflow", "apply", "-", "--tenant", "acme", given=WORKFLOW)
        ran = shell.aias("run", "ship", "--tenant", "acme", "--input", '{"to": "Ada"}', "--wait")
        assert (ran["status"], ran["output"]["parcel_id"]) == ("succeeded", "P1")
        assert value("select sum(parcel_count) from plugin_parcel.shipments_daily") == 1

        # the task, and the hourly check of the connection, by the same worker
        value("select aias.enqueue_job('parcel.keep_days', '{\"today\": true}', 'acme')")
        until(lambda: value("select sum(parcel_count) from plugin_parcel.kept_days") == 1)
        checked = "select c.last_checked_at from aias.integration_health as c where c.kind = 'parcel'"
        before = value(checked)
        conn.execute("update aias_private.integration_checks set next_check_at = aias_private.now()")
        value("select count(*) from aias_private.defer_checks(10)")
        until(lambda: value(checked) > before)
        assert value("select status from aias.integration_health where kind = 'parcel'") == "connected"

        # what the worker says of the plugins
        states = until(lambda: dict(conn.execute("select name, state from aias.plugins").fetchall()))
        assert states == {"aias-parcel": "loaded", "acme-broken": "left_out", "acme-asleep": "left_out"}
        assert value("select brings -> 'tasks' from aias.plugins where name = 'aias-parcel'") == ["parcel.keep_days"]
        problems = {name for (name,) in conn.execute("select problem from aias_private.check_plugins()").fetchall()}
        assert any("no such luck" in problem for problem in problems)
        assert any("within 0.5 s" in problem for problem in problems)

        # refused: at the next apply, and within five seconds in the worker
        value("select aias.refuse_plugin('aias-parcel', 'acme', 'not in the contract')")
        applied = shell.aias("workflow", "apply", "-", "--tenant", "acme", given=WORKFLOW + "vars: {a: 1}\n", code=2)
        assert "not in the contract" in json.dumps(applied)

        def is_refused() -> bool:
            execution = value("select aias.run_workflow('acme', 'ship', '{\"to\": \"Bob\"}')")
            ended = "select error ->> 'type' from aias.executions where id = %s and status = 'failed'"
            until(lambda: value("select finished_at from aias.executions where id = %s", execution))
            return value(ended, execution) == "PluginRefused"

        until(is_refused)
        assert worker.poll() is None
