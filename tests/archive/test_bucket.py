"""The archive in a bucket of an S3-compatible server."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import psycopg
import pytest
from pyarrow import fs

from aias.archive import archive_partition, restore_archive, verify_archive
from aias.archive.stores import place_of
from aias.db import Pool
from tests.archive.conftest import PARTITION, TABLE, rows

Connection = psycopg.AsyncConnection[Any]

BUCKET = "cold-storage"


@pytest.fixture
def bucket(unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a server with one bucket, which the settings name."""
    url = f"http://127.0.0.1:{unused_tcp_port}"
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(unused_tcp_port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while True:
            try:
                assert httpx.put(f"{url}/{BUCKET}", timeout=10).status_code == 200
                break
            except httpx.TransportError:
                assert server.poll() is None
                assert time.monotonic() < until, "the server does not come up"
                time.sleep(0.05)
        monkeypatch.setenv("AIAS_ARCHIVE_URL", f"s3://{BUCKET}/aias/prod")
        monkeypatch.setenv("AIAS_ARCHIVE_S3_ENDPOINT", url)
        monkeypatch.setenv("AIAS_ARCHIVE_S3_REGION", "us-east-1")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)


async def test_a_partition_is_archived_in_a_bucket_and_comes_back_from_there(
    samples: Connection, pool: Pool, bucket: str
) -> None:
    before = await rows(samples, "aias_private")
    archived = await archive_partition(pool, TABLE, PARTITION)
    assert archived.location == f"s3://{BUCKET}/aias/prod/{TABLE}/{PARTITION}.parquet"
    place = place_of(archived.location)
    found = place._system.get_file_info(fs.FileSelector(BUCKET, recursive=True))
    # nothing lies there under a temporary name
    assert [file.path for file in found if file.is_file] == [
        f"{BUCKET}/aias/prod/{TABLE}/{PARTITION}.parquet",
        f"{BUCKET}/aias/prod/{TABLE}/{PARTITION}.parquet.json",
    ]
    manifest = json.loads(place_of(f"{archived.location}.json").open().read())
    assert (manifest["rows"], manifest["sha256"]) == (2503, archived.sha256)
    await samples.execute("drop table aias_private.samples_2026_01")
    await restore_archive(samples, archived.id)
    assert await rows(samples, "aias_archive") == before
    place._system.delete_file(f"{BUCKET}/aias/prod/{TABLE}/{PARTITION}.parquet")
    with pytest.raises(FileNotFoundError):
        await verify_archive(samples, archived.id)


async def test_a_server_that_is_away_is_an_error_and_nothing_counts_as_archived(
    samples: Connection, pool: Pool, monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    monkeypatch.setenv("AIAS_ARCHIVE_URL", f"s3://{BUCKET}/aias")
    monkeypatch.setenv("AIAS_ARCHIVE_S3_ENDPOINT", f"http://127.0.0.1:{unused_tcp_port}")
    monkeypatch.setenv("AIAS_ARCHIVE_S3_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with pytest.raises(OSError, match=r"(?i)connect|curl"):
        await archive_partition(pool, TABLE, PARTITION)
    cursor = await samples.execute("select state from aias.archives")
    assert await cursor.fetchall() == [("writing",)]
