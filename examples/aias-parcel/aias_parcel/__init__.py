"""Parcels for AIAS: a complete plugin."""

__all__ = ["__version__"]

__version__ = "1.2.0"
