"""Actions of installed packages: the entry-point group ``aias.actions``, one module each."""

import functools
import importlib.metadata
from collections.abc import Iterable
from dataclasses import dataclass

import structlog

from aias.plugins.registry import registry

GROUP = "aias.actions"

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginFailure:
    """A plugin that could not be loaded; none of its actions is registered."""

    name: str
    module: str
    reason: str


def load_plugins(
    entry_points: Iterable[importlib.metadata.EntryPoint] | None = None,
) -> list[PluginFailure]:
    """Import every module of the group; what can't be imported is logged, reported and left out.

    One broken package must not take the worker down, and a half-registered one would promise actions that it can't
    keep: its failure undoes what it registered. The installed packages are looked through once per process.
    """
    return list(_load_installed()) if entry_points is None else _load_all(entry_points)


@functools.cache
def _load_installed() -> tuple[PluginFailure, ...]:
    return tuple(_load_all(importlib.metadata.entry_points(group=GROUP)))


def _load_all(found: Iterable[importlib.metadata.EntryPoint]) -> list[PluginFailure]:
    ordered = sorted(found, key=lambda point: (point.name, point.value))
    return [failure for failure in (_load(point) for point in ordered) if failure is not None]


def _load(entry_point: importlib.metadata.EntryPoint) -> PluginFailure | None:
    try:
        with registry.kept():
            entry_point.load()
    except (Exception, SystemExit) as error:  # noqa: BLE001 (foreign code: whatever it raises, the others must load)
        reason = f"{type(error).__name__}: {error}"
        _log.exception("plugin left out", plugin=entry_point.name, module=entry_point.value)
        return PluginFailure(name=entry_point.name, module=entry_point.value, reason=reason)
    return None
