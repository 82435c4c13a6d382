"""Who takes part in a run, and how large it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.contenders import Aias, Contender
from bench.contenders.base import Tools
from bench.model import Sizes

__all__ = ["Field"]


@dataclass(slots=True)
class Field:
    """AIAS and the peers that could be installed."""

    tools: Tools
    sizes: Sizes
    aias: Aias
    peers: Sequence[Contender]
    processes: Sequence[int] = (1, 2)

    @property
    def everyone(self) -> list[Contender]:
        """AIAS first."""
        return [self.aias, *self.peers]

    def peer(self, name: str) -> Contender | None:
        """Give a peer by its name, if it takes part."""
        return next((peer for peer in self.peers if peer.name == name), None)
