"""The database: where it is, how it comes up, what its schema must be."""

from aias.db.catalog import CatalogObject, read_catalog, render
from aias.db.drift import Difference, check, expected_catalog, scratch_database
from aias.db.embedded import Embedded, EmbeddedStatus
from aias.db.gathered import Gathered
from aias.db.json import loads
from aias.db.migrations import Applied, FileStatus, migrate, status
from aias.db.pool import CancellablePool, Pool, configure_connection, connection_options, is_open, open_pool
from aias.db.sources import Sources, read_sources
from aias.db.target import database_url, without_password

__all__ = [
    "Applied",
    "CancellablePool",
    "CatalogObject",
    "Difference",
    "Embedded",
    "EmbeddedStatus",
    "FileStatus",
    "Gathered",
    "Pool",
    "Sources",
    "check",
    "configure_connection",
    "connection_options",
    "database_url",
    "expected_catalog",
    "is_open",
    "loads",
    "migrate",
    "open_pool",
    "read_catalog",
    "read_sources",
    "render",
    "scratch_database",
    "status",
    "without_password",
]
