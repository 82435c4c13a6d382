"""Events taken in, each once, beside a bare COPY of the same rows; on an empty table and on one that is full."""

from __future__ import annotations

import asyncio
import itertools
import time
import uuid
from collections.abc import Iterator, Sequence
from functools import partial

import psycopg
from psycopg_pool import AsyncConnectionPool

from aias import __version__
from aias.ids import uuid7
from aias.telemetry import GoodEvent, Ingest, Taken
from bench.aias_sql import TENANTS, tenant_name
from bench.contenders import Aias, Site
from bench.contenders.base import Tools
from bench.errors import WrongCount
from bench.field import Field
from bench.model import Aim, Comparison, Key, Plan, Trial, Values

__all__ = ["telemetry"]

_CALL = 500
"""Events of a call."""
_AT_ONCE = 200
"""Calls that wait for their answers at a time."""
_BATCH = 50_000
_BARE = "bare-copy"
_KINDS = ("UUIDv7", "UUIDv4")

_SETTINGS = {"version": __version__, "tenants": TENANTS, "connections": "1 for the bare COPY, 2 for aias"}

# half of the ids are of the week before, in the order of time, half are random
_FILL = """
    select aias_private.merge_telemetry(
        (
            select
                array_agg(
                    row(
                        0,
                        n,
                        t.id,
                        case
                            when n %% 2 = 0
                                then
                                    overlay(
                                        overlay(
                                            aias_private.uuid7_floor(
                                                now() - interval '6 days'
                                                + n * interval '6 days' / %(all)s::integer
                                            )::text
                                            placing '7' from 15
                                        )
                                        placing right(gen_random_uuid()::text, 17) from 20
                                    )
                            else gen_random_uuid()::text
                        end,
                        'page_viewed',
                        'user-' || n %% 10000,
                        'session-' || n %% 100000,
                        null,
                        jsonb_build_object('page', '/orders/' || n, 'ms', n %% 500, 'plan', 'pro'),
                        null,
                        null
                    )::aias_private.telemetry_event
                )
            from generate_series(%(first)s::integer, %(last)s::integer) as n
            inner join aias_private.tenants as t on t.slug = 'bench-' || n %% %(tenants)s::integer
        )
    )
"""
_BARE_TABLE = """
    create table public.bare (
        like aias_private.telemetry_events including constraints,
        primary key (tenant_id, id)
    )
"""


class Filled(Aias):
    """AIAS with events that were stored before, in a template of its own: filled once, copied for every round."""

    def __init__(self, tools: Tools, stored: int) -> None:
        super().__init__(tools)
        self.stored = stored
        self.template = f"aias_telemetry_{stored}"

    def make(self, url: str) -> None:
        """Migrate and fill, by the function that the HTTP server calls."""
        super().make(url)
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute("update aias_private.plans set telemetry_events_per_minute = 2000000000")
            for first in range(0, self.stored, _BATCH):
                last = min(first + _BATCH, self.stored) - 1
                conn.execute(_FILL, {"first": first, "last": last, "all": self.stored, "tenants": TENANTS})
            conn.execute("vacuum (analyze)")


