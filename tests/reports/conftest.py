"""Tenants that do things at a time that is set, and servers that take what is sent."""

from tests.alerts.conftest import desk
from tests.analytics.conftest import house
from tests.cli.conftest import cli, home, ok, run

__all__ = ["cli", "desk", "home", "house", "ok", "run"]
