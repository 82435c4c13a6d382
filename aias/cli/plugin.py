"""``aias plugin``: what installed packages bring, and which tenant may use it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, note, table
from aias.cli.parameters import tenant_option

if TYPE_CHECKING:
    from aias.plugins import Plugin

__all__ = ["command"]


@click.group(cls=Group, name="plugin")
def command() -> None:
    """What installed packages bring: actions, integrations, analytics, tasks; and which tenant may use it."""


@command.command(name="list")
def list_() -> None:
    """List the plugins that are installed here, and every action; exit is 1 where a plugin had to be left out."""
    from aias.app import app
    from aias.plugins import all_actions, installed_plugins, load_plugins

    app.perform_import_paths()  # as a worker does: a plugin's task may clash with one of ours
    failures = load_plugins()
    plugins = installed_plugins()
    actions = sorted(all_actions().values(), key=lambda action: action.name)
    for failure in failures:
        note(f"{failure.name} ({failure.module}) is left out: {failure.reason}")
    emit(
        {
            "plugins": [
                {
                    "name": plugin.name,
                    "version": plugin.version,
                    "api_version": plugin.api_version,
                    "state": plugin.state,
                    "problem": plugin.problem,
                    "brings": plugin.brings,
                }
                for plugin in plugins
            ],
            "actions": [
                {
                    "name": action.name,
                    "plugin": action.plugin,
                    "summary": action.summary,
                    "effect": action.effect,
                    "timeout": action.timeout,
                    "retry": action.retry and action.retry.to_json(),
                    "on_gate": action.on_gate,
                    "gates": action.gates,
                    "integration": action.integration,
                    "input": action.input_model.model_json_schema(),
                    "output": action.output_model.model_json_schema() if action.output_model else None,
                }
                for action in actions
            ],
            "failures": failures,
        },
        [
            table(
                ("plugin", "version", "interface", "state", "brings"),
                [(p.name, p.version, p.api_version, p.state.replace("_", " "), _brings(p)) for p in plugins],
            ),
            "",
            table(
                ("action", "plugin", "effect", "timeout", "integration", "does"),
                [(a.name, a.plugin, a.effect, a.timeout, a.integration, a.summary) for a in actions],
            ),
        ],
    )
    if failures:
        raise click.exceptions.Exit(1)


def _brings(plugin: Plugin) -> str:
    if plugin.problem is not None:
        return plugin.problem
    return ", ".join(f"{len(names)} {word}" for word, names in plugin.brings.items())


@command.command()
@click.argument("name")
@click.option("--dir", "folder", type=click.Path(path_type=Path), help="Where to; default: a folder of its name.")
def new(name: str, folder: Path | None) -> None:
    """Write a new plugin, called NAME (such as acme-greetings), that passes its own tests."""
    from aias.plugins.new import new_plugin

    written = new_plugin(name, folder or Path(name))
    emit(
        {"name": name, "files": written},
        [*(str(path) for path in written), "", "python -m pytest there runs its tests"],
    )


@command.command()
@click.argument("plugin")
@tenant_option
@click.option("--reason", help="Why; it stays on record.")
def allow(plugin: str, tenant: str | None, reason: str | None) -> None:
    """Let a tenant use PLUGIN (its distribution's name); without --tenant all that have no rule of their own."""
    from aias.plugins import allow_plugin

    on_connection(lambda conn: allow_plugin(conn, plugin, tenant=tenant, reason=reason))
    emit({"plugin": plugin, "tenant": tenant, "is_allowed": True}, f"{plugin}: allowed to {tenant or 'all tenants'}")


@command.command()
@click.argument("plugin")
@tenant_option
@click.option("--reason", help="Why: whoever writes a workflow with it is told.")
def refuse(plugin: str, tenant: str | None, reason: str | None) -> None:
    """Refuse PLUGIN to a tenant: its actions neither validate nor run; without --tenant to all without a rule."""
    from aias.plugins import refuse_plugin

    on_connection(lambda conn: refuse_plugin(conn, plugin, tenant=tenant, reason=reason))
    emit({"plugin": plugin, "tenant": tenant, "is_allowed": False}, f"{plugin}: refused to {tenant or 'all tenants'}")


@command.command()
@click.argument("plugin")
@tenant_option
def reset(plugin: str, tenant: str | None) -> None:
    """Take back what was said of PLUGIN and a tenant; without --tenant of all tenants."""
    from aias.plugins import reset_plugin

    on_connection(lambda conn: reset_plugin(conn, plugin, tenant=tenant))
    emit({"plugin": plugin, "tenant": tenant, "is_allowed": None}, f"{plugin}: no rule for {tenant or 'all tenants'}")


@command.command()
@tenant_option
def rules(tenant: str | None) -> None:
    """List which tenant was given, or refused, which plugin; a plugin without a rule is everybody's."""
    from aias.plugins import list_plugin_rules

    found = on_connection(lambda conn: list_plugin_rules(conn, tenant=tenant))
    emit(
        {"rules": found},
        table(
            ("plugin", "tenant", "may use it", "why", "said by", "at"),
            [(r.plugin, r.tenant or "(all)", r.is_allowed, r.reason, r.set_by, r.set_at) for r in found],
        ),
    )
