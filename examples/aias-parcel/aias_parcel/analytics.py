"""The schema ``plugin_parcel``: what ``aias db migrate`` applies from the folder ``sql``."""

from __future__ import annotations

from pathlib import Path

from aias.plugins import register_analytics

register_analytics("plugin_parcel", Path(__file__).parent / "sql")
