"""What a plugin registers is there whole or not at all.

Registries of the process (actions, kinds of connection, tasks, ...) are dictionaries that are ``staged`` under a word.
A plugin is loaded in ``loading``: what it adds to any of them is known afterwards, and taken out again if it fails. A
plugin whose modules don't come back from being imported is abandoned, and its thread can register nothing later.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar
from weakref import WeakSet

from aias.errors import ConfigurationError

__all__ = ["Stage", "abandon", "loading", "loading_plugin", "register_once", "staged"]

Registered = TypeVar("Registered", bound=MutableMapping[str, Any])
Value = TypeVar("Value")

_staged: list[tuple[str, MutableMapping[str, Any]]] = []
_now: ContextVar[str | None] = ContextVar("loading_plugin", default=None)
_abandoned: WeakSet[threading.Thread] = WeakSet()


class Stage:
    """The registries as they were before a plugin, and so what it adds."""

    def __init__(self) -> None:
        self._before: list[tuple[str, MutableMapping[str, Any], dict[str, Any]]] = []
        for word, registered in _staged:
            self.watch(word, registered)

    def watch(self, word: str, registered: MutableMapping[str, Any]) -> None:
        """Remember a registry as it is now."""
        self._before.append((word, registered, dict(registered)))

    def added(self) -> dict[str, list[str]]:
        """What was added until now: names by the words of the registries, those that gained nothing left out."""
        found: dict[str, list[str]] = {}
        for word, registered, former in self._before:
            if added := set(registered) - set(former):
                found[word] = sorted({*found.get(word, ()), *added})
        return found

    def undo(self) -> None:
        """Put every registry back as it was."""
        for _, registered, former in self._before:
            registered.clear()
            registered.update(former)


_open: list[Stage] = []


def staged(word: str, registered: Registered) -> Registered:
    """Make a registry one of those that a failed plugin leaves no trace in; ``word`` is what it is called in lists."""
    _staged.append((word, registered))
    for stage in _open:
        stage.watch(word, registered)
    return registered


@contextmanager
def loading(plugin: str | None) -> Generator[Stage]:
    """Load a plugin in the block; when it fails, every registry is as it was before. None: AIAS's own part."""
    stage = Stage()
    token = _now.set(plugin)
    _open.append(stage)
    try:
        yield stage
    except BaseException:
        stage.undo()
        raise
    finally:
        _open.remove(stage)
        _now.reset(token)


def loading_plugin() -> str | None:
    """Name the plugin whose modules are being imported here; none outside of that.

    Raises:
        ConfigurationError: it took too long, and was given up.
    """
    if threading.current_thread() in _abandoned:
        raise ConfigurationError("this plugin took too long to load and was left out")
    return _now.get()


def abandon(thread: threading.Thread) -> None:
    """Take nothing any more of what a thread registers."""
    _abandoned.add(thread)


def register_once(registered: MutableMapping[str, Value], name: str, value: Value, *, what: str) -> None:
    """Put a value into a registry; a plugin takes no name that is taken.

    Raises:
        ConfigurationError: a plugin is being loaded, and another has the name.
    """
    if loading_plugin() is not None and name in registered:
        raise ConfigurationError(f"there is already {what} {name!r}")
    registered[name] = value
