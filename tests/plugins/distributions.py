"""Distributions written by hand into a folder, as pip would leave them."""

from __future__ import annotations

from pathlib import Path

GREETING = """
from pydantic import BaseModel
from aias.plugins import ActionContext, action

class Nothing(BaseModel): ...

@action("{package}.run", effect="none")
async def run(context: ActionContext, data: Nothing) -> Nothing:
    "Do nothing."
    return data
"""


def distribute(folder: Path, name: str, text: str, *, group: str = "aias.actions", api: str | None = "1.0") -> str:
    """Write a distribution with one module, and give the module's name."""
    package = f"dist_{name.replace('-', '_')}"
    (folder / f"{package}.py").write_text(text.replace("{package}", package))
    info = folder / f"{name.replace('-', '_')}-1.5.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.5\n")
    declared = "" if api is None else f"[aias.api]\n{api} = {package}\n"
    (info / "entry_points.txt").write_text(f"{declared}[{group}]\nmain = {package}\n")
    return package
