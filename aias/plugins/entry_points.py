"""Installed packages as plugins: found by their entry points, loaded one by one, left out whole where they fail.

=====================  =========================================================================================
``aias.api``           the version of this interface that the package needs is the entry point's name
``aias.actions``       modules with ``@action`` functions
``aias.integrations``  modules that register kinds of connection, their checks and their simulators
``aias.analytics``     modules that register a schema of SQL views
``aias.tasks``         modules with ``@aias.task`` functions
=====================  =========================================================================================

A plugin is a distribution, and its name is the distribution's.
"""

from __future__ import annotations

import contextvars
import functools
import importlib.metadata
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import structlog

from aias.errors import ConfigurationError
from aias.settings import get_settings
from aias.staging import abandon, loading, loading_plugin

__all__ = ["API_VERSION", "GROUPS", "Plugin", "PluginFailure", "installed_plugins", "load_plugins"]

API_VERSION: Final = "1.0"
"""Of what plugins may rely on. A plugin that needs 1.2 loads in 1.2, 1.3, ... and not in 1.1 or 2.0."""

GROUPS: Final = ("aias.integrations", "aias.actions", "aias.analytics", "aias.tasks")
"""In the order in which a plugin's modules are imported: an action may name its plugin's kind of connection."""

_SHOWN: Final = frozenset({"actions", "integrations", "simulators", "analytics", "tasks", "schedules"})
"""Of the registries; the others go with these."""

_API: Final = "aias.api"
_OWN: Final = "aias"
_VERSION: Final = re.compile(r"(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")

_log = structlog.stdlib.get_logger(__name__)
_lock = threading.RLock()


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginFailure:
    """A plugin that could not be loaded; nothing of it is registered."""

    name: str
    module: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """An installed plugin, and what came of loading it."""

    name: str
    """The name of its distribution, in small letters and dashes."""
    version: str | None
    api_version: str | None
    """The version of this interface that it asks for."""
    state: Literal["loaded", "left_out"]
    problem: str | None = None
    brings: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])
    """What it registered: names by ``actions``, ``integrations``, ``simulators``, ``analytics``, ``tasks``."""


@dataclass(slots=True, kw_only=True)
class _Found:
    """A distribution's entry points, before anything of it is imported."""

    name: str
    version: str | None = None
    is_distribution: bool = False
    needs: list[str] = field(default_factory=list[str])
    modules: list[importlib.metadata.EntryPoint] = field(default_factory=list[importlib.metadata.EntryPoint])


def load_plugins(
    entry_points: Iterable[importlib.metadata.EntryPoint] | None = None,
) -> list[PluginFailure]:
    """Import the modules of every plugin; one that fails is logged, reported and left out.

    One broken package must not take the worker down, and a half-registered one would promise what it can't keep: its
    failure undoes what it registered. The installed packages are looked through once per process. Called by a plugin
    that is being loaded it does nothing.
    """
    if loading_plugin() is not None:
        return []
    if entry_points is None:
        return [failure for _, failure in _load_installed() if failure is not None]
    return [failure for _, failure in _load_all(entry_points) if failure is not None]


def installed_plugins() -> list[Plugin]:
    """Every plugin that is installed, AIAS's own part first, and what came of loading it."""
    return [plugin for plugin, _ in _load_installed()]


def _load_installed() -> tuple[tuple[Plugin, PluginFailure | None], ...]:
    with _lock:
        return _load_once()


@functools.cache
def _load_once() -> tuple[tuple[Plugin, PluginFailure | None], ...]:
    return tuple(
        _load_all(point for group in (_API, *GROUPS) for point in importlib.metadata.entry_points(group=group))
    )


def _load_all(
    found: Iterable[importlib.metadata.EntryPoint],
) -> Iterator[tuple[Plugin, PluginFailure | None]]:
    plugins: dict[str, _Found] = {}
    for point in found:
        name = re.sub(r"[-_.]+", "-", point.dist.name if point.dist else point.name).lower()
        one = plugins.setdefault(name, _Found(name=name))
        if point.dist is not None:
            one.version, one.is_distribution = point.dist.version, True
        if point.group == _API:
            one.needs.append(point.name)
        else:
            one.modules.append(point)
    for one in sorted(plugins.values(), key=lambda one: (one.name != _OWN, one.name)):
        yield _load(one)


