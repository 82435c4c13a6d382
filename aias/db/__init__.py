"""The database: where it is, how it comes up, what its schema must be."""

from aias.db.backup import Dumped, Restored, dump, restore
from aias.db.base_backup import BaseBackup, Recovered, back_up_base, recover
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
    "BaseBackup",
    "CancellablePool",
    "CatalogObject",
    "Difference",
    "Dumped",
    "Embedded",
    "EmbeddedStatus",
    "FileStatus",
    "Gathered",
    "Pool",
    "Recovered",
    "Restored",
    "Sources",
    "back_up_base",
    "check",
    "configure_connection",
    "connection_options",
    "database_url",
    "dump",
    "expected_catalog",
    "is_open",
    "loads",
    "migrate",
    "open_pool",
    "read_catalog",
    "read_sources",
    "recover",
    "render",
    "restore",
    "scratch_database",
    "status",
    "without_password",
]
