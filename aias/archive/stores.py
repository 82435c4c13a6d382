"""Where archives lie: a directory or an S3-compatible bucket, named by ``AIAS_ARCHIVE_URL``.

Both through pyarrow's file systems; credentials of S3 come from where AWS's own tools have
them (AWS_ACCESS_KEY_ID, ...).
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from aias.archive.rows import arrow
from aias.errors import ConfigurationError
from aias.settings import Settings, get_settings

__all__ = ["PARTIAL", "Place", "archive_root", "place_of"]

PARTIAL = ".partial"
"""What a file is called after its name while it is not complete."""

_CHUNK = 1_000_000
_CONNECT_TIMEOUT = 10
_REQUEST_TIMEOUT = 60


def archive_root() -> str:
    """Give the URL that archives are written under.

    Raises:
        ConfigurationError: AIAS_ARCHIVE_URL is not set and the database is not the embedded one: a folder of whichever
            machine a worker runs on is no place for the only copy of anything.
    """
    settings = get_settings()
    if settings.archive_url is not None:
        return settings.archive_url.rstrip("/")
    if settings.database_url is None and not settings.libpq_names_a_server:
        return (settings.home / "archive").as_uri()
    raise ConfigurationError("AIAS_ARCHIVE_URL is not set: file:///folder or s3://bucket/prefix")


class Place:
    """A file's place; all methods block, and none needs more memory than a chunk or a row group."""

    def __init__(self, system: Any, path: str, *, is_local: bool) -> None:
        self._system = system
        self._path = path
        self._is_local = is_local

    def begin(self, *, suffix: str = "") -> Any:
        """Open a file under its temporary name for writing; what lies there from an interrupted run is written over.

        Raises:
            OSError: it can't be written.
        """
        path = self._path + suffix
        if self._is_local:
            self._system.create_dir(str(Path(path).parent), recursive=True)
        return self._system.open_output_stream(path + PARTIAL)

    def finish(self, stream: Any, *, suffix: str = "") -> None:
        """Put what was written in its place, at once: nobody finds half of it there.

        Raises:
            OSError: it can't be written; what lay there before still does.
        """
        path = self._path + suffix
        stream.close()
        self._sync(path + PARTIAL)
        self._system.move(path + PARTIAL, path)
        self._sync(str(Path(path).parent))

    def write(self, content: bytes, *, suffix: str = "") -> None:
        """Write a small file beside it, whole or not at all.

        Raises:
            OSError: it can't be written.
        """
        stream = self.begin(suffix=suffix)
        try:
            stream.write(content)
        finally:
            stream.close()
        self.finish(stream, suffix=suffix)

    def open(self) -> Any:
        """Open it for reading, anywhere in it.

        Raises:
            OSError: it is not there, or can't be read.
        """
        return self._system.open_input_file(self._path)

    def sha256(self) -> tuple[str, int]:
        """Give the file's SHA-256 and how many bytes it has, read from where it lies.

        Raises:
            OSError: it is not there, or can't be read.
        """
        digest, size = hashlib.sha256(), 0
        with self._system.open_input_stream(self._path) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
        return digest.hexdigest(), size

    def _sync(self, path: str) -> None:
        """Have a file or folder on the disk itself: its rows are about to be dropped. A bucket has seen to it."""
        if not self._is_local:
            return
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def place_of(location: str) -> Place:
    """Give the place that a URL names.

    Raises:
        ConfigurationError: it is neither file:// nor s3://, or pyarrow is missing.
    """
    fs = arrow("pyarrow.fs")
    parts = urlsplit(location)
    if parts.scheme == "file":
        return Place(fs.LocalFileSystem(), unquote(parts.path), is_local=True)
    if parts.scheme == "s3":
        return Place(_s3(fs, get_settings()), parts.netloc + unquote(parts.path), is_local=False)
    raise ConfigurationError(f"AIAS_ARCHIVE_URL: {location} is neither file:/// nor s3://")


def _s3(fs: Any, settings: Settings) -> Any:
    endpoint = urlsplit(settings.archive_s3_endpoint or "")
    return fs.S3FileSystem(
        region=settings.archive_s3_region,
        connect_timeout=_CONNECT_TIMEOUT,
        request_timeout=_REQUEST_TIMEOUT,
        **({"endpoint_override": endpoint.netloc, "scheme": endpoint.scheme} if endpoint.netloc else {}),
    )
