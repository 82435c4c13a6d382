"""``aias onboarding``: from the sign-up to the first success."""

from __future__ import annotations

import click

from aias.cli import guidance, onboarding_mails
from aias.cli.output import Group

__all__ = ["command"]


@click.group(cls=Group, name="onboarding")
def command() -> None:
    """From the sign-up to the first success: accounts, samples, what to do next, mails."""


for _one in (*guidance.COMMANDS, *onboarding_mails.COMMANDS):
    command.add_command(_one)
