"""Databases for tests: copies of a template, made ahead of need and dropped afterwards, both while tests run."""

from __future__ import annotations

import itertools
import threading
from collections import deque

import psycopg
from psycopg import sql

AHEAD = 2
"""Copies that are ready when nobody asks."""
_MOST_USED = 8
"""Copies that may wait to be dropped before one of them goes first."""

_numbers = itertools.count(1)


def create(admin: psycopg.Connection, template: str, *, strategy: str = "wal_log") -> str:
    """Make a database of the template and give its name."""
    name = f"t{next(_numbers)}"
    statement = sql.SQL("create database {} template {} strategy {}")
    admin.execute(statement.format(sql.Identifier(name), sql.Identifier(template), sql.Identifier(strategy)))
    return name


def drop(admin: psycopg.Connection, name: str) -> None:
    """Drop a database together with whoever is still connected."""
    admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def shrink(url: str) -> None:
    """Make a template small: the smaller it is, the sooner it is copied.

    Its catalog only: to the planner a table of ours stays one that was never vacuumed.
    """
    with psycopg.connect(url, autocommit=True) as conn:
        catalog = conn.execute(
            """
            select c.oid::regclass::text from pg_catalog.pg_class as c
            where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r' and not c.relisshared
            """
        )
        for (name,) in catalog.fetchall():
            conn.execute(sql.SQL("vacuum full {}").format(sql.Identifier(name)))
        conn.execute("checkpoint")


class Copies:
    """Copies of one template, made by a thread with a connection of its own."""

    def __init__(self, admin_url: str, template: str) -> None:
        self._admin_url = admin_url
        self._template = template
        self._changed = threading.Condition()
        self._ready: deque[str] = deque()
        self._used: deque[str] = deque()
        self._error: BaseException | None = None
        self._is_idle = True
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name="databases", daemon=True)

    def take(self) -> str:
        """Give a copy that nobody has used.

        Raises:
            RuntimeError: copies can't be made or dropped any more.
        """
        if self._thread.ident is None:
            self._thread.start()
        with self._changed:
            self._changed.wait_for(lambda: self._ready or self._error, timeout=120)
            if self._error is not None or not self._ready:
                raise RuntimeError("no copy of the migrated database") from self._error
            name = self._ready.popleft()
            self._changed.notify_all()
        return name

    def give_back(self, name: str) -> None:
        """Have a copy dropped, soon."""
        with self._changed:
            self._used.append(name)
            self._changed.notify_all()

    def settle(self) -> None:
        """Wait until nothing is left to be made or dropped: nothing will be, until the next copy is taken."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._error or (self._is_idle and len(self._ready) >= AHEAD and not self._used), timeout=120
            )

    def close(self) -> None:
        """End the thread; what is there goes with the server."""
        with self._changed:
            self._is_closing = True
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join(60)

    def _run(self) -> None:
        try:
            with psycopg.connect(self._admin_url, autocommit=True) as admin:
                while self._one_more(admin):
                    pass
        except BaseException as error:  # noqa: BLE001 - whoever asks for a copy is told
            with self._changed:
                self._error = error
                self._changed.notify_all()

    def _one_more(self, admin: psycopg.Connection) -> bool:
        """Make a copy or drop one; False when it is time to end."""
        with self._changed:
            self._is_idle = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._is_closing or self._used or len(self._ready) < AHEAD)
            if self._is_closing:
                return False
            is_to_drop = len(self._ready) >= AHEAD or len(self._used) > _MOST_USED
            name = self._used.popleft() if is_to_drop else None
            self._is_idle = False
        if name is not None:
            drop(admin, name)
            return True
        made = create(admin, self._template, strategy="file_copy")
        with self._changed:
            self._ready.append(made)
            self._changed.notify_all()
        return True
