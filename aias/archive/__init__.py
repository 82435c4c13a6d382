"""The archive: what retention drops, in Parquet files that are verified first and can be brought back."""

from aias.archive.archiving import archive_partition, verify_archive
from aias.archive.models import Archive, Archived, Column, Restored, State
from aias.archive.queries import find_archive, find_archives, unload_archive
from aias.archive.restoring import restore_archive

__all__ = [
    "Archive",
    "Archived",
    "Column",
    "Restored",
    "State",
    "archive_partition",
    "find_archive",
    "find_archives",
    "restore_archive",
    "unload_archive",
    "verify_archive",
]
