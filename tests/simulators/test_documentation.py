"""docs/how-to/simulators.md: every command in it is run, and it leaves no fault out."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import httpx
import pytest

from aias.simulators import Do, Fault, Match, Simulators
from aias.simulators.shopify_settings import ShopifySettings
from aias.simulators.wave_settings import WaveSettings
from aias.simulators.webhook_orders import Policy, Sending, Sendings

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "simulators.md").read_text(encoding="utf-8")
COMMANDS = [line.strip().split("  #")[0] for line in PAGE.splitlines() if line.strip().startswith("curl ")]


def bodies() -> list[tuple[str, Any]]:
    """The path and the JSON of each command that sends one."""
    found: list[tuple[str, Any]] = []
    for command in COMMANDS:
        words = shlex.split(command)
        if "-d" in words:
            url = next(word for word in words if word.startswith("$"))
            found.append((url.partition("/")[2], json.loads(words[words.index("-d") + 1])))
    return found


async def test_every_documented_command_works(sims: Simulators, client: httpx.AsyncClient) -> None:
    for simulator in sims.all().values():
        assert (await client.get(simulator.control_url)).status_code == 200
    assert len(COMMANDS) > 60
    for command in COMMANDS:
        words = shlex.split(command)
        method = words[words.index("-X") + 1] if "-X" in words else "GET"
        kind, _, path = next(word for word in words if word.startswith("$"))[1:].partition("/")
        content = words[words.index("-d") + 1] if "-d" in words else None
        url = f"{getattr(sims, kind.lower()).control_url}/{path}"
        answer = await client.request(method, url, content=content)
        assert answer.is_success, f"{command}: {answer.text}"


@pytest.mark.parametrize(
    ("model", "place"),
    [
        (Do, "do"),
        (Match, "match"),
        (Fault, ""),
        (Policy, ""),
        (Sending, ""),
        (Sendings, ""),
        (ShopifySettings, ""),
        (WaveSettings, ""),
    ],
)
def test_every_field_has_an_example(model: type[Any], place: str) -> None:
    shown: set[str] = set()
    for _, body in bodies():
        for one in body.get("events", [body]):
            shown |= set(one.get(place, {})) if place else set(one)
        shown |= set(body)
    assert set(model.model_fields) - shown == set()


@pytest.mark.parametrize("name", ["signature", "order"])
def test_every_choice_has_an_example(name: str) -> None:
    model = Sending if name == "signature" else Sendings
    choices = set(re.findall(r"'([a-z_]+)'", str(model.model_fields[name].annotation)))
    shown = {one.get(name) for _, body in bodies() for one in [body, *body.get("events", [])]}
    assert choices - shown - {"right", "given"} == set()