def _load(found: _Found) -> tuple[Plugin, PluginFailure | None]:
    """Load one plugin, whole or not at all."""
    module, problem, brings = found.name, _mismatch(found), dict[str, list[str]]()
    if problem is None:
        module, problem, brings = _imported(found)
    else:
        _log.error("plugin left out", plugin=found.name, reason=problem)
    plugin = Plugin(
        name=found.name,
        version=found.version,
        api_version=_wanted(found.needs),
        state="loaded" if problem is None else "left_out",
        problem=problem,
        brings=brings,
    )
    failure = None if problem is None else PluginFailure(name=found.name, module=module, reason=problem)
    return plugin, failure


def _rank(point: importlib.metadata.EntryPoint) -> int:
    return GROUPS.index(point.group) if point.group in GROUPS else len(GROUPS)


def _mismatch(found: _Found) -> str | None:
    """Say why a plugin does not fit this version, by what its package says of itself; nothing is imported for that."""
    if found.name == _OWN or not found.is_distribution:
        return None
    if not _NAME.fullmatch(found.name):
        return f"a plugin can't be called {found.name!r}"
    if not found.needs:
        return (
            f'it does not say which version of the interface it needs: [project.entry-points."{_API}"]'
            f' "{API_VERSION}" = "its_package"'
        )
    if any(_fits(version) for version in found.needs):
        return None
    return (
        f"it needs version {' or '.join(sorted(found.needs))} of the interface for plugins, and this is {API_VERSION}:"
        f" install a release of {found.name} for it, or another one of AIAS"
    )


def _fits(version: str) -> bool:
    ours, asked = _VERSION.fullmatch(API_VERSION), _VERSION.fullmatch(version)
    return ours is not None and asked is not None and ours[1] == asked[1] and int(asked[2]) <= int(ours[2])


def _wanted(needs: list[str]) -> str | None:
    """The version that it loads by, or else those that it would need."""
    fitting = [version for version in needs if _fits(version)]
    return max(fitting) if fitting else " or ".join(sorted(needs)) or None


def _imported(found: _Found) -> tuple[str, str | None, dict[str, list[str]]]:
    """Import a plugin's modules: the one that was imported last, what went wrong, and what is registered."""
    points = sorted(found.modules, key=lambda point: (_rank(point), point.name, point.value))
    is_own = found.name == _OWN
    at = _At(module=found.name)
    try:
        with loading(None if is_own else found.name) as stage:
            if is_own:
                at.load(points)
            else:
                _load_in_time(at, points)
                _refuse_reserved(stage.added())
            return at.module, None, {word: names for word, names in stage.added().items() if word in _SHOWN}
    except (Exception, SystemExit) as error:  # noqa: BLE001 (foreign code: whatever it raises, the others must load)
        reason = f"{type(error).__name__}: {error}"
        _log.exception("plugin left out", plugin=found.name, module=at.module, reason=reason)
        return at.module, reason, {}


@dataclass(slots=True)
class _At:
    """How far the import of a plugin's modules has come."""

    module: str
    error: BaseException | None = None

    def load(self, points: list[importlib.metadata.EntryPoint]) -> None:
        for point in points:
            self.module = point.value
            point.load()

    def try_load(self, points: list[importlib.metadata.EntryPoint]) -> None:
        try:
            self.load(points)
        except BaseException as error:  # noqa: BLE001 (handed over to who waits for this thread)
            self.error = error


def _load_in_time(at: _At, points: list[importlib.metadata.EntryPoint]) -> None:
    """Import foreign modules in a thread, which is left behind if it does not come back.

    Raises:
        ConfigurationError: it did not come back in time.
        BaseException: whatever the modules raised.
    """
    limit = get_settings().plugin_timeout
    context = contextvars.copy_context()
    thread = threading.Thread(target=context.run, args=(at.try_load, points), name="plugin", daemon=True)
    thread.start()
    thread.join(limit)
    if thread.is_alive():
        abandon(thread)
        raise ConfigurationError(f"it was not imported within {limit:g} s (AIAS_PLUGIN_TIMEOUT)")
    if at.error is not None:
        raise at.error


def _refuse_reserved(brings: Mapping[str, list[str]]) -> None:
    """Refuse names that AIAS may need itself: those of its tasks and schedules.

    Raises:
        ConfigurationError: one of them is taken.
    """
    for word in ("tasks", "schedules"):
        for name in brings.get(word, ()):
            if name.startswith(("aias.", "builtin:")):
                raise ConfigurationError(f"the name {name!r} is reserved for AIAS's own {word}")
