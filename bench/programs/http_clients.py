"""Clients of an HTTP server on loopback, light enough not to be what is measured; each keeps its connection.

The first line of stdin says what to do::

    {"port": 8400, "clients": 50, "seconds": 10, "headers": {...}, "calls": [[path, token], ...], "follow": 3}
    {"port": 8400, "clients": 50, "seconds": 10, "hook": "/hooks/...", "secret": "whsec_...", "body": "..."}

The first asks for the paths at random, and for up to ``follow`` pages after each by its Link header. The second posts
the body as Standard Webhooks, each time with another id. Says ``ready`` once every client has had an answer, waits for
a line, and then says how it was: seconds, and for every answer its status and its milliseconds.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

_NEXT = re.compile(rb'\r\nlink: <([^>]*)>; rel="next"', re.IGNORECASE)
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


class Client:
    """One connection, and what it asks for next."""

    def __init__(self, plan: dict[str, Any], number: int) -> None:
        self._plan = plan
        self._number = number
        self._count = 0
        self._head = "".join(f"{name}: {value}\r\n" for name, value in plan.get("headers", {}).items())
        self._random = random.Random(number)  # noqa: S311 (which page comes next is no secret)
        self._link: bytes | None = None
        self.milliseconds: list[float] = []
        self.statuses: Counter[int] = Counter()

    async def open(self) -> None:
        """Connect, and have one answer: what is done once per connection is over."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._plan["port"])
        self._requests = self._posts() if "hook" in self._plan else self._gets()
        await self._ask()

    async def run(self, until: float) -> None:
        """Ask until that time (monotonic); what was asked by then is waited for."""
        while (began := time.monotonic()) < until:
            self.statuses[await self._ask()] += 1
            self.milliseconds.append((time.monotonic() - began) * 1000)

    async def _ask(self) -> int:
        self._writer.write(next(self._requests))
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if length is not None:
            await self._reader.readexactly(int(length[1]))
        found = _NEXT.search(head)
        self._link = found[1] if found else None
        return int(head[9:12])

    def _gets(self) -> Iterator[bytes]:
        while True:
            path, token = self._random.choice(self._plan["calls"])
            for _ in range(1 + self._plan.get("follow", 0)):
                yield (
                    f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {token}\r\n{self._head}\r\n"
                ).encode()
                if self._link is None:
                    break
                path = self._link.decode()

    def _posts(self) -> Iterator[bytes]:
        key = base64.b64decode(self._plan["secret"].removeprefix("whsec_"))
        body = self._plan["body"].encode()
        while True:
            self._count += 1
            name, at = f"{self._number}-{self._count}", int(time.time())
            signature = base64.b64encode(
                hmac.new(key, f"{name}.{at}.".encode() + body, hashlib.sha256).digest()
            ).decode()
            yield (
                f"POST {self._plan['hook']} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
                f"content-length: {len(body)}\r\nwebhook-id: {name}\r\nwebhook-timestamp: {at}\r\n"
                f"webhook-signature: v1,{signature}\r\n{self._head}\r\n"
            ).encode() + body


async def _main() -> None:
    plan = json.loads(await asyncio.to_thread(sys.stdin.readline))
    clients = [Client(plan, number) for number in range(plan["clients"])]
    await asyncio.gather(*(client.open() for client in clients))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    began = time.monotonic()
    await asyncio.gather(*(client.run(began + plan["seconds"]) for client in clients))
    seconds = time.monotonic() - began
    statuses = sum((client.statuses for client in clients), Counter[int]())
    milliseconds = [round(one, 3) for client in clients for one in client.milliseconds]
    print(json.dumps({"seconds": seconds, "statuses": statuses, "milliseconds": milliseconds}), flush=True)


asyncio.run(_main())
