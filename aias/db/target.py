"""Which database is meant: ``DATABASE_URL``, else the PG* variables, else the embedded server."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict

from aias.db.embedded import Embedded
from aias.errors import ConfigurationError, DatabaseError
from aias.settings import Settings

__all__ = ["database_url", "password_of", "without_password"]

_SECRET = frozenset({"password", "sslpassword", "passfile"})


def database_url(settings: Settings, *, start: bool = True) -> str:
    """Give the connection string; with ``start`` the embedded server is made to run if it is the one meant.

    With PG* variables and no ``DATABASE_URL`` it is empty: libpq reads them itself, ``.pgpass`` and services included.

    Raises:
        ConfigurationError: ``DATABASE_URL`` can't be parsed.
        DatabaseError: the embedded server does not start.
    """
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        _parts(url)  # a malformed one is told here, in our words and without its password
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
    """Give a connection string that is fit for eyes and for process lists: the same server, no secrets.

    Always a URL, so that any tool takes it; with an empty string (PG* variables) an empty one.
    """
    parts = _parts(url)
    if not parts:
        return ""
    named = {key: str(value) for key, value in parts.items() if value is not None and key not in _SECRET}
    user, database = named.pop("user", ""), named.pop("dbname", "")
    host, port = named.get("host", ""), named.get("port", "")
    place = ""
    if host and not host.startswith("/") and "," not in host + port:
        place = f"[{host}]" if ":" in host else host
        place += f":{port}" if port else ""
        del named["host"]
        named.pop("port", None)
    account = f"{quote(user, safe='')}@" if user else ""
    options = f"?{urlencode(named, quote_via=quote, safe='')}" if named else ""
    return f"postgresql://{account}{place}/{quote(database, safe='')}{options}"


def password_of(url: str) -> str | None:
    """Give the password in a connection string; None where it has none."""
    password = _parts(url).get("password")
    return None if password is None else str(password)


def _parts(url: str) -> dict[str, Any]:
    try:
        return conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise ConfigurationError("DATABASE_URL is not a connection string") from None
