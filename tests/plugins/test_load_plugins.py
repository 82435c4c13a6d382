import sys
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from aias.plugins import get_action, load_plugins, registry

Writer = Callable[[str, str], EntryPoint]

GOOD = """
from pydantic import BaseModel
from aias.plugins import ActionContext, action

class Nothing(BaseModel): ...

@action("plugin_{name}.run", effect="none")
async def run(context: ActionContext, data: Nothing) -> Nothing:
    "Do nothing."
    return data
"""


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Writer]:
    monkeypatch.syspath_prepend(tmp_path)
    names: list[str] = []

    def write(name: str, text: str) -> EntryPoint:
        names.append(f"aias_test_plugin_{name}")
        (tmp_path / f"{names[-1]}.py").write_text(text)
        return EntryPoint(name=name, value=names[-1], group="aias.actions")

    with registry.scoped():
        yield write
    for name in names:
        sys.modules.pop(name, None)


def test_an_installed_package_brings_its_actions(written: Writer) -> None:
    assert load_plugins([written("good", GOOD.format(name="good"))]) == []
    assert get_action("plugin_good.run") is not None


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ("import module_that_is_nowhere", "ModuleNotFoundError"),
        ("1 / 0", "ZeroDivisionError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("def broken(:", "SyntaxError"),
    ],
)
def test_a_broken_plugin_is_reported_left_out_whole_and_harms_no_other(
    written: Writer, trouble: str, reason: str
) -> None:
    broken = written("broken", f"{GOOD.format(name='broken')}\n{trouble}\n")
    good = written("sound", GOOD.format(name="sound"))
    [failure] = load_plugins([broken, good])
    assert (failure.name, failure.module) == ("broken", "aias_test_plugin_broken")
    assert failure.reason.startswith(reason)
    assert get_action("plugin_broken.run") is None
    assert get_action("plugin_sound.run") is not None


def test_a_missing_module_is_reported() -> None:
    [failure] = load_plugins([EntryPoint(name="gone", value="aias_no_such_module", group="aias.actions")])
    assert "aias_no_such_module" in failure.reason
