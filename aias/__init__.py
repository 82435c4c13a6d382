"""AIAS: workflow automation that lives in PostgreSQL.

``Aias`` is the client; it is imported on first use, so that ``import aias`` stays cheap.
"""

import importlib
from typing import Any

__all__ = ["__version__"]

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import the client when somebody asks for it."""
    if name == "Aias":
        return importlib.import_module("aias.client").Aias
    raise AttributeError(f"module 'aias' has no attribute {name!r}")
