"""``aias cache``: how the cache is used, and making it forget."""

from __future__ import annotations

from typing import Any

import click
from psycopg import AsyncConnection

from aias.cli.calls import on_connection
from aias.cli.output import Group, emit, table

__all__ = ["command"]


@click.group(cls=Group, name="cache")
def command() -> None:
    """The cache: values that can be computed again."""


@command.command()
def stats() -> None:
    """Show how each namespace is used and what it holds."""
    from aias.cache import cache_stats

    found = on_connection(cache_stats)
    emit(
        {"cache": found},
        table(
            ("namespace", "hits in memory", "hits", "misses", "waits", "failures", "hit rate", "values", "bytes"),
            [
                (
                    s.namespace,
                    s.memory_hit_count,
                    s.hit_count,
                    s.miss_count,
                    s.wait_count,
                    s.failure_count,
                    "" if s.hit_rate is None else f"{s.hit_rate:.1%}",
                    s.entry_count,
                    s.byte_count,
                )
                for s in found
            ],
        ),
    )


@command.command()
@click.argument("namespace", required=False)
@click.argument("key", required=False)
@click.option("--tag", help="Instead: what carries this tag.")
@click.option("--all", "everything", is_flag=True, help="Instead: everything.")
def invalidate(namespace: str | None, key: str | None, tag: str | None, everything: bool) -> None:
    """Give nothing out any more of NAMESPACE, or of KEY in it; it is computed again when it is next asked for."""
    from aias.cache import cache_invalidate

    if sum((namespace is not None, tag is not None, everything)) != 1:
        raise click.UsageError("say what: NAMESPACE, --tag or --all")

    async def work(conn: AsyncConnection[Any]) -> None:
        await cache_invalidate(conn, namespace=namespace, key=key, tag=tag)

    on_connection(work)
    told = " ".join(part for part in (namespace, key, tag and f"tag {tag}", everything and "everything") if part)
    emit(
        {"namespace": namespace, "key": key, "tag": tag, "all": everything, "invalidated": True}, f"{told}: invalidated"
    )
