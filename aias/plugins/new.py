"""A new plugin, from the template that comes with AIAS."""

from __future__ import annotations

import keyword
import re
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template
from typing import Final

from aias.errors import Conflict, InvalidArgument
from aias.plugins.entry_points import API_VERSION

__all__ = ["new_plugin"]

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST: Final = 50
_SUFFIX: Final = ".tmpl"


def new_plugin(name: str, folder: Path) -> list[Path]:
    """Write a plugin that passes its own tests into ``folder``, and give the files.

    Raises:
        InvalidArgument: no distribution can have that name, or it is AIAS's own.
        Conflict: something is in the folder.
    """
    package = name.replace("-", "_")
    if not _NAME.fullmatch(name) or len(name) > _LONGEST or name == "aias" or keyword.iskeyword(package):
        raise InvalidArgument(
            f"a plugin is called like acme-greetings, in small letters, digits and dashes, not {name!r}",
            argument="name",
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Conflict(f"{folder} is there already", argument="dir")
    values = {"name": name, "package": package, "api_version": API_VERSION}
    return _write(resources.files("aias.plugins") / "template", folder, values)


def _write(source: Traversable, target: Path, values: dict[str, str]) -> list[Path]:
    target.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for part in sorted(source.iterdir(), key=lambda part: part.name):
        if part.is_dir():
            folder = values["package"] if part.name == "package" else part.name
            written += _write(part, target / folder, values)
        elif part.name.endswith(_SUFFIX):
            path = target / part.name.removesuffix(_SUFFIX)
            path.write_text(Template(part.read_text(encoding="utf-8")).substitute(values), encoding="utf-8")
            written.append(path)
    return written
