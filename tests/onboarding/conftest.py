"""The post: a mail server, a channel to it, and a database of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest

from aias.db import Pool
from tests.onboarding.post import ADDRESS, Post, mail_server


@pytest.fixture
async def post(conn: psycopg.AsyncConnection[Any], pool: Pool, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Post]:
    monkeypatch.setenv("AIAS_MASTER_KEY", "11" * 32)
    monkeypatch.setenv("AIAS_EGRESS_ALLOW", "127.0.0.1")
    monkeypatch.setenv("AIAS_DASHBOARD_URL", ADDRESS)
    async with mail_server() as server:
        yield await Post(conn=conn, pool=pool, server=server).open()
