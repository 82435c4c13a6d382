"""``aias onboarding``: from the sign-up to the first success."""

from __future__ import annotations

import click

from aias.cli.guidance import COMMANDS
from aias.cli.output import Group

__all__ = ["command"]


@click.group(cls=Group, name="onboarding")
def command() -> None:
    """From the sign-up to the first success: accounts, samples, what to do next."""


for _one in COMMANDS:
    command.add_command(_one)
