"""What is installed is loaded whole or left out whole, and says why."""

import importlib.metadata
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from threading import Event

import pytest

from aias import staging
from aias.app import app
from aias.integrations import kinds
from aias.plugins import all_analytics, all_simulators, get_action, load_plugins, registry
from aias.plugins.entry_points import GROUPS
from tests.plugins.distributions import GREETING, distribute

Load = Callable[..., dict[str, str]]

KIND = """
from pydantic import BaseModel
from aias.integrations import Kind, register_integration

class Some(BaseModel): ...

async def check(connection): ...

register_integration(
    Kind(name="NAME", config=Some, secret=Some), base_url=lambda c: "", headers=lambda s: {}, check=check,
    simulator=lambda: None,
)
"""


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Load]:
    """Install distributions, load them, and give the reasons of those that were left out."""
    load_plugins()
    app.perform_import_paths()
    monkeypatch.syspath_prepend(tmp_path)
    packages: list[str] = []

    def run(**texts: str | dict[str, str]) -> dict[str, str]:
        for name, given in texts.items():
            more = given if isinstance(given, dict) else {"text": given}
            packages.append(distribute(tmp_path, name.replace("_", "-"), **more))  # type: ignore[arg-type]
        points: list[EntryPoint] = []
        for found in importlib.metadata.distributions(path=[str(tmp_path)]):
            points += [point for point in found.entry_points if point.group in {"aias.api", *GROUPS}]
        return {failure.name: failure.reason for failure in load_plugins(points)}

    before = staging.Stage()
    yield run
    before.undo()
    for package in packages:
        sys.modules.pop(package, None)


def test_a_plugin_is_known_by_its_distribution_and_owns_its_actions(load: Load) -> None:
    assert load(acme_good=GREETING) == {}
    action = get_action("dist_acme_good.run")
    assert action is not None
    assert action.plugin == "acme-good"


@pytest.mark.parametrize(
    ("api", "told"),
    [
        (None, "does not say which version"),
        ("2.0", "needs version 2.0 of the interface for plugins, and this is 1.0"),
        ("1.7", "needs version 1.7"),
        ("one", "needs version one"),
    ],
)
def test_one_for_another_interface_is_left_out_before_anything_of_it_is_imported(
    load: Load, api: str | None, told: str
) -> None:
    failures = load(acme_other={"text": GREETING, "api": api}, acme_good=GREETING)
    assert list(failures) == ["acme-other"]
    assert told in failures["acme-other"]
    assert "dist_acme_other" not in sys.modules
    assert get_action("dist_acme_good.run") is not None


def test_a_name_that_is_taken_leaves_the_second_plugin_out_and_the_first_as_it_was(load: Load) -> None:
    stolen = GREETING.replace("{package}.run", "dist_acme_a.run")
    ours = GREETING.replace("{package}.run", "slack.post")
    failures = load(acme_a=GREETING, acme_b=stolen, acme_c=ours)
    assert set(failures) == {"acme-b", "acme-c"}
    assert "is defined twice" in failures["acme-b"]
    first, own = get_action("dist_acme_a.run"), get_action("slack.post")
    assert first is not None
    assert own is not None
    assert (first.plugin, own.plugin) == ("acme-a", "aias")


def test_an_integration_whose_kind_is_taken_and_one_that_breaks_late_leave_nothing(load: Load) -> None:
    before = set(kinds())
    failures = load(
        acme_taken={"text": KIND.replace("NAME", "shopify"), "group": "aias.integrations"},
        acme_late={"text": KIND.replace("NAME", "late") + "\n1 / 0\n", "group": "aias.integrations"},
        acme_fine={"text": KIND.replace("NAME", "fine"), "group": "aias.integrations"},
    )
    assert set(failures) == {"acme-taken", "acme-late"}
    assert "there is already a kind of connection 'shopify'" in failures["acme-taken"]
    assert set(kinds()) == {*before, "fine"}
    assert "late" not in all_simulators()


TASK = """
import aias

@aias.task(name="NAME", args_schema={"type": "object"})
async def work() -> None: ...
"""


def test_a_task_is_registered_and_one_under_a_name_of_ours_is_not(load: Load) -> None:
    failures = load(
        acme_task={"text": TASK.replace("NAME", "acme.work"), "group": "aias.tasks"},
        acme_ours={"text": TASK.replace("NAME", "aias.work"), "group": "aias.tasks"},
        acme_twice={"text": TASK.replace("NAME", "aias.check_connection"), "group": "aias.tasks"},
    )
    assert set(failures) == {"acme-ours", "acme-twice"}
    assert "reserved" in failures["acme-ours"]
    assert "acme.work" in app.tasks
    assert "aias.work" not in app.tasks
    assert "aias.work" not in app.argument_schemas
    assert app.tasks["aias.check_connection"].func.__module__ == "aias.integrations.tasks"


def test_analytics_outside_of_a_plugins_schema_are_refused(load: Load, tmp_path: Path) -> None:
    text = (
        "from pathlib import Path\nfrom aias.plugins import register_analytics\nregister_analytics('aias', Path('.'))"
    )
    failures = load(acme_sql={"text": text, "group": "aias.analytics"})
    assert "a plugin's schema is plugin_" in failures["acme-sql"]
    assert all(one.schema != "aias" for one in all_analytics())


def test_one_that_hangs_is_given_up_and_registers_nothing_when_it_wakes(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    wake, woken = Event(), Event()
    monkeypatch.setattr(staging, "wake", wake, raising=False)
    monkeypatch.setattr(staging, "woken", woken, raising=False)
    monkeypatch.setenv("AIAS_PLUGIN_TIMEOUT", "0.2")
    asleep = "from aias import staging\nstaging.wake.wait(30)\ntry:\n"
    asleep += "".join(f"    {line}\n" for line in GREETING.splitlines())
    asleep += "finally:\n    staging.woken.set()\n"
    failures = load(acme_asleep=asleep, acme_good=GREETING)
    assert list(failures) == ["acme-asleep"]
    assert "within 0.2 s (AIAS_PLUGIN_TIMEOUT)" in failures["acme-asleep"]
    assert get_action("dist_acme_good.run") is not None
    wake.set()
    assert woken.wait(10)
    assert get_action("dist_acme_asleep.run") is None


def test_a_plugin_that_loads_plugins_does_not_wait_for_itself(load: Load) -> None:
    text = f"from aias.plugins import load_plugins\nassert load_plugins() == []\n{GREETING}"
    assert load(acme_eager=text) == {}
    assert "dist_acme_eager.run" in registry.all()
