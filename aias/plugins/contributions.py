"""What plugins bring beside actions and tasks: simulators, and schemas of analytics."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aias.errors import ConfigurationError
from aias.staging import loading_plugin, register_once, staged

__all__ = ["Analytics", "all_analytics", "all_simulators", "register_analytics", "register_simulator"]

_KIND = re.compile(r"[a-z][a-z0-9_]{0,30}")
_SCHEMA = re.compile(r"plugin_[a-z0-9_]{1,50}")
_OWN = frozenset({"shopify", "wave", "slack", "smtp", "all"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Analytics:
    """A plugin's schema, and the folder with its ``migrations/`` and ``views/``."""

    schema: str
    folder: Path
    plugin: str


_simulators: dict[str, Callable[[], Any]] = staged("simulators", {})
_analytics: dict[str, Analytics] = staged("analytics", {})


def register_simulator(name: str, make: Callable[[], Any]) -> None:
    """Bring a local server that speaks like the service: ``aias simulator NAME`` runs it.

    ``make`` is called when it is run, and gives an ``aias.simulators.Simulator``: import its module in there, so that
    workers don't.

    Raises:
        ConfigurationError: the name is malformed or taken.
    """
    if not _KIND.fullmatch(name) or name in _OWN:
        raise ConfigurationError(f"a simulator can't be called {name!r}")
    register_once(_simulators, name, make, what="a simulator")


def register_analytics(schema: str, folder: Path) -> None:
    """Bring SQL for analysts: ``aias db migrate`` applies what lies in the folder, in the schema ``plugin_...``.

    ``migrations/0001_....sql`` and on run once each, in a transaction of its own, with the schema as search path;
    ``views/<name>.sql`` makes the view of that name and is applied again when it changes, and after each migration of
    AIAS, so a view stands on views of ``aias`` and on tables of its own schema. Analysts and administrators may read
    all of it, and see what they may see of ``aias``.

    Raises:
        ConfigurationError: the schema's name is not ``plugin_`` and small letters, digits or underscores, it is taken,
            or there is no such folder.
    """
    if not _SCHEMA.fullmatch(schema):
        raise ConfigurationError(f"a plugin's schema is plugin_ and small letters, digits or _, not {schema!r}")
    if not folder.is_dir():
        raise ConfigurationError(f"there is no folder {folder}")
    plugin = loading_plugin() or schema.removeprefix("plugin_").replace("_", "-")
    register_once(_analytics, schema, Analytics(schema=schema, folder=folder, plugin=plugin), what="a schema")


def all_simulators() -> dict[str, Callable[[], Any]]:
    """The simulators that plugins brought, by name."""
    return dict(sorted(_simulators.items()))


def all_analytics() -> list[Analytics]:
    """The schemas that plugins brought, by name."""
    return [_analytics[name] for name in sorted(_analytics)]
