"""AIAS: workflow automation that lives in PostgreSQL.

``Aias`` is the client, ``task`` declares what jobs run; both are imported on first use, so that ``import aias`` stays
cheap.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aias.client import Aias, Execution
    from aias.jobs import task

__all__ = ["Aias", "Execution", "__version__", "task"]

__version__ = "0.1.0"

_HOMES = {"Aias": "aias.client", "Execution": "aias.client", "task": "aias.jobs"}


def __getattr__(name: str) -> Any:
    """Import what somebody asks for."""
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'aias' has no attribute {name!r}")