def telemetry(field: Field) -> Plan:
    """The rates on an empty table and on 5,000,000 events, and 20,000 duplicates among 100,000 events."""
    scaled = field.sizes.scaled
    count = scaled(300_000, 2_000)
    cases = {"empty": 0, "full": scaled(5_000_000, 2_000)}
    trials: list[Trial] = []
    for case, stored in cases.items():
        contender = Filled(field.tools, stored)
        settings = {**_SETTINGS, "events": count, "events of a call": _CALL, "calls at once": _AT_ONCE}
        trials.append(
            Trial(f"aias, {case}", {**settings, "stored before": stored}, partial(_rates, contender, case, count))
        )
    some = scaled(100_000, 1_000)
    known = Filled(field.tools, cases["full"])
    trials.append(
        Trial("aias, duplicates", {**_SETTINGS, "events": some, "duplicates": some // 5}, partial(_known, known, some))
    )
    comparisons = [
        Comparison(_key(kind, case), Key("telemetry", _BARE, case=case), Aim(at_least=0.4))
        for case in cases
        for kind in _KINDS
    ]
    comparisons += [Comparison(_key(kind, "full"), _key(kind, "empty"), Aim(at_least=0.8)) for kind in _KINDS]
    found = Key("telemetry-duplicates", known.name)
    return Plan("telemetry", trials, comparisons, {found: Aim(at_least=some // 5, at_most=some // 5)})


def _key(kind: str, case: str) -> Key:
    return Key("telemetry", Aias.name, case=f"{kind}, {case}")


def _rates(contender: Filled, case: str, count: int) -> Values:
    with contender.site() as site:
        contender.settle(site)
        tenants = _tenants(site)
        values = {Key("telemetry", _BARE, case=case): count / _copy(site, tenants, count)}
        for kind in _KINDS:
            site.db.execute("checkpoint")
            events = [_event(kind, n) for n in range(count)]
            seconds, taken = asyncio.run(_take(site.url, tenants, events))
            if taken != Taken(accepted=count, duplicates=0):
                raise WrongCount(f"{count} new events were sent; told: {taken}")
            values[_key(kind, case)] = count / seconds
        _check(site, contender.stored + len(_KINDS) * count)
    return values


def _known(contender: Filled, count: int) -> Values:
    """Send events of which a fifth repeat others of them, at another time: nearby, far away and in the same call."""
    with contender.site() as site:
        contender.settle(site)
        fresh = [_event(_KINDS[n % 2], n) for n in range(count - count // 5)]
        again = [event._replace(occurred_at="2026-01-01T00:00:00Z", name="again") for event in fresh[: count // 5]]
        events = [*fresh[:10], *again[:10], *fresh[10:], *again[10:]]
        _, taken = asyncio.run(_take(site.url, _tenants(site)[:1], events))
        if taken != Taken(accepted=len(fresh), duplicates=len(again)):
            raise WrongCount(f"{len(again)} of {count} events were duplicates; told: {taken}")
        _check(site, contender.stored + len(fresh))
    return {Key("telemetry-duplicates", contender.name): float(taken.duplicates)}


async def _take(url: str, tenants: Sequence[uuid.UUID], events: Sequence[GoodEvent]) -> tuple[float, Taken]:
    """Send events by the HTTP server's own ingestion, each call as a client would who waits for its answer."""
    async with AsyncConnectionPool(url, min_size=3, max_size=3, kwargs={"autocommit": True}) as pool:
        await pool.wait()
        ingest = Ingest(pool.connection, most_waiting=1_000_000_000)
        calls = zip(itertools.cycle(tenants), _calls(events), strict=False)
        answers: list[Taken] = []

        async def client() -> None:
            for tenant, call in calls:
                answers.append(await ingest.take(tenant, call))

        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for _ in range(_AT_ONCE):
                group.create_task(client())
        seconds = time.monotonic() - began
    return seconds, Taken(
        accepted=sum(answer.accepted for answer in answers), duplicates=sum(answer.duplicates for answer in answers)
    )


def _calls(events: Sequence[GoodEvent]) -> Iterator[Sequence[GoodEvent]]:
    return (events[first : first + _CALL] for first in range(0, len(events), _CALL))


def _copy(site: Site, tenants: Sequence[uuid.UUID], count: int) -> float:
    """Give the seconds that one COPY takes into a table of the same columns, checks and key, and nothing else."""
    site.db.execute(_BARE_TABLE)
    now = "2026-01-01T00:00:00Z"
    lines = [
        "\t".join(
            [
                str(tenants[n // _CALL % len(tenants)]),
                str(uuid7()),
                *_texts(_event("UUIDv7", n)._replace(occurred_at=now), now),
            ]
        )
        + "\n"
        for n in range(count)
    ]
    chunks = ["".join(lines[first : first + 500]).encode() for first in range(0, count, 500)]
    site.db.execute("checkpoint")
    began = time.monotonic()
    with site.db.cursor() as cursor, cursor.copy("copy public.bare from stdin") as copy:
        for chunk in chunks:
            copy.write(chunk)
    return time.monotonic() - began


def _texts(event: GoodEvent, received: str) -> list[str]:
    texts = ["\\N" if text is None else text for text in event]
    return [*texts[:5], received, *texts[5:]]


def _event(kind: str, n: int) -> GoodEvent:
    return GoodEvent(
        event_id=str(uuid7()) if kind == "UUIDv7" else str(uuid.uuid4()),
        name="page_viewed",
        user_id=f"user-{n % 10_000}",
        session_id=f"session-{n % 100_000}",
        occurred_at=None,
        properties=f'{{"page": "/orders/{n}", "ms": {n % 500}, "plan": "pro"}}',
        correlation_id=None,
        trace_id=None,
    )


def _tenants(site: Site) -> list[uuid.UUID]:
    rows = site.db.execute(
        "select id from aias.tenants where slug = any(%s) order by slug", ([tenant_name(n) for n in range(TENANTS)],)
    ).fetchall()
    return [row[0] for row in rows]


def _check(site: Site, expected: int) -> None:
    row = site.db.execute(
        "select (select count(*) from aias_private.telemetry_events), sum(d.event_count)::bigint"
        " from aias.telemetry_daily as d"
    ).fetchone()
    if row != (expected, expected):
        raise WrongCount(f"{expected} events were accepted; stored and counted: {row}")
