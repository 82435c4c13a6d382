"""A process's own small part of the cache: texts for some seconds, dropped when they are said to have changed."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

__all__ = ["Memory", "Place"]

_MOST_BYTES = 20_000_000
_MOST_OF_ONE = 500_000
_LONGEST = 10.0
"""Seconds that a value is kept here: as long as an invalidation could go unheard where nobody notices."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value belongs."""

    tenant_id: UUID | None
    namespace: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    text: str
    tags: frozenset[str]
    until: float


class Memory:
    """Kept texts, the least recently used dropped first. Off until somebody hears of changes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Place, _Kept] = OrderedDict()
        self._size = 0
        self._is_on = False
        self.epoch = 0
        """Grows with each change that is heard of: what was asked for before one must not be kept after it."""

    def turn(self, *, on: bool) -> None:
        """Keep values from now on, or drop all and keep none."""
        self.clear()
        self._is_on = on

    def clear(self) -> None:
        """Drop everything."""
        self._kept.clear()
        self._size = 0
        self.epoch += 1

    def get(self, place: Place) -> str | None:
        """Give a text that is still good."""
        found = self._kept.get(place)
        if found is None:
            return None
        if found.until <= time.monotonic():
            self._drop(place)
            return None
        self._kept.move_to_end(place)
        return found.text

    def put(self, place: Place, text: str, *, tags: Sequence[str], ttl: float, epoch: int) -> None:
        """Keep a text that was asked for at an epoch, unless something has changed since."""
        if not self._is_on or epoch != self.epoch or len(text) > _MOST_OF_ONE:
            return
        self._drop(place)
        implied = ("*", f"ns:{place.namespace}", f"key:{place.namespace}:{place.key}")
        self._kept[place] = _Kept(
            text=text, tags=frozenset((*tags, *implied)), until=time.monotonic() + min(ttl, _LONGEST)
        )
        self._size += len(text)
        while self._size > _MOST_BYTES:
            self._drop(next(iter(self._kept)))

    def changed(self, tenant_id: UUID | None, tag: str) -> None:
        """Drop what a change concerns: the tenant's own and nobody's, or with None everybody's."""
        self.epoch += 1
        gone = [
            place
            for place, kept in self._kept.items()
            if tag in kept.tags and (tenant_id is None or place.tenant_id in {tenant_id, None})
        ]
        for place in gone:
            self._drop(place)

    def _drop(self, place: Place) -> None:
        dropped = self._kept.pop(place, None)
        if dropped is not None:
            self._size -= len(dropped.text)
