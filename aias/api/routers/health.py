"""``/livez``, ``/readyz``, ``/health``: whether the process lives, wants work, and has what it needs. Without a key.

``/v1/health`` and ``/v1/orphans`` show operators what is behind it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

import psycopg
from fastapi import APIRouter
from psycopg import AsyncConnection
from psycopg.rows import scalar_row
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from aias.api.caller import Caller, needs
from aias.api.models.health import HealthShown, OrphansShown
from aias.api.problems import HttpProblem
from aias.api.routing import Route, resource
from aias.api.services import Services, services_of
from aias.db import status
from aias.errors import AiasError
from aias.health import find_orphans, get_health, list_health, look_at_health

__all__ = ["checks", "orphans", "router"]

router = APIRouter(tags=["health"], route_class=Route)
checks = resource("health")
orphans = resource("orphans", tags=["health"])

_PATIENCE = 3.0
_SCHEMA_IS_GOOD_FOR = 300.0


class Check(BaseModel):
    """One thing that was looked at."""

    name: str = Field(description="What was looked at.")
    status: Literal["ok", "failing"] = Field(description="How it is.")
    matters: bool = Field(description="Whether the server is of no use without it.")
    latency_ms: float = Field(description="How long looking took, in milliseconds.")
    detail: str | None = Field(description="What is wrong.")
    checked_at: datetime | None = Field(
        default=None, description="When a worker looked, at the check's cadence; null for what was looked at just now."
    )


class Health(BaseModel):
    """How the server is."""

    status: Literal["ok", "degraded", "failing"] = Field(
        description="failing when something that matters does, degraded when anything does."
    )
    checks: list[Check] = Field(description="What was looked at.")


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok", "draining", "unready"] = Field(description="ok, or why no more work is wanted.")


@router.get("/livez", summary="Whether the process lives")
async def livez() -> Alive:
    """Answer, whatever else is wrong: a process that does not must be started again."""
    return Alive(status="ok")


@router.get(
    "/readyz", summary="Whether the server wants requests", response_model=Alive, responses={503: {"model": Alive}}
)
async def readyz(request: Request) -> Response:
    """Answer 200 while the database and its schema are there; 503 also from the first moment of shutting down."""
    services = services_of(request)
    if services.is_draining:
        return JSONResponse({"status": "draining"}, HTTPStatus.SERVICE_UNAVAILABLE)
    checks = [await _checked(services, name, matters, look) for name, matters, look in _CHECKS[:2]]
    if any(check.status == "failing" for check in checks):
        return JSONResponse({"status": "unready"}, HTTPStatus.SERVICE_UNAVAILABLE)
    return JSONResponse({"status": "ok"})


@router.get(
    "/health",
    summary="How everything is that the server needs",
    response_model=Health,
    responses={503: {"model": Health}},
)
async def health(request: Request) -> Response:
    """Look at each thing and say how it is and how long looking took; 503 when one that matters fails.

    What takes longer to look at is told as the workers found it last.
    """
    services = services_of(request)
    checks = [await _checked(services, name, matters, look) for name, matters, look in _CHECKS]
    checks += await _kept(services)
    failing = [check for check in checks if check.status == "failing"]
    is_failing = any(check.matters for check in failing)
    found = Health(status="failing" if is_failing else "degraded" if failing else "ok", checks=checks)
    return JSONResponse(found.model_dump(mode="json"), HTTPStatus.SERVICE_UNAVAILABLE if is_failing else HTTPStatus.OK)


Look = Callable[[Services, AsyncConnection[Any]], Awaitable[str | None]]


async def _checked(services: Services, name: str, matters: bool, look: Look) -> Check:  # noqa: FBT001 (a row of _CHECKS)
    started = time.monotonic()
    detail: str | None
    try:
        async with asyncio.timeout(_PATIENCE), services.database.connection() as conn:
            detail = await look(services, conn)
    except (psycopg.Error, AiasError, TimeoutError) as error:
        # who asks is not known: what PostgreSQL says goes to the log only
        detail = "the database can't be reached" if not isinstance(error, TimeoutError) else "no answer in time"
    return Check(
        name=name,
        status="ok" if detail is None else "failing",
        matters=matters,
        latency_ms=round((time.monotonic() - started) * 1000, 2),
        detail=detail,
    )


async def _kept(services: Services) -> list[Check]:
    """Give what the workers have found; nothing while the database is away, which is told by itself."""
    try:
        async with asyncio.timeout(_PATIENCE), services.database.connection() as conn:
            found = await list_health(conn)
    except (psycopg.Error, AiasError, TimeoutError):
        return []
    return [
        Check(
            name=one.name,
            status="ok" if one.status == "ok" else "failing",
            matters=one.is_vital,
            latency_ms=round(one.latency_ms or 0.0, 2),
            # who asks is not known: what the problems are is for operators
            detail=f"{one.problem_count} problems: aias health names them" if one.problem_count else None,
            checked_at=one.checked_at,
        )
        for one in found
        # of the servers this one has just been asked itself
        if one.status != "unknown" and one.name != "api"
    ]


async def _database(services: Services, conn: AsyncConnection[Any]) -> str | None:
    del services
    await conn.execute("select 1")
    return None


async def _schema(services: Services, conn: AsyncConnection[Any]) -> str | None:
    del conn
    if time.monotonic() < services.schema_is_good_until:
        return None
    pending = [file for file in await asyncio.to_thread(status, services.database.url) if file.state == "pending"]
    if pending:
        return f"{len(pending)} files of the schema are not applied: aias db migrate"
    services.schema_is_good_until = time.monotonic() + _SCHEMA_IS_GOOD_FOR
    return None


async def _workers(services: Services, conn: AsyncConnection[Any]) -> str | None:
    del services
    async with conn.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute("select exists (select from aias.workers where status = 'running')")
        return None if await cursor.fetchone() else "no worker runs"


_CHECKS: list[tuple[str, bool, Look]] = [
    ("database", True, _database),
    ("schema", True, _schema),
    ("workers", False, _workers),
]


@checks.get("", summary="See the checks")
async def get_checks(caller: Annotated[Caller, needs("health:read")]) -> HealthShown:
    """Each with what a worker found last, those that fail first: for operators."""
    _only_operators(caller)
    return HealthShown.model_validate({"items": await list_health(caller.conn)})


@checks.post("/{check}/look", summary="Make a check now")
async def look_at_check(caller: Annotated[Caller, needs("health:write")], check: str) -> HealthShown:
    """Look now and keep what is found; for operators. What workers ask (api, optimization) is refused."""
    _only_operators(caller)
    await look_at_health(caller.conn, check)
    return HealthShown.model_validate({"items": [await get_health(caller.conn, check)]})


@orphans.get("", summary="Find orphans")
async def get_orphans(caller: Annotated[Caller, needs("orphans:read")]) -> OrphansShown:
    """What is left over where no key holds it, per kind with samples: for operators."""
    _only_operators(caller)
    return OrphansShown.model_validate({"items": await find_orphans(caller.conn)})


@orphans.post("/repair", summary="Repair orphans")
async def repair_orphans(caller: Annotated[Caller, needs("orphans:write")]) -> OrphansShown:
    """Repair the kinds whose policy is repair, and give what was found: for operators."""
    _only_operators(caller)
    return OrphansShown.model_validate({"items": await find_orphans(caller.conn, repair=True)})


def _only_operators(caller: Caller) -> None:
    if caller.identity.tenant_id is not None:
        raise HttpProblem(HTTPStatus.FORBIDDEN, "forbidden", "the health of the system is for operators to see")
