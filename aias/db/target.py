"""Which database is meant: ``DATABASE_URL``, else the PG* variables, else the embedded server."""

from __future__ import annotations

import psycopg
from psycopg.conninfo import conninfo_to_dict

from aias.db.embedded import Embedded
from aias.errors import ConfigurationError, DatabaseError
from aias.settings import Settings

__all__ = ["database_url", "without_password"]


def database_url(settings: Settings, *, start: bool = True) -> str:
    """Give the connection string; with ``start`` the embedded server is made to run if it is the one meant.

    With PG* variables and no ``DATABASE_URL`` it is empty: libpq reads them itself, ``.pgpass`` and services included.

    Raises:
        ConfigurationError: ``DATABASE_URL`` can't be parsed.
        DatabaseError: the embedded server does not start.
    """
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        try:
            conninfo_to_dict(url)
        except psycopg.ProgrammingError:
            raise ConfigurationError("bad settings:\n  DATABASE_URL: is not a connection string") from None
        return url
    if settings.libpq_names_a_server:
        return ""
    embedded = Embedded(settings.home)
    if start:
        return embedded.start()
    if not embedded.status().running:
        raise DatabaseError("the embedded PostgreSQL is not running: `aias db start`")
    return embedded.url


def without_password(url: str) -> str:
    """Give a connection string that is fit for eyes: the same server, no password."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return "(not a connection string)"
    secret = {"password", "sslpassword", "passfile"}
    return " ".join(f"{key}={value}" for key, value in parts.items() if key not in secret and value is not None)
