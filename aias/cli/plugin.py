"""``aias plugin``: the actions that steps can call."""

from __future__ import annotations

import click

from aias.cli.output import Group, emit, note, table

__all__ = ["command"]


@click.group(cls=Group, name="plugin")
def command() -> None:
    """The actions that steps can call, built in or from installed packages."""


@command.command(name="list")
def list_() -> None:
    """List every action; a package that can't be loaded is named, and exit is 1."""
    from aias.plugins import all_actions, load_plugins

    failures = load_plugins()
    actions = sorted(all_actions().values(), key=lambda action: action.name)
    for failure in failures:
        note(f"{failure.name} ({failure.module}) is left out: {failure.reason}")
    emit(
        {
            "actions": [
                {
                    "name": action.name,
                    "summary": action.summary,
                    "effect": action.effect,
                    "timeout": action.timeout,
                    "integration": action.integration,
                    "input": action.input_model.model_json_schema(),
                    "output": action.output_model.model_json_schema() if action.output_model else None,
                }
                for action in actions
            ],
            "failures": failures,
        },
        table(
            ("action", "effect", "timeout", "integration", "does"),
            [(a.name, a.effect, a.timeout, a.integration, a.summary) for a in actions],
        ),
    )
    if failures:
        raise click.exceptions.Exit(1)
