"""Signs of life for long work: on a terminal only, on stderr, gone when done."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Protocol

__all__ = ["Bar", "bar", "spinner"]


class Bar(Protocol):
    """What the one who works tells about it."""

    def __call__(self, done: int, doing: str) -> None:
        """So many are done, and this is being done."""
        ...


@contextmanager
def spinner(doing: str) -> Generator[None]:
    """Show that something is going on."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(doing):
        yield


@contextmanager
def bar(total: int) -> Generator[Bar]:
    """Show how much of ``total`` is done."""
    if not sys.stderr.isatty():
        yield lambda done, doing: None  # noqa: ARG005 (nobody looks)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<40}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda done, doing: progress.update(task, completed=done, description=doing)
