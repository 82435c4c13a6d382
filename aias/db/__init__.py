"""The database: where it is, how it comes up, what its schema must be."""

from aias.db.embedded import Embedded, EmbeddedStatus
from aias.db.json import loads
from aias.db.migrations import Applied, FileStatus, migrate, status
from aias.db.pool import Pool, open_pool
from aias.db.sources import Sources, read_sources
from aias.db.target import database_url, without_password

__all__ = [
    "Applied",
    "Embedded",
    "EmbeddedStatus",
    "FileStatus",
    "Pool",
    "Sources",
    "database_url",
    "loads",
    "migrate",
    "open_pool",
    "read_sources",
    "status",
    "without_password",
]
